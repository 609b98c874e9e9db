"""Groups on the left, their pictures in the middle, classes on the right."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QMenu, QSplitter, QWidget

from desktop_app.core.features.sorting import Sorting
from desktop_app.core.foundation.text import counted
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.widgets import button, heading, vertical
from desktop_app.ui.similar.picture_grid import PictureGrid
from desktop_app.ui.similar.picture_model import PictureModel
from desktop_app.ui.sorting.class_list import ClassList, ClassModel
from desktop_app.ui.sorting.group_list import GroupList
from desktop_app.ui.sorting.group_model import GroupModel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from PySide6.QtCore import QPoint

    from desktop_app.core.features.grouping import PictureGroups
    from desktop_app.ui.common.thumbnails import Thumbnails

_KEYS = 9
_LEAST_COLUMN = 140
_UNNAMED = "class"


class SortingPage(QWidget):
    """Lets groups and pictures be moved into classes, by dragging, by keys and by a menu; with undo.

    Signals:
        changed: Pictures have been moved, or classes changed.
        opened: The path of a picture that the user wants to see at full size.
    """

    changed = Signal()
    opened = Signal(object)

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._sorting = Sorting(())
        self._groups = GroupModel()
        self._pictures = PictureModel(thumbnails, "Drag it onto a class, or press the number of a class.")
        self._classes = ClassModel()
        self.group_list = GroupList(self._groups, thumbnails)
        self.grid = PictureGrid("Pictures", self._pictures)
        self.grid.setDragEnabled(True)
        self.grid.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.class_list = ClassList(self._classes)
        self._shown = ElidedLabel(muted=True)
        self._menu = QMenu(self)
        self._new = button("New class", tip="Put what is selected into a new class (N)")
        self._lay_out()
        self._connect()

    # Requests of the dialog

    @property
    def classes(self) -> Mapping[str, tuple[Path, ...]]:
        """The pictures of each class that has some."""
        return self._sorting.classes

    @property
    def unsorted(self) -> int:
        """Number of pictures without a class."""
        return self._sorting.unsorted

    @property
    def can_undo(self) -> bool:
        """Whether something can be undone."""
        return self._sorting.can_undo

    def show_groups(self, found: PictureGroups) -> None:
        """Begin with these groups, nothing sorted."""
        self._sorting = Sorting([path for group in found.groups for path in group.paths] + list(found.rest))
        self._groups.take(found)
        self._show(row=0)
        self.group_list.setFocus()

    def undo(self) -> None:
        """Take the last change back."""
        self._sorting.undo()
        self._show()

    # Construction

    def _lay_out(self) -> None:
        columns = QSplitter(Qt.Orientation.Horizontal)
        columns.setChildrenCollapsible(False)
        left, middle, right = QWidget(), QWidget(), QWidget()
        for column, title, parts in (
            (left, "Groups", (self.group_list,)),
            (middle, "Pictures", (self._shown, self.grid)),
            (right, "Classes", (self.class_list, self._new)),
        ):
            inside = vertical(column, spacing=6)
            inside.addWidget(heading(title, factor=1.1))
            for part in parts:
                inside.addWidget(part, int(part in {self.group_list, self.grid, self.class_list}))
            column.setMinimumWidth(_LEAST_COLUMN)
            columns.addWidget(column)
        for place, stretch in enumerate((3, 3, 2)):
            columns.setStretchFactor(place, stretch)
        columns.setSizes([380, 340, 230])
        layout = vertical(self)
        layout.addWidget(columns, 1)

    def _connect(self) -> None:
        self.group_list.selectionModel().selectionChanged.connect(self._on_group_chosen)
        self.class_list.selectionModel().selectionChanged.connect(self._on_class_chosen)
        self.class_list.dropped.connect(self._on_dropped)
        self._classes.renamed.connect(self._on_renamed)
        self._new.clicked.connect(lambda: self._move_to_new(self._chosen(), edit=True))
        self.grid.doubleClicked.connect(lambda _index: self.opened.emit(self.grid.selected()[0]))
        for view in (self.group_list, self.grid):
            view.customContextMenuRequested.connect(partial(self._on_menu_requested, view))
            for number in range(_KEYS):
                self._key(view, str(number + 1), partial(self._move_by_key, number))
            self._key(view, "N", lambda: self._move_to_new(self._chosen(), edit=True))
            self._key(view, "Return", lambda view=view: self._show_menu(view))
            self._key(view, "Enter", lambda view=view: self._show_menu(view))
        self._key(self.grid, "Delete", lambda: self._move(self.grid.selected(), None))
        self._key(self.class_list, "Delete", self._remove_class)
        self.class_list.customContextMenuRequested.connect(self._on_class_menu_requested)

    @staticmethod
    def _key(view: QWidget, key: str, slot: object) -> None:
        shortcut = QShortcut(QKeySequence(key), view)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(slot)

    # Requests of the user

    def _chosen(self) -> list[Path]:
        """The selected pictures of the grid; those of the selected groups when none is."""
        return self.grid.selected() or self.group_list.selected()

    def _move(self, paths: Sequence[Path], name: str | None) -> None:
        """Move pictures, and leave the list of groups where it was."""
        row = self.group_list.currentIndex().row()
        if self._sorting.move(paths, name):
            self._show(row=row)

    def _move_by_key(self, number: int) -> None:
        if number < len(self._sorting.names):
            self._move(self._chosen(), self._sorting.names[number])

    def _move_to_new(self, paths: Sequence[Path], *, edit: bool) -> None:
        """Make a class with the name proposed for the selected group, which the user may change."""
        row = self.group_list.currentIndex().row()
        name = self._sorting.add(self.group_list.chosen_label() or _UNNAMED, paths)
        self._show(row=row)
        if edit:
            at = self._sorting.names.index(name)
            self.class_list.scrollTo(self._classes.index(at))
            QTimer.singleShot(0, self, lambda: self.class_list.edit(self._classes.index(at)))

    def _remove_class(self) -> None:
        self._sorting.remove(self.class_list.current_name())
        self._show()

    def _on_dropped(self, paths: Sequence[Path], name: str) -> None:
        if name:
            self._move(paths, name)
        else:
            self._move_to_new(paths, edit=True)

    def _on_renamed(self, name: str, new: str) -> None:
        if self._sorting.rename(name, new):
            self._show()

    def _on_menu_requested(self, view: QAbstractItemView, place: QPoint) -> None:
        if self._chosen():
            self._fill_menu()
            self._menu.popup(view.viewport().mapToGlobal(place))

    def _show_menu(self, view: QAbstractItemView) -> None:
        if self._chosen():
            self._fill_menu()
            rect = view.visualRect(view.currentIndex())
            self._menu.popup(view.viewport().mapToGlobal(rect.center()))

    def _fill_menu(self) -> None:
        paths = self._chosen()
        self._menu.clear()
        self._menu.addSection(f"Move {counted(len(paths), 'picture')} to")
        for name in self._sorting.names:
            action = self._menu.addAction(name.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, name=name: self._move(paths, name))
        new = self._menu.addAction("New class")
        new.triggered.connect(lambda _checked=False: self._move_to_new(paths, edit=True))
        if any(self._sorting.class_of(path) is not None for path in paths):
            back = self._menu.addAction("Unsorted")
            back.triggered.connect(lambda _checked=False: self._move(paths, None))

    def _on_class_menu_requested(self, place: QPoint) -> None:
        index = self.class_list.indexAt(place)
        if index.isValid():
            self._menu.clear()
            rename = self._menu.addAction("Rename")
            rename.triggered.connect(lambda _checked=False: self.class_list.edit(index))
            remove = self._menu.addAction("Remove class")
            remove.triggered.connect(lambda _checked=False: self._remove_class())
            self._menu.popup(self.class_list.viewport().mapToGlobal(place))

    # What is shown

    def _on_group_chosen(self) -> None:
        if self.group_list.selectionModel().hasSelection():
            self.class_list.clearSelection()
        self._show_pictures()

    def _on_class_chosen(self) -> None:
        if self.class_list.selectionModel().hasSelection():
            self.group_list.clearSelection()
        self._show_pictures()

    def _show(self, row: int | None = None) -> None:
        """Show everything as it is now; ``row`` is the group to select, if there is one."""
        name = self.class_list.current_name()
        row = self.group_list.currentIndex().row() if row is None else row
        self._groups.show_unsorted(self._sorting)
        self._classes.show_classes(self._sorting)
        if name:
            self.class_list.choose(name)
        elif self._groups.rowCount():
            index = self._groups.index(min(max(row, 0), self._groups.rowCount() - 1))
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.group_list.selectionModel().setCurrentIndex(index, flags)
        self._show_pictures()
        self.changed.emit()

    def _show_pictures(self) -> None:
        name = self.class_list.current_name()
        if name:
            paths = self._sorting.classes.get(name, ())
            words = f"{name}: {counted(len(paths), 'picture')}"
        else:
            paths = tuple(self.group_list.selected())
            words = counted(len(paths), "picture") if paths else ""
        self._shown.setText(words)
        self._pictures.show_pictures(paths)
