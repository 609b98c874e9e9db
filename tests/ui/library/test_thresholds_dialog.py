from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog

from desktop_app.core.library.installed_model import InstalledModel
from desktop_app.ui.library.thresholds_dialog import ThresholdsDialog, change_thresholds
from tests.meanings import LABELS, card_of
from tests.ui.fakes import FakeLibrary


@pytest.fixture
def dialog(qtbot):
    result = ThresholdsDialog(card_of(LABELS))
    qtbot.addWidget(result)
    result.show()
    return result


def test_slider_and_number_say_the_same_and_change_one_label(dialog):
    assert not dialog._ok.isEnabled()
    dialog.set_threshold(1, 0.4)
    assert dialog.thresholds() == (0.5, 0.4, 0.5)
    assert dialog._rows[1].number.value() == 40
    dialog._rows[2].number.setValue(12.5)
    assert dialog._rows[2].slider.value() == 125
    assert dialog.thresholds() == (0.5, 0.4, 0.125)
    assert dialog._ok.isEnabled()


def test_all_labels_at_once(dialog):
    dialog.set_threshold(None, 0.3)
    assert dialog.thresholds() == (0.3, 0.3, 0.3)
    assert [row.number.value() for row in dialog._rows] == [30, 30, 30]


def test_what_is_as_before_is_not_saved(dialog):
    dialog.set_threshold(0, 0.6)
    dialog.set_threshold(0, 0.5)
    assert not dialog._ok.isEnabled()


@pytest.mark.parametrize("answer", [True, False])
def test_the_library_gets_them(qapp, qtbot, monkeypatch, answer):
    library = FakeLibrary(InstalledModel("colours", "Colours", card_of(LABELS), Path("/m")))

    def move(dialog):
        dialog.set_threshold(0, 0.2)
        return QDialog.DialogCode.Accepted if answer else QDialog.DialogCode.Rejected

    monkeypatch.setattr(ThresholdsDialog, "exec", move)
    assert change_thresholds(library, "colours", None) is answer
    calls = [call for call in library.calls if call[0] == "set_thresholds"]
    assert calls == [("set_thresholds", "colours", (0.2, 0.9, 0.5))] * answer
