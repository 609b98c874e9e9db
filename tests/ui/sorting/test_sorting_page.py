"""Sorting groups and pictures into classes: by dragging, by keys, by menus, and back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from desktop_app.ui.similar.dragging import mime_of
from tests.ui.sorting.conftest import BLACK, COLLIES, GROUPS, ODD, TABBIES


def titles(view):
    model = view.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def choose(view, *rows):
    view.clearSelection()
    for row in rows:
        view.selectionModel().setCurrentIndex(
            view.model().index(row, 0), view.selectionModel().SelectionFlag.Select
        )


def drag(view, mime, place):
    """Enter, move and drop at a place of the view, as the pointer does; whether it was taken."""
    action, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    target = view.viewport()
    for event in (
        QDragEnterEvent(place, action, mime, left, none),
        QDragMoveEvent(place, action, mime, left, none),
        QDropEvent(QPointF(place), action, mime, left, none),
    ):
        event.ignore()
        QApplication.sendEvent(target, event)
        if not event.isAccepted():
            return False
    return True


def centre_of(view, row):
    return view.visualRect(view.model().index(row, 0)).center()


def free_place(view):
    return QPoint(view.viewport().width() // 2, view.viewport().height() - 10)


def dragged(view):
    """What the view would hand over for its selection."""
    return view.model().mimeData(view.selectionModel().selectedIndexes())


@pytest.fixture
def sorted_page(page):
    """Two classes: tabby with its group, and an empty one."""
    page._sorting.add("cats")
    page._sorting.add("dogs")
    page._show(row=0)
    return page


def test_the_groups_are_listed_the_largest_first(page):
    assert titles(page.group_list) == [
        "tabby: 6 pictures",
        "collie: 4 pictures",
        "Group: 3 pictures",
        "In no group: 1 picture",
    ]
    assert page.grid.model().paths == TABBIES
    assert page.unsorted == 14


def test_a_group_is_dragged_onto_a_class(sorted_page):
    page = sorted_page
    choose(page.group_list, 1)
    assert drag(page.class_list, dragged(page.group_list), centre_of(page.class_list, 1))
    assert page.classes == {"dogs": COLLIES}
    assert titles(page.class_list) == ["cats: 0 pictures", "dogs: 4 pictures"]
    assert "collie: 4 pictures" not in titles(page.group_list)


def test_several_groups_are_dragged_together(sorted_page):
    page = sorted_page
    choose(page.group_list, 0, 2)
    assert drag(page.class_list, dragged(page.group_list), centre_of(page.class_list, 0))
    assert page.classes == {"cats": (*TABBIES, *BLACK)}


def test_single_pictures_are_dragged(sorted_page):
    page = sorted_page
    choose(page.group_list, 0)
    choose(page.grid, 1, 3)
    assert drag(page.class_list, dragged(page.grid), centre_of(page.class_list, 0))
    assert page.classes == {"cats": (TABBIES[1], TABBIES[3])}
    assert titles(page.group_list)[0] == "tabby: 4 pictures"


def test_a_drop_below_the_classes_makes_one_with_a_name_to_edit(page, qtbot):
    choose(page.group_list, 0)
    assert drag(page.class_list, dragged(page.group_list), free_place(page.class_list))
    assert page.classes == {"tabby": TABBIES}
    qtbot.waitUntil(lambda: bool(page.class_list.findChildren(QLineEdit)))
    (editor,) = page.class_list.findChildren(QLineEdit)
    assert editor.text() == "tabby"
    editor.setText("cats")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.classes == {"cats": TABBIES})


@pytest.mark.parametrize("mime", [mime_of([]), QMimeData()])
def test_anything_else_is_not_taken(sorted_page, mime):
    mime.setText("/photos/other.jpg")
    drag(sorted_page.class_list, mime, centre_of(sorted_page.class_list, 0))
    assert sorted_page.classes == {}


def test_the_view_starts_a_drag_of_what_is_selected(page):
    assert page.group_list.dragEnabled()
    assert page.grid.dragEnabled()
    choose(page.group_list, 1)
    index = page.group_list.currentIndex()
    assert page.group_list.model().flags(index) & Qt.ItemFlag.ItemIsDragEnabled
    assert page.group_list.model().supportedDragActions() == Qt.DropAction.CopyAction


def test_number_keys_move_groups_one_after_the_other(sorted_page, qtbot):
    page = sorted_page
    page.group_list.setFocus()
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_1, Qt.Key.Key_9):
        qtbot.keyClick(page.group_list, key)
    assert page.classes == {"cats": (*TABBIES, *BLACK), "dogs": COLLIES}
    assert titles(page.group_list) == ["In no group: 1 picture"]


def test_number_keys_move_the_selected_pictures(sorted_page, qtbot):
    page = sorted_page
    choose(page.grid, 0)
    page.grid.setFocus()
    qtbot.keyClick(page.grid, Qt.Key.Key_2)
    assert page.classes == {"dogs": (TABBIES[0],)}


def test_the_menu_moves(sorted_page, qtbot):
    page = sorted_page
    choose(page.group_list, 1)
    page._fill_menu()
    entries = {action.text(): action for action in page._menu.actions()}
    assert "Unsorted" not in entries
    entries["dogs"].trigger()
    assert page.classes == {"dogs": COLLIES}


def test_enter_opens_the_menu(sorted_page, qtbot):
    page = sorted_page
    page.group_list.setFocus()
    qtbot.keyClick(page.group_list, Qt.Key.Key_Return)
    qtbot.waitUntil(page._menu.isVisible)
    page._menu.close()


def test_pictures_of_a_class_are_shown_and_come_back(sorted_page, qtbot):
    page = sorted_page
    qtbot.keyClick(page.group_list, Qt.Key.Key_1)
    page.class_list.choose("cats")
    assert page.grid.model().paths == TABBIES
    assert not page.group_list.selectedIndexes()
    choose(page.grid, 0, 1)
    page.grid.setFocus()
    qtbot.keyClick(page.grid, Qt.Key.Key_Delete)
    assert page.classes == {"cats": TABBIES[2:]}
    assert "tabby: 2 pictures" in titles(page.group_list)


def test_a_class_is_removed_and_everything_undone(sorted_page, qtbot):
    page = sorted_page
    qtbot.keyClick(page.group_list, Qt.Key.Key_1)
    page.class_list.choose("cats")
    page.class_list.setFocus()
    qtbot.keyClick(page.class_list, Qt.Key.Key_Delete)
    assert titles(page.class_list) == ["dogs: 0 pictures"]
    page.undo()
    assert page.classes == {"cats": TABBIES}
    page.undo()
    assert page.classes == {}
    assert page.unsorted == 14


def test_a_taken_name_is_not_given(sorted_page):
    model = sorted_page.class_list.model()
    model.setData(model.index(0, 0), "DOGS")
    assert titles(sorted_page.class_list) == ["cats: 0 pictures", "dogs: 0 pictures"]
    model.setData(model.index(0, 0), "felines")
    assert titles(sorted_page.class_list)[0] == "felines: 0 pictures"


def test_a_group_without_a_name_makes_a_plain_class(page):
    choose(page.group_list, 2)
    page._new.click()
    assert page.classes == {"class": BLACK}


def test_other_groups_begin_anew(sorted_page, qtbot):
    qtbot.keyClick(sorted_page.group_list, Qt.Key.Key_1)
    sorted_page.show_groups(GROUPS)
    assert sorted_page.classes == {}
    assert not sorted_page.can_undo
    assert titles(sorted_page.class_list) == []
    assert ODD[0] in sorted_page._sorting._known
