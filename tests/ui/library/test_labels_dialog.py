from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from desktop_app.ui.library.labels_dialog import AmountsDialog, LabelsDialog


@pytest.fixture
def dialog(qtbot):
    result = LabelsDialog(Path("/m/my model.keras"), 3)
    qtbot.addWidget(result)
    result.show()
    return result


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("", "0 of 3 names."),
        ("cat\ndog", "2 of 3 names."),
        ("cat\ndog\nbird\nfox", "4 of 3 names."),
        ("cat\ndog\ncat", "twice"),
        (f"cat\ndog\n{'x' * 201}", "longer than 200"),
    ],
)
def test_import_stays_off_until_the_names_fit(dialog, text, verdict):
    dialog._names.setPlainText(text)
    assert not dialog._ok.isEnabled()
    assert verdict in dialog._verdict.text()


def test_a_list_that_is_not_complete_yet_is_no_mistake(dialog):
    dialog._names.setPlainText("cat\ndog")
    assert dialog._verdict.property("tone") == "muted"
    dialog._names.setPlainText("cat\ndog\nbird\nfox")
    assert dialog._verdict.property("tone") == "danger"


def test_names_in_order_without_blanks(dialog):
    dialog._names.setPlainText("  cat \n\ndog\nbird\n\n")
    assert dialog._ok.isEnabled()
    assert dialog.labels() == ("cat", "dog", "bird")
    assert dialog._verdict.text() == "All 3 names are there."


def test_numbers_that_count_the_names_are_left_out_and_that_is_said(dialog):
    dialog._names.setPlainText("0 cat\n1 dog\n2 bird\n")
    assert dialog.labels() == ("cat", "dog", "bird")
    assert dialog._ok.isEnabled()
    assert dialog._verdict.text() == "All 3 names are there. Numbers are left out: cat, …"
    dialog._names.setPlainText('{"cat": 0')
    assert not dialog._ok.isEnabled()


def test_a_text_file_fills_the_names_in(dialog, tmp_path):
    file = tmp_path / "labels.txt"
    file.write_bytes("\ufeffcat\r\nd\u00f6g\r\nbird\r\n".encode())
    dialog.load(file)
    assert dialog.labels() == ("cat", "d\u00f6g", "bird")


def test_a_file_that_is_no_text_is_told(dialog, tmp_path):
    file = tmp_path / "labels.txt"
    file.write_bytes(b"\xff\xfe\x00\x81")
    dialog.load(file)
    assert dialog._verdict.text() == "labels.txt is not a text file in UTF-8."
    dialog.load(tmp_path / "missing.txt")
    assert "missing.txt cannot be read" in dialog._verdict.text()


def test_names_beside_the_model_are_proposed(qtbot, tmp_path):
    (tmp_path / "labels.txt").write_text("0 cat\n1 dog\n2 bird\n")
    dialog = LabelsDialog(tmp_path / "model.keras", 3)
    qtbot.addWidget(dialog)
    assert dialog.labels() == ("cat", "dog", "bird")
    assert "labels.txt" in dialog._says.text()
    assert dialog._ok.isEnabled()


def test_names_beside_the_model_that_do_not_fit_are_not_used(qtbot, tmp_path):
    (tmp_path / "labels.txt").write_text("cat\ndog\n")
    dialog = LabelsDialog(tmp_path / "model.keras", 3)
    qtbot.addWidget(dialog)
    assert dialog.labels() == ()
    assert not dialog._ok.isEnabled()


def test_labels_and_a_single_one_are_called_so(qtbot):
    for outputs, words in ((3, "has 3 labels"), (1, "has 1 label")):
        dialog = LabelsDialog(Path("/m/my model.keras"), outputs, None, "multi-label")
        qtbot.addWidget(dialog)
        assert any(words in each.text() for each in dialog.findChildren(QLabel))


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("price, EUR", "1 of 2 names."),
        (", EUR\nage", "no name before it"),
        (f"price, {'x' * 41}\nage", "A unit is longer than 40"),
        ("price\nprice, EUR", "twice"),
    ],
)
def test_amounts_must_fit_too(qtbot, text, verdict):
    dialog = AmountsDialog(Path("/m/my model.keras"), 2)
    qtbot.addWidget(dialog)
    dialog._names.setPlainText(text)
    assert not dialog._ok.isEnabled()
    assert verdict in dialog._verdict.text()


def test_names_of_amounts_may_be_numbers(qtbot):
    dialog = AmountsDialog(Path("/m/my model.keras"), 2)
    qtbot.addWidget(dialog)
    dialog._names.setPlainText("0 left, px\n1 right, px")
    assert dialog.labels() == ("0 left", "1 right")
    assert dialog.units() == ("px", "px")
