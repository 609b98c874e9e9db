"""What the table models of the window have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

if TYPE_CHECKING:
    from collections.abc import Sequence

Index = QModelIndex | QPersistentModelIndex
"""What Qt may pass where a model or a delegate takes an index."""


class TableModel(QAbstractTableModel):
    """Rows below headings; a class derived from it has the rows, and answers `data`.

    Args:
        headers: The headings, one for each column.
    """

    def __init__(self, headers: Sequence[str]) -> None:
        super().__init__()
        self._headers = headers

    def count(self) -> int:
        """The number of rows."""
        raise NotImplementedError  # Qt's metaclass leaves no room for an abstract class

    def rowCount(self, parent: Index | None = None) -> int:
        """The number of rows; none of them has rows of its own."""
        return 0 if parent is not None and parent.isValid() else self.count()

    def columnCount(self, parent: Index | None = None) -> int:
        """One column for each heading."""
        return 0 if parent is not None and parent.isValid() else len(self._headers)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The headings, above their cells."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headers[section]
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None
