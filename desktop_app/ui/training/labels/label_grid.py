"""The grid of thumbnails: several can be selected; as high as its rows, since the page around it scrolls."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import QFrame, QListView, QScrollArea, QSizePolicy

from desktop_app.ui.common.controls.widgets import scale_font
from desktop_app.ui.training.labels.label_delegate import LabelDelegate, cell_size
from desktop_app.ui.training.labels.label_model import ITEM_ROLE, LabelModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from desktop_app.ui.common.controls.table_model import Index
    from desktop_app.ui.common.thumbnails import Thumbnails
    from desktop_app.ui.training.labels.label_item import LabelItem

_KEYS = {
    Qt.Key.Key_Return: "accept",
    Qt.Key.Key_Enter: "accept",
    Qt.Key.Key_K: "keep",
    Qt.Key.Key_Delete: "exclude",
}


class LabelGrid(QListView):
    """Shows items; one is always selected, so that a single click on a button decides about it.

    Signals:
        selection_changed: Other items are selected.
        key_pressed: A key asks for ``accept``, ``keep`` or ``exclude``.
        opened: An item was double-clicked.
    """

    selection_changed = Signal()
    key_pressed = Signal(str)
    opened = Signal(object)

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        scale_font(self, 0.9)
        self._model = LabelModel(thumbnails)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setModel(self._model)
        self.setItemDelegate(LabelDelegate(self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.selectionModel().selectionChanged.connect(self.selection_changed)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(ITEM_ROLE)))

    def show_items(self, items: Sequence[LabelItem]) -> None:
        """Show other items, and select the one where the first selected one was."""
        rows = [index.row() for index in self.selectedIndexes()]
        place = min(rows, default=0)
        self._model.show_items(items)
        if items:
            index = self._model.index(min(place, len(items) - 1))
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.fit()
        self.selection_changed.emit()

    @property
    def chosen(self) -> list[LabelItem]:
        """The selected items, in their order."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [cast("LabelItem", self._model.index(row).data(ITEM_ROLE)) for row in rows]

    def fit(self) -> None:
        """Take the height of the rows."""
        cell = cell_size(self.fontMetrics().height())
        columns = max(self.width() // cell.width(), 1)
        rows = -(-self._model.rowCount() // columns)
        self.setFixedHeight(max(rows, 1) * cell.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the rows to the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Scroll the page around the grid, so that the keyboard never leads out of sight."""
        super().currentChanged(current, previous)
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        page = parent.widget() if isinstance(parent, QScrollArea) else None
        if isinstance(parent, QScrollArea) and page is not None and self.hasFocus():
            cell = self.visualRect(current)
            centre = self.viewport().mapTo(page, cell.center())
            parent.ensureVisible(centre.x(), centre.y(), cell.width() // 2, cell.height() // 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes the suggestion, K keeps the label, Delete excludes."""
        asked = _KEYS.get(Qt.Key(event.key())) if not event.modifiers() else None
        if asked:
            self.key_pressed.emit(asked)
        else:
            super().keyPressEvent(event)
