"""The jobs as a list model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, Qt

from desktop_app.core.foundation.text import printable
from desktop_app.ui.batch.jobs.job_words import describe
from desktop_app.ui.common.controls.widgets import tooltip

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.ui.common.controls.table_model import Index
    from desktop_app.workers.batch.messages import JobEntry

ENTRY_ROLE = Qt.ItemDataRole.UserRole


class JobListModel(QAbstractListModel):
    """Rows in the order of the service, the most recently written one first."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[JobEntry] = []

    def rowCount(self, parent: Index | None = None) -> int:
        """How many there are."""
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What the view, the delegate and a screen reader ask about a job."""
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        answer: object = None
        if role == ENTRY_ROLE:
            answer = entry
        elif role == Qt.ItemDataRole.DisplayRole:
            answer = entry.name
        elif role == Qt.ItemDataRole.ToolTipRole:
            answer = tooltip(f"{entry.problem}\n{printable(str(entry.path))}") if entry.problem else None
        elif role == Qt.ItemDataRole.AccessibleTextRole:
            answer = describe(entry)
        return answer

    def entry_at(self, row: int) -> JobEntry:
        """The job of a row."""
        return self._entries[row]

    def row_of(self, path: Path) -> int | None:
        """The row of a job; None when it is not here."""
        return next((row for row, entry in enumerate(self._entries) if entry.path == path), None)

    def show_jobs(self, entries: Sequence[JobEntry]) -> None:
        """Show a new list; rows that stay in place keep the selection."""
        same = [entry.path for entry in entries] == [entry.path for entry in self._entries]
        if same:
            self._entries = list(entries)
            if entries:
                self.dataChanged.emit(self.index(0), self.index(len(entries) - 1))
            return
        self.beginResetModel()
        self._entries = list(entries)
        self.endResetModel()
