import logging

import pytest
from PySide6.QtWidgets import QWidget

from desktop_app.ui.common.controls.spinner import Spinner
from desktop_app.ui.pane_stack import PaneEntry, PaneStack


@pytest.fixture
def made():
    """Titles of the panes that were made, one after the other."""
    return []


@pytest.fixture
def stack(qtbot, made):
    def entry(title):
        def make():
            made.append(title)
            return QWidget(objectName=title)

        return PaneEntry(title, "picture", make)

    result = PaneStack([entry("a"), entry("b"), entry("c")])
    qtbot.addWidget(result)
    return result


def test_before_the_window_is_there_a_pane_is_made_at_once(stack, made):
    stack.show_pane(1)
    assert made == ["b"]
    assert stack.currentWidget().objectName() == "b"


def test_a_pane_is_made_once(stack, made):
    stack.show_pane(1)
    stack.show_pane(0)
    stack.show_pane(1)
    assert stack.made(1) is stack.currentWidget()
    assert made == ["b", "a"]


def test_the_log_tells_when_a_pane_takes_the_keys(stack, made, qtbot, caplog):
    caplog.set_level(logging.INFO)
    stack.show_pane(0)
    stack.show()
    stack.show_pane(1)
    assert [record.getMessage() for record in caplog.records] == ["Made the pane a."]
    qtbot.waitUntil(lambda: "Made the pane b." in caplog.text)
    assert stack.currentWidget().objectName() == "b"


def test_a_spinner_is_painted_before_a_pane_is_made(stack, made, qtbot):
    stack.show_pane(0)
    stack.show()
    stack.show_pane(1)
    assert stack.shown == 1
    assert made == ["a"]
    assert stack.currentWidget().findChild(Spinner).isVisible()
    qtbot.waitUntil(lambda: made == ["a", "b"])
    assert stack.currentWidget().objectName() == "b"
    assert stack.count() == 2


def test_who_turns_on_meanwhile_gets_the_pane_that_was_wanted_last(stack, made, qtbot):
    stack.show_pane(0)
    stack.show()
    stack.show_pane(1)
    stack.show_pane(2)
    qtbot.waitUntil(lambda: stack.currentWidget().objectName() == "c")
    assert made == ["a", "c"]


def test_a_pane_that_is_there_is_not_left_for_one_that_was_awaited(stack, made, qtbot):
    stack.show_pane(0)
    stack.show()
    stack.show_pane(1)
    stack.show_pane(0)
    qtbot.waitUntil(lambda: stack.count() == 1)
    assert stack.currentWidget().objectName() == "a"
    assert made == ["a"]
