from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from desktop_app.core.trial.messages import TrialAnswers, TrialInput
from desktop_app.ui.common.files.file_dialog import FileDialog
from desktop_app.ui.library.labels_dialog import AmountsDialog, LabelsDialog
from desktop_app.workers.library.library_worker import LabelsNeeded
from desktop_app.workers.library.trials import TrialPictures


@pytest.fixture
def dialog(qtbot):
    result = LabelsDialog(LabelsNeeded(Path("/m/my model.keras"), 3))
    qtbot.addWidget(result)
    result.show()
    return result


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("", "0 of 3 names: 3 more to go."),
        ("cat\ndog", "2 of 3 names: 1 more to go."),
        ("cat\ndog\nbird\nfox", "4 names for 3 classes: 1 too many."),
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
    dialog = LabelsDialog(LabelsNeeded(tmp_path / "model.keras", 3))
    qtbot.addWidget(dialog)
    assert dialog.labels() == ("cat", "dog", "bird")
    assert "labels.txt" in dialog._says.text()
    assert dialog._ok.isEnabled()


def test_names_beside_the_model_that_do_not_fit_are_not_used(qtbot, tmp_path):
    (tmp_path / "labels.txt").write_text("cat\ndog\n")
    dialog = LabelsDialog(LabelsNeeded(tmp_path / "model.keras", 3))
    qtbot.addWidget(dialog)
    assert dialog.labels() == ()
    assert not dialog._ok.isEnabled()
    assert "labels.txt has 2 names, but the model has 3 classes." in dialog._says.text()


def test_a_file_with_another_number_of_names_is_said_with_both_counts(dialog, tmp_path):
    (tmp_path / "four.csv").write_text("0,a\n1,b\n2,c\n3,d\n")
    dialog.load(tmp_path / "four.csv")
    assert dialog._verdict.text() == "four.csv has 4 names, but the model has 3 classes."
    dialog._names.setPlainText("a\nb")
    assert dialog._verdict.text() == "2 of 3 names: 1 more to go."


TWELVE = [str(number) for number in range(12)]
AS_FOLDERS = ("0", "1", "10", "11", "2", "3", "4", "5", "6", "7", "8", "9")


@pytest.fixture
def twelve(qtbot):
    """`twelve(text)` opens the dialog for 12 classes."""

    def make(text, **more):
        given = TrialInput("unit", "squash", 1.0, "bicubic", (0.3, 0.6, 0.1))
        dialog = LabelsDialog(LabelsNeeded(Path("/m/a.keras"), 12, given=given, **more))
        qtbot.addWidget(dialog)
        dialog.show()
        dialog._names.setPlainText(text)
        return dialog

    return make


@pytest.mark.parametrize(("choice", "names"), [("counted", tuple(TWELVE)), ("sorted", AS_FOLDERS)])
def test_numbers_in_their_order_ask_which_order_the_training_had(twelve, choice, names):
    dialog = twelve("\n".join(TWELVE))
    assert dialog._order.isVisible()
    assert not dialog._ok.isEnabled()
    assert dialog._order.sorted.text() == "As Keras sorts folders: 0, 1, 10, 11, 2, …"
    getattr(dialog._order, choice).click()
    assert dialog._ok.isEnabled()
    assert dialog.labels() == names


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(AS_FOLDERS),
        "\n".join(f"{number} {number}" for number in TWELVE),
        str({str(number): number for number in range(12)}).replace("'", '"'),
        "\n".join(f"name {letter}" for letter in "abcdefghijkl"),
    ],
)
def test_an_order_that_is_certain_is_not_asked_for(twelve, text):
    dialog = twelve(text)
    assert not dialog._order.isVisible()
    assert dialog._ok.isEnabled()


def shown(dialog):
    return [cell.name.text() for cell in dialog._pictures._cells]


def test_pictures_show_which_order_is_right(twelve, monkeypatch):
    dialog = twelve("\n".join(TWELVE), decided=False)
    files = ["/p/2/a.jpg", "/p/10/b.jpg", "/p/0/c.jpg"]
    monkeypatch.setattr(FileDialog, "open_files", lambda *_: (files, ""))
    asked = []
    dialog.trial_requested.connect(asked.append)
    dialog._pictures.button.click()
    assert (asked[0].pictures, asked[0].ways) == (tuple(map(Path, files)), (dialog._pictures._needed.given,))
    picture = np.zeros((9, 9, 3), np.uint8)
    dialog.show_pictures(TrialPictures(tuple((name, picture) for name in "abc")))
    assert shown(dialog) == ["…"] * 3
    dialog.show_answers(TrialAnswers(asked[0].ways[0], ((4, 0.9), (2, 0.8), (0, 0.7))))
    dialog.end_trial()
    assert shown(dialog) == ["4", "2", "0"]
    assert dialog._pictures._state.text().startswith("1 of 3 pictures is named like their folder.") or (
        "1 of 3 pictures" in dialog._pictures._state.text()
    )
    assert "In the other order: 3." in dialog._pictures._state.text()
    assert "likeliest pixel values" in dialog._pictures._state.text()
    dialog._order.sorted.click()
    assert shown(dialog) == ["2", "10", "0"]
    assert "3 of 3 pictures are named" in dialog._pictures._state.text()


def test_a_check_that_fails_says_why(twelve):
    dialog = twelve("")
    dialog.end_trial("b.jpg cannot be read.")
    assert dialog._pictures._state.text() == "b.jpg cannot be read."
    assert dialog._pictures.button.isEnabled()


def test_labels_and_a_single_one_are_called_so(qtbot):
    for outputs, words in ((3, "has 3 labels"), (1, "has 1 label")):
        dialog = LabelsDialog(LabelsNeeded(Path("/m/my model.keras"), outputs, "multi-label"))
        qtbot.addWidget(dialog)
        assert any(words in each.text() for each in dialog.findChildren(QLabel))


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("price, EUR", "1 of 2 names: 1 more to go."),
        (", EUR\nage", "no name before it"),
        (f"price, {'x' * 41}\nage", "A unit is longer than 40"),
        ("price\nprice, EUR", "twice"),
    ],
)
def test_amounts_must_fit_too(qtbot, text, verdict):
    dialog = AmountsDialog(LabelsNeeded(Path("/m/my model.keras"), 2))
    qtbot.addWidget(dialog)
    dialog._names.setPlainText(text)
    assert not dialog._ok.isEnabled()
    assert verdict in dialog._verdict.text()


def test_names_of_amounts_may_be_numbers(qtbot):
    dialog = AmountsDialog(LabelsNeeded(Path("/m/my model.keras"), 2))
    qtbot.addWidget(dialog)
    dialog._names.setPlainText("0 left, px\n1 right, px")
    assert dialog.labels() == ("0 left", "1 right")
    assert dialog.units() == ("px", "px")
