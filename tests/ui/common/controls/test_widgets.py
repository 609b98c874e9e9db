import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.picker import Picker
from desktop_app.ui.common.controls.spinner import Spinner
from desktop_app.ui.common.controls.widgets import label, tooltip


def test_an_elided_label_explains_itself_only_when_it_is_shortened(qtbot):
    shown = ElidedLabel("a fairly long sentence about a picture")
    qtbot.addWidget(shown)
    shown.show()
    shown.resize(shown.sizeHint())
    assert shown.toolTip() == ""
    shown.resize(40, 20)
    assert "a fairly long sentence" in shown.toolTip()
    assert shown.accessibleName() == shown.text()


def test_names_from_outside_are_never_markup(qtbot):
    name = "<img src='file:///no_such_file'>"
    shown = label(name)
    qtbot.addWidget(shown)
    assert shown.textFormat() == Qt.TextFormat.PlainText
    assert "<img" not in tooltip(name)


def test_an_empty_tooltip_stays_empty():
    assert tooltip("") == ""


def test_a_spinner_works_only_while_it_is_seen(qtbot):
    spinner = Spinner(16)
    qtbot.addWidget(spinner)
    assert spinner._timer == 0
    spinner.show()
    qtbot.waitUntil(lambda: spinner._angle > 0)
    spinner.hide()
    assert spinner._timer == 0


def test_the_wheel_does_not_change_a_picker(qtbot):
    picker = Picker("Model")
    qtbot.addWidget(picker)
    picker.addItems(["a", "b"])

    class Wheel:
        ignored = False

        def ignore(self):
            self.ignored = True

    event = Wheel()
    picker.wheelEvent(event)
    assert event.ignored
    assert picker.currentText() == "a"


@pytest.mark.parametrize("wrap", [True, False])
def test_labels_wrap_when_asked(qtbot, wrap):
    made = label("text", wrap=wrap)
    qtbot.addWidget(made)
    assert isinstance(made, QLabel)
    assert made.wordWrap() is wrap
