"""The components of Sightline, as a table model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from desktop_app.ui.common.controls.widgets import tooltip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.installation.licences import Component

SEARCHED = Qt.ItemDataRole.UserRole
"""The role of the text that a filter looks at."""

_HEADERS = ("Component", "Version")


class PartTable(QAbstractTableModel):
    """Name and version; the licence is in the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: Sequence[Component] = ()

    def show(self, parts: Sequence[Component]) -> None:
        """Show these components."""
        self.beginResetModel()
        self._parts = parts
        self.endResetModel()

    def part(self, row: int) -> Component:
        """The component of a row."""
        return self._parts[row]

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """One row for each component."""
        return 0 if parent is not None and parent.isValid() else len(self._parts)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """Two columns."""
        return 0 if parent is not None and parent.isValid() else len(_HEADERS)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """What the view, a screen reader and the filter ask about a component."""
        part = self._parts[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (part.name, part.version)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(f"{part.name} {part.version}".strip() + f"\n{part.licence}")
        if role == SEARCHED:
            return f"{part.name} {part.licence} {part.note}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The headings."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADERS[section]
        return None
