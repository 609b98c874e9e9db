"""The components of Sightline, as a table model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from desktop_app.ui.common.controls.table_model import Index, TableModel
from desktop_app.ui.common.controls.widgets import tooltip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.installation.licences import Component

SEARCHED = Qt.ItemDataRole.UserRole
"""The role of the text that a filter looks at."""

_HEADERS = ("Component", "Version")


class PartTable(TableModel):
    """Name and version; the licence is in the tooltip."""

    def __init__(self) -> None:
        super().__init__(_HEADERS)
        self._parts: Sequence[Component] = ()

    def show(self, parts: Sequence[Component]) -> None:
        """Show these components."""
        self.beginResetModel()
        self._parts = parts
        self.endResetModel()

    def part(self, row: int) -> Component:
        """The component of a row."""
        return self._parts[row]

    def count(self) -> int:
        """One row for each component."""
        return len(self._parts)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What the view, a screen reader and the filter ask about a component."""
        part = self._parts[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (part.name, part.version)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(f"{part.name} {part.version}".strip() + f"\n{part.licence}")
        if role == SEARCHED:
            return f"{part.name} {part.licence} {part.note}"
        return None
