"""The runs as a list model, with the selection for comparison."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, Qt, Signal

from desktop_app.ui.charts.curve_colours import COLOURS
from desktop_app.ui.common.controls.widgets import tooltip
from desktop_app.ui.runs.run_words import describe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.training.records.events import EpochMetrics
    from desktop_app.core.training.runs.run_entry import RunEntry
    from desktop_app.ui.common.controls.table_model import Index

ENTRY_ROLE = Qt.ItemDataRole.UserRole
COLOUR_ROLE = Qt.ItemDataRole.UserRole + 1
"""Role of the number of the colour in which a run is compared; None when it is not."""


class RunsModel(QAbstractListModel):
    """Rows as the service lists them, the newest first.

    Signals:
        checks_changed: The selection of runs to compare has changed.
        rename_requested: Id of a run and the name that the user typed.
    """

    checks_changed = Signal()
    rename_requested = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[RunEntry] = []
        self._rows: dict[str, int] = {}
        self._checked: dict[str, None] = {}  # in the order in which they were chosen
        self._colours: dict[str, int] = {}

    def rowCount(self, parent: Index | None = None) -> int:
        """How many runs there are."""
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Data of a run for the view, the delegate and a screen reader."""
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        answer: object = None
        if role == ENTRY_ROLE:
            answer = entry
        elif role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            answer = entry.record.name
        elif role == COLOUR_ROLE:
            answer = self.colours().get(entry.record.run_id)
        elif role == Qt.ItemDataRole.CheckStateRole:
            checked = entry.record.run_id in self._checked
            answer = Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked
        elif role == Qt.ItemDataRole.ToolTipRole:
            state = entry.problem or entry.record.message or entry.sentence
            answer = tooltip(f"{entry.record.name}\n{state}")
        elif role == Qt.ItemDataRole.AccessibleTextRole:
            answer = describe(entry)
        return answer

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Select a run for comparison, or request another name."""
        if not index.isValid():
            return False
        entry = self._entries[index.row()]
        run_id = entry.record.run_id
        if role == Qt.ItemDataRole.CheckStateRole:
            checked = Qt.CheckState(value) == Qt.CheckState.Checked
            if checked:
                self._checked[run_id] = None
            else:
                self._checked.pop(run_id, None)
            self._give_colours()
            self._all_changed()
            self.checks_changed.emit()
            return True
        name = " ".join(str(value).split())
        if role == Qt.ItemDataRole.EditRole and name and name != entry.record.name:
            self.rename_requested.emit(run_id, name)
            return True
        return False

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Runs can be selected, compared and, unless they are at work or damaged, renamed."""
        flags = super().flags(index)
        if index.isValid():
            entry = self._entries[index.row()]
            flags |= Qt.ItemFlag.ItemIsUserCheckable
            if entry.record.state != "running" and not entry.problem:
                flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def entry_at(self, row: int) -> RunEntry:
        """The run of a row."""
        return self._entries[row]

    def row_of(self, run_id: str) -> int | None:
        """The row of a run; None when it is not here."""
        return self._rows.get(run_id)

    def checked(self) -> tuple[RunEntry, ...]:
        """The selected runs for comparison, in the order of the rows."""
        return tuple(entry for entry in self._entries if entry.record.run_id in self._checked)

    def colours(self) -> dict[str, int]:
        """The numbers of the colours of the compared runs, by id; empty for fewer than two runs.

        Each keeps its colour while others come and go. Runs beyond the number of colours have none.
        """
        return self._colours if len(self._colours) > 1 else {}

    def uncheck_all(self) -> None:
        """Deselect all runs."""
        if self._checked:
            self._checked.clear()
            self._give_colours()
            self._all_changed()
            self.checks_changed.emit()

    def show_runs(self, entries: Sequence[RunEntry]) -> None:
        """Show another list; rows that stay in place keep selection and editor."""
        same = [entry.record.run_id for entry in entries] == list(self._rows)
        if same:
            self._entries = list(entries)
            self._all_changed()
            return
        self.beginResetModel()
        self._entries = list(entries)
        self._rows = {entry.record.run_id: row for row, entry in enumerate(entries)}
        self._give_colours()  # a run that is removed stays selected, in case it is restored
        self.endResetModel()

    def add_epoch(self, run_id: str, metrics: EpochMetrics) -> None:
        """Add an epoch that has just ended to a run."""
        row = self._rows.get(run_id)
        if row is None:
            return
        entry = self._entries[row]
        history = (*(known for known in entry.history if known.epoch < metrics.epoch), metrics)
        record = entry.record.model_copy(update={"epochs_done": metrics.epoch})
        self._entries[row] = replace(entry, record=record, history=history)
        self.dataChanged.emit(self.index(row), self.index(row))

    def _give_colours(self) -> None:
        here = [run_id for run_id in self._checked if run_id in self._rows]
        self._colours = {run_id: number for run_id, number in self._colours.items() if run_id in here}
        for run_id in here:
            free = sorted(set(range(COLOURS)) - set(self._colours.values()))
            if run_id not in self._colours and free:
                self._colours[run_id] = free[0]

    def _all_changed(self) -> None:
        if self._entries:
            self.dataChanged.emit(self.index(0), self.index(len(self._entries) - 1))
