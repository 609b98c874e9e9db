"""The list of runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from desktop_app.ui.common.controls.entry_list import EntryList
from desktop_app.ui.runs.run_delegate import RunDelegate, toggle

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from desktop_app.core.training.runs.run_entry import RunEntry
    from desktop_app.ui.runs.runs_model import RunsModel


class RunList(EntryList):
    """Shows runs; Space selects the current one for comparison."""

    def __init__(self, model: RunsModel) -> None:
        super().__init__("Training runs", model, RunDelegate())
        self._runs = model
        self.setAccessibleDescription("Space selects a run for comparison")

    def current(self) -> RunEntry | None:
        """The selected run."""
        index = self.currentIndex()
        return self._runs.entry_at(index.row()) if index.isValid() else None

    def choose(self, run_id: str) -> None:
        """Make a run the current one; the first when it is not here."""
        if self._runs.rowCount():
            self.choose_row(self._runs.row_of(run_id) or 0)

    def rename_current(self) -> None:
        """Let the user type another name in place."""
        index = self.currentIndex()
        if index.isValid() and self._runs.flags(index) & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Space do what a click on the box does."""
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            toggle(self._runs, self.currentIndex())
            return
        super().keyPressEvent(event)
