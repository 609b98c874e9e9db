"""The runs as a list model, with what is chosen for comparison."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from desktop_app.ui.common.widgets import tooltip
from desktop_app.ui.runs.run_words import describe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.training.events import EpochMetrics
    from desktop_app.core.training.run_entry import RunEntry

    _Index = QModelIndex | QPersistentModelIndex

ENTRY_ROLE = Qt.ItemDataRole.UserRole


class RunsModel(QAbstractListModel):
    """Rows as the service lists them, the newest first.

    Signals:
        checks_changed: Which runs are to be compared has changed.
        rename_requested: Id of a run and the name that the user typed.
    """

    checks_changed = Signal()
    rename_requested = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[RunEntry] = []
        self._rows: dict[str, int] = {}
        self._checked: set[str] = set()

    def rowCount(self, parent: _Index | None = None) -> int:
        """How many runs there are."""
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What the view, the delegate and a screen reader ask about a run."""
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        answer: object = None
        if role == ENTRY_ROLE:
            answer = entry
        elif role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            answer = entry.record.name
        elif role == Qt.ItemDataRole.CheckStateRole:
            checked = entry.record.run_id in self._checked
            answer = Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked
        elif role == Qt.ItemDataRole.ToolTipRole:
            state = entry.problem or entry.record.message or entry.sentence
            answer = tooltip(f"{entry.record.name}\n{state}")
        elif role == Qt.ItemDataRole.AccessibleTextRole:
            answer = describe(entry)
        return answer

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Choose a run for comparison, or ask for another name."""
        if not index.isValid():
            return False
        entry = self._entries[index.row()]
        run_id = entry.record.run_id
        if role == Qt.ItemDataRole.CheckStateRole:
            checked = Qt.CheckState(value) == Qt.CheckState.Checked
            (self._checked.add if checked else self._checked.discard)(run_id)
            self.dataChanged.emit(index, index, [role])
            self.checks_changed.emit()
            return True
        name = " ".join(str(value).split())
        if role == Qt.ItemDataRole.EditRole and name and name != entry.record.name:
            self.rename_requested.emit(run_id, name)
            return True
        return False

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Runs can be chosen, compared and, unless they are at work or damaged, renamed."""
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
        """The runs that are to be compared, in the order of the rows."""
        return tuple(entry for entry in self._entries if entry.record.run_id in self._checked)

    def uncheck_all(self) -> None:
        """Compare nothing any more."""
        if self._checked:
            self._checked.clear()
            self._all_changed()
            self.checks_changed.emit()

    def show_runs(self, entries: Sequence[RunEntry]) -> None:
        """Take over a new list; rows that stay in place keep selection and editor."""
        same = [entry.record.run_id for entry in entries] == list(self._rows)
        if same:
            self._entries = list(entries)
            self._all_changed()
            return
        self.beginResetModel()
        self._entries = list(entries)
        self._rows = {entry.record.run_id: row for row, entry in enumerate(entries)}
        self._checked &= self._rows.keys()
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

    def _all_changed(self) -> None:
        if self._entries:
            self.dataChanged.emit(self.index(0), self.index(len(self._entries) - 1))
