"""A list of entries, of which one is the current one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyledItemDelegate

    from desktop_app.ui.common.controls.table_model import Index


class EntryList(QListView):
    """Shows a thousand entries as easily as ten, without a frame; its actions are its menu.

    Signals:
        current_changed: Another entry is the current one, or none.
    """

    current_changed = Signal()

    def __init__(self, name: str, model: QAbstractListModel, delegate: QStyledItemDelegate) -> None:
        """Show a model.

        Args:
            name: The accessible name.
            model: The model with the entries.
            delegate: The delegate that draws them, all equally high; the list takes ownership.
        """
        super().__init__()
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setModel(model)
        delegate.setParent(self)
        self.setItemDelegate(delegate)
        self.setUniformItemSizes(True)
        self.setSpacing(1)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def choose_row(self, row: int) -> None:
        """Make an entry the current one."""
        index = self.model().index(row, 0)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Report the current entry, however it was reached."""
        super().currentChanged(current, previous)
        self.current_changed.emit()
