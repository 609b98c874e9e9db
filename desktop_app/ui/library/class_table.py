"""The classes of a model as a table model; a list of 100,000 costs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.library.card import ClassLabel

_HEADERS = ("No.", "Name", "Id")


class ClassTable(QAbstractTableModel):
    """The number of each output, its name, and its id where that says more."""

    def __init__(self, classes: Sequence[ClassLabel]) -> None:
        super().__init__()
        self._classes = classes
        self._columns = 3 if any(entry.class_id != entry.label for entry in classes) else 2

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """One row for each class."""
        return 0 if parent is not None and parent.isValid() else len(self._classes)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """Two or three columns."""
        return 0 if parent is not None and parent.isValid() else self._columns

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The text of a cell."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        entry = self._classes[index.row()]
        return (str(index.row()), entry.readable, entry.class_id)[index.column()]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The headings."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADERS[section]
        return None
