"""The pictures of the grid as a list model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, Qt

from desktop_app.ui.common.controls.widgets import tooltip

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.ui.common.controls.table_model import Index
    from desktop_app.ui.common.thumbnails import Thumbnails
    from desktop_app.ui.training.labels.label_item import LabelItem

ITEM_ROLE = Qt.ItemDataRole.UserRole


class LabelModel(QAbstractListModel):
    """Items in the order in which they are given."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._items: tuple[LabelItem, ...] = ()
        self._rows: dict[Path, int] = {}
        thumbnails.arrived.connect(self._on_arrived)

    def show_items(self, items: Sequence[LabelItem]) -> None:
        """Show other items."""
        self.beginResetModel()
        self._items = tuple(items)
        self._rows = {item.path: row for row, item in enumerate(self._items)}
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """How many there are."""
        return 0 if parent is not None and parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Data of an item for the view, the delegate and a screen reader."""
        if not index.isValid():
            return None
        item = self._items[index.row()]
        if role == ITEM_ROLE:
            return item
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumbnails.of(item.path)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(item.words)
        return (
            item.words if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole} else None
        )

    def _on_arrived(self, path: Path) -> None:
        row = self._rows.get(path)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row), [Qt.ItemDataRole.DecorationRole])
