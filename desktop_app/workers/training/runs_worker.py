"""The runs thread's worker: lists, renames and removes training runs."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.engine.libraries import import_run_modules
from desktop_app.core.foundation.errors import Reason, SightlineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop_app.core.training.runs.store import RunStore

_log = logging.getLogger(__name__)


class RunsWorker(QObject):
    """Wraps `RunStore`.

    Args:
        runs: The folder of the runs; None takes the user's. The first request imports what reads them.

    Signals:
        listed: The runs, a ``tuple[RunEntry, ...]``, newest first, whenever something may have changed.
        ended: The outcome of a request, as a sentence, and whether it succeeded.
        undo_available: The removal that can be undone, as a sentence; empty when there is none.
    """

    listed = Signal(object)
    ended = Signal(str, bool)
    undo_available = Signal(str)

    def __init__(self, runs: RunStore | None = None) -> None:
        super().__init__()
        self._store = runs
        self._removed: list[str] = []
        self._swept = False

    @property
    def _runs(self) -> RunStore:
        if self._store is None:
            import_run_modules()
            from desktop_app.core.training.runs.store import RunStore

            self._store = RunStore.default()
        return self._store

    @Slot()
    def refresh(self) -> None:
        """List the runs; only a failure ends with `ended`. The first call also clears leftovers."""
        first, self._swept = not self._swept, True
        if first:
            with self._failures_said("Clearing leftovers"):
                swept = self._runs.sweep()
                if swept:
                    _log.info("Cleared %d leftovers of trainings that were killed.", swept)
        with self._failures_said("Listing the runs"):
            self._list()
            if first:
                self._runs.sweep_datasets()  # not before the list is there: it may take seconds

    @Slot(str, str)
    def rename(self, run_id: str, name: str) -> None:
        """Rename a run; the list follows in any case, to replace what was typed over the old name."""
        try:
            with self._failures_said("Renaming the run"):
                entry = self._runs.rename(run_id, name)
                self.ended.emit(f"Renamed to {entry.record.name}.", True)
        finally:
            self.refresh()

    @Slot(str)
    def remove(self, run_id: str) -> None:
        """Move a run to the trash; `undo_available` reports it, and only a failure ends with `ended`."""
        with self._failures_said("Removing the run"):
            record = self._runs.remove(run_id).record
            stays = "" if record.model_id is None else " Its model stays in Models."
            self._removed.append(f"Removed {record.name}.{stays}")
            self._list()
            self._offer()

    @Slot()
    def undo_remove(self) -> None:
        """Restore the last removed run; if that fails, the offer stays."""
        with self._failures_said("Restoring the run"):
            entry = self._runs.restore_last()
            if entry is None:
                self._removed.clear()
                self.ended.emit("There is no removed run to restore.", False)
            else:
                del self._removed[-1:]
                self._list()
                self.ended.emit(f"Restored {entry.record.name}.", True)
            self._offer()

    @Slot()
    def empty_trash(self) -> None:
        """Delete removed runs permanently."""
        with self._failures_said("Emptying the trash"):
            self._runs.empty_trash()
            self._removed.clear()
            self._offer()
            self.ended.emit("The trash is empty.", True)

    @contextlib.contextmanager
    def _failures_said(self, work: str) -> Iterator[None]:
        """Emit `ended` if the body failed; a defect is passed on to the excepthook."""
        try:
            yield
        except SightlineError as error:
            self.ended.emit(error.reason.sentence, False)
        except Exception as error:
            self.ended.emit(Reason.of_defect(work, error).sentence, False)
            raise

    def _list(self) -> None:
        self.listed.emit(self._runs.list())

    def _offer(self) -> None:
        self.undo_available.emit(self._removed[-1] if self._removed else "")
