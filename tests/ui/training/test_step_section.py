import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop_app.ui.training.step_section import StepSection


@pytest.fixture
def section(qtbot, light):
    result = StepSection(2, "Model")
    result.set_body(QLabel("body"))
    qtbot.addWidget(result)
    result.resize(500, 200)
    result.show()
    return result


def body(section):
    return section.findChild(QLabel)


def test_the_mouse_opens_and_folds(section, qtbot):
    assert not body(section).isVisible()
    with qtbot.waitSignal(section.toggled) as told:
        qtbot.mouseClick(section.header, Qt.MouseButton.LeftButton)
    assert told.args == [True]
    assert body(section).isVisible()
    qtbot.mouseClick(section.header, Qt.MouseButton.LeftButton)
    assert not body(section).isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_keys_open_it(section, qtbot, key):
    section.header.setFocus()
    qtbot.keyClick(section.header, key)
    assert section.is_open
    assert body(section).isVisible()


def test_what_is_missing_stands_in_place_of_the_summary_and_keeps_it_folded(section, qtbot):
    section.set_open(True)
    section.set_summary("Small network", done=True)
    section.set_missing("Choose pictures first")
    assert not section.is_possible
    assert not section.is_open
    assert section.header.summary == "Choose pictures first"
    assert not section.header.done
    section.set_open(True)
    qtbot.mouseClick(section.header, Qt.MouseButton.LeftButton)
    assert not section.is_open
    section.set_missing("")
    assert section.header.summary == "Small network"
    assert section.header.done


def test_a_screen_reader_is_told_number_title_and_state(section):
    section.set_summary("Small network", done=True)
    assert section.header.accessibleName() == "Step 2, Model, done"
    assert section.header.accessibleDescription() == "Small network"


def test_a_long_summary_does_not_widen_the_page(section):
    narrow = section.minimumSizeHint().width()
    section.set_summary("word " * 200, done=False)
    assert section.minimumSizeHint().width() == narrow
