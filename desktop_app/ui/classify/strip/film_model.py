"""The pictures of this session as a list model; thumbnails are loaded when they come into view."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QPixmap

from desktop_app.ui.common.controls.widgets import tooltip
from desktop_app.ui.common.dropping.mime import image_of
from desktop_app.workers.classify.messages import Item, ItemState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_app.ui.common.controls.table_model import Index
    from desktop_app.workers.classify.messages import PicturePreview

ITEM_ROLE = Qt.ItemDataRole.UserRole
KEPT = 512
"""Thumbnails kept in memory, about 110 kB each; older ones are asked for again when they come into view."""

_STATES = {ItemState.WAITING: "Waiting", ItemState.FAILED: "Failed", ItemState.CANCELLED: "Cancelled"}


class FilmModel(QAbstractListModel):
    """Rows in the order in which the pictures came. `thumbnail_wanted` carries an item's number."""

    thumbnail_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._items: list[Item] = []
        self._rows: dict[int, int] = {}
        self._thumbnails: OrderedDict[int, QPixmap] = OrderedDict()
        self._asked: set[int] = set()

    def rowCount(self, parent: Index | None = None) -> int:
        """How many pictures there are."""
        return 0 if parent is not None and parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What the view, the delegate and a screen reader ask about a picture."""
        if not index.isValid():
            return None
        item = self._items[index.row()]
        answer: object = None
        if role == ITEM_ROLE:
            answer = item
        elif role == Qt.ItemDataRole.DisplayRole:
            answer = caption(item)
        elif role == Qt.ItemDataRole.DecorationRole:
            answer = self._thumbnail(item.number)
        elif role == Qt.ItemDataRole.ToolTipRole:
            answer = tooltip(f"{item.source.name}\n{describe(item)}")
        elif role == Qt.ItemDataRole.AccessibleTextRole:
            answer = f"{item.source.name}: {describe(item)}"
        return answer

    def item_at(self, row: int) -> Item:
        """The picture of a row."""
        return self._items[row]

    def row_of(self, number: int) -> int | None:
        """The row of a picture; None when it is not here."""
        return self._rows.get(number)

    def append(self, items: Iterable[Item]) -> None:
        """Add pictures at the end."""
        new = list(items)
        first = len(self._items)
        self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
        self._rows.update({item.number: first + offset for offset, item in enumerate(new)})
        self._items += new
        self.endInsertRows()

    def change(self, item: Item) -> None:
        """Update the state of a picture."""
        row = self._rows.get(item.number)
        if row is not None:
            self._items[row] = item
            if item.number not in self._thumbnails:
                self._asked.discard(item.number)  # a link has been fetched meanwhile, perhaps
            self.dataChanged.emit(self.index(row), self.index(row))

    def remove(self, numbers: Iterable[int]) -> None:
        """Remove pictures."""
        gone = set(numbers)
        self.beginResetModel()
        self._items = [item for item in self._items if item.number not in gone]
        self._rows = {item.number: row for row, item in enumerate(self._items)}
        self._asked -= gone
        for number in gone:
            self._thumbnails.pop(number, None)
        self.endResetModel()

    def keep_thumbnail(self, preview: PicturePreview) -> None:
        """Show a small preview that was asked for."""
        row = self._rows.get(preview.number)
        if row is None:
            return
        self._thumbnails[preview.number] = QPixmap.fromImage(image_of(preview.pixels))
        while len(self._thumbnails) > KEPT:
            old, _ = self._thumbnails.popitem(last=False)
            self._asked.discard(old)
        self.dataChanged.emit(self.index(row), self.index(row), [Qt.ItemDataRole.DecorationRole])

    def _thumbnail(self, number: int) -> QPixmap | None:
        known = self._thumbnails.get(number)
        if known is not None:
            self._thumbnails.move_to_end(number)
        elif number not in self._asked:
            self._asked.add(number)
            self.thumbnail_wanted.emit(number)
        return known


def caption(item: Item) -> str:
    """The short text under a thumbnail."""
    if item.answer is not None:
        return item.answer.prediction.name
    return _STATES.get(item.state, "")


def describe(item: Item) -> str:
    """The state of a picture, for a tooltip and a screen reader."""
    if item.answer is not None:
        return item.answer.prediction.sentence
    if item.reason is not None:
        return f"failed. {item.reason.text}"
    return _STATES.get(item.state, "").lower()
