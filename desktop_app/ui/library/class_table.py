"""The classes of a model as a table model; a list of 100,000 costs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from desktop_app.ui.common.controls.table_model import Index, TableModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.library.card import ClassLabel

_HEADERS = ("No.", "Name", "Id", "Kind")


class ClassTable(TableModel):
    """The number of each output, its name, its id where that says more, and its kinds where there are any.

    Attributes:
        has_kinds: Whether there is a column of kinds.
    """

    def __init__(self, classes: Sequence[ClassLabel]) -> None:
        ids = any(entry.class_id != entry.label for entry in classes)
        self.has_kinds = ids and any(entry.kinds for entry in classes)
        super().__init__(_HEADERS[: 4 if self.has_kinds else 3 if ids else 2])
        self._classes = classes

    def count(self) -> int:
        """One row for each class."""
        return len(self._classes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The text of a cell."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        entry = self._classes[index.row()]
        return (str(index.row()), entry.readable, entry.class_id, ", ".join(entry.kinds))[index.column()]
