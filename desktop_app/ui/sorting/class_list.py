"""The classes: targets for dragged pictures, with names that can be edited in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QAbstractListModel, QItemSelectionModel, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.core.foundation.text import counted
from desktop_app.ui.common.controls.entry_list import EntryList
from desktop_app.ui.common.style.painting import paint_entry_state
from desktop_app.ui.common.style.tokens import tokens_of
from desktop_app.ui.similar.dragging import PICTURES_MIME, paths_in

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QPaintEvent
    from PySide6.QtWidgets import QWidget

    from desktop_app.core.features.sorting import Sorting
    from desktop_app.ui.common.controls.table_model import Index

NAME_ROLE = Qt.ItemDataRole.UserRole
COUNT_ROLE = Qt.ItemDataRole.UserRole + 1
_HEIGHT = 44
_MARGIN = 10
_BELOW = -1
"""The place below all classes."""
_HINT = "Drop pictures here for a new class"
_KEYS = 9
"""Classes that have a key."""


class ClassModel(QAbstractListModel):
    """Names and numbers of pictures.

    Signals:
        renamed: The name of a class and the name that the user typed.
    """

    renamed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._counts: dict[str, int] = {}

    def show_classes(self, sorting: Sorting) -> None:
        """Show the classes as they are now."""
        counts = {name: len(paths) for name, paths in sorting.classes.items()}
        if sorting.names != self._names:
            self.beginResetModel()
            self._names, self._counts = sorting.names, counts
            self.endResetModel()
        elif counts != self._counts:
            self._counts = counts
            self.dataChanged.emit(self.index(0), self.index(len(self._names) - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        """One row for each class."""
        return 0 if parent is not None and parent.isValid() else len(self._names)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Data of a class for the view, the delegate and a screen reader."""
        if not index.isValid():
            return None
        name = self._names[index.row()]
        count = self._counts.get(name, 0)
        if role in {NAME_ROLE, Qt.ItemDataRole.EditRole}:
            return name
        if role == COUNT_ROLE:
            return count
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return f"{name}: {counted(count, 'picture')}"
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for another name."""
        if index.isValid() and role == Qt.ItemDataRole.EditRole:
            self.renamed.emit(self._names[index.row()], str(value))
            return True
        return False

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let names be edited, and pictures be dropped."""
        more = Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDropEnabled
        return super().flags(index) | (more if index.isValid() else Qt.ItemFlag(0))


class ClassList(EntryList):
    """Takes pictures that are dropped on a class, or below all of them.

    Signals:
        dropped: The pictures, and the name of the class; an empty name for a new class.
    """

    dropped = Signal(object, str)

    def __init__(self, model: ClassModel) -> None:
        super().__init__("Classes", model, _ClassDelegate())
        self.target: int | None = None
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def current_name(self) -> str:
        """The class that is selected; empty when none is."""
        chosen = self.selectedIndexes()
        return str(chosen[0].data(NAME_ROLE)) if chosen else ""

    def choose(self, name: str) -> None:
        """Select a class."""
        for row in range(self.model().rowCount()):
            index = self.model().index(row, 0)
            if index.data(NAME_ROLE) == name:
                self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say below the classes what a drop there does, in a dashed frame."""
        super().paintEvent(event)
        rows = self.model().rowCount()
        top = self.visualRect(self.model().index(rows - 1, 0)).bottom() + 1 if rows else 0
        free = QRectF(self.viewport().rect()).adjusted(1, top + _MARGIN, -1, -1)
        if free.height() < _HEIGHT:
            return
        tokens = tokens_of(self.palette())
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        here = self.target == _BELOW
        painter.setPen(QPen(QColor(tokens.accent if here else tokens.border), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(free, 8, 8)
        painter.setPen(QColor(tokens.muted))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(free.adjusted(_MARGIN, 0, -_MARGIN, 0), flags, _HINT)
        painter.end()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take pictures of this window only."""
        self._consider(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Mark the class under the pointer."""
        self._consider(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Mark nothing."""
        super().dragLeaveEvent(event)
        self._mark(None)

    def dropEvent(self, event: QDropEvent) -> None:
        """Report the pictures."""
        paths = paths_in(event.mimeData())
        index = self.indexAt(event.position().toPoint())
        self._mark(None)
        if paths:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.dropped.emit(paths, str(index.data(NAME_ROLE)) if index.isValid() else "")

    def _consider(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasFormat(PICTURES_MIME):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            index = self.indexAt(event.position().toPoint())
            self._mark(index.row() if index.isValid() else _BELOW)
        else:
            event.ignore()

    def _mark(self, row: int | None) -> None:
        if row != self.target:
            self.target = row
            self.viewport().update()


class _ClassDelegate(QStyledItemDelegate):
    """Draws the key, the name and the number of pictures; a frame where a drop would go."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """High enough to be hit while dragging."""
        return QSize(120, max(_HEIGHT, option.fontMetrics.height() + 2 * _MARGIN))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the row."""
        tokens, metrics = tokens_of(option.palette), option.fontMetrics
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_entry_state(painter, option)
        view = cast("ClassList", self.parent())
        if view.target == index.row():
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(option.rect).adjusted(2, 2, -2, -2), 7, 7)
        line = QRectF(option.rect).adjusted(_MARGIN, 0, -_MARGIN, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(tokens.muted)
        key = str(index.row() + 1) if index.row() < _KEYS else ""
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | middle, key)
        count = f"{cast('int', index.data(COUNT_ROLE)):,}"
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | middle, count)
        line.setLeft(line.left() + metrics.horizontalAdvance("9") + _MARGIN)
        line.setRight(line.right() - metrics.horizontalAdvance(count) - _MARGIN)
        painter.setPen(tokens.text)
        name = metrics.elidedText(str(index.data(NAME_ROLE)), Qt.TextElideMode.ElideMiddle, int(line.width()))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | middle, name)
        painter.restore()

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        """Use the whole row: the style's frame leaves a name no room."""
        editor.setGeometry(option.rect)
