import pytest
from PySide6.QtCore import QMargins, Qt
from PySide6.QtWidgets import QBoxLayout, QLabel, QWidget

from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.picker import Picker
from desktop_app.ui.common.controls.spinner import Spinner
from desktop_app.ui.common.controls.widgets import horizontal, label, tooltip, vertical


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


@pytest.mark.parametrize("make", [vertical, horizontal])
def test_layouts_have_the_space_that_was_asked_for(qtbot, make):
    page = QWidget()
    qtbot.addWidget(page)
    made = make(page, spacing=3, margins=(1, 2, 3, 4))
    assert page.layout() is made
    assert made.spacing() == 3
    assert made.contentsMargins() == QMargins(1, 2, 3, 4)
    inner = make()
    assert inner.contentsMargins() == QMargins()
    assert inner.spacing() == type(inner)().spacing()


def test_layouts_put_their_parts_in_their_direction():
    assert vertical().direction() is QBoxLayout.Direction.TopToBottom
    assert horizontal().direction() is QBoxLayout.Direction.LeftToRight
