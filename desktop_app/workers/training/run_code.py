"""The code of a run, for the window: its script to show, and a folder with what it needs."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.training.runs.store import RunStore
    from desktop_app.workers.threads.task import Lane


class RunCode(QObject):
    """Has a lane write scripts; building the network takes seconds.

    Signals:
        written: Id of the run, its script, and sentences to show beside it, a ``tuple[str, ...]``.
        failed: Id of the run, and the `Reason` why it has no script.
        saved: Outcome of `save` as a sentence, and whether it succeeded.

    Args:
        lane: The lane for the work.
        store: The folder of the runs; None takes the user's.
        parent: Qt's owner.
    """

    written = Signal(str, str, object)
    failed = Signal(str, object)
    saved = Signal(str, bool)

    def __init__(self, lane: Lane, store: RunStore | None, parent: QObject) -> None:
        super().__init__(parent)
        self._lane = lane
        self._given = store

    def write(self, run_id: str) -> None:
        """Ask for the script of a run that lists its pictures itself where they are few."""
        self._lane.do(
            self._written,
            run_id,
            work="Writing the code",
            on_result=lambda found: self.written.emit(run_id, *found),
            on_failure=lambda reason: self.failed.emit(run_id, reason),
        )

    def save(self, run_id: str, folder: Path) -> None:
        """Write the script of a run into a new folder, with what it needs."""
        self._lane.do(
            self._saved,
            run_id,
            folder,
            work="Saving the code",
            on_result=lambda sentence: self.saved.emit(sentence, True),
            on_failure=self._on_not_saved,
        )

    def _on_not_saved(self, reason: Reason) -> None:
        self.saved.emit(reason.sentence, False)

    # In the lane

    def _written(self, run_id: str) -> tuple[str, tuple[str, ...]]:
        from desktop_app.core.training.script.script import script_of

        script = script_of(self._store().get(run_id), in_folder=False)
        found = script.text, script.notes
        del script
        gc.collect()  # the network is full of cycles
        return found

    def _saved(self, run_id: str, folder: Path) -> str:
        from desktop_app.core.training.script.writing import write_script

        write_script(self._store().get(run_id), folder)
        gc.collect()
        return f"Saved the code in {printable(str(folder))}. Run it: python train.py"

    def _store(self) -> RunStore:
        from desktop_app.core.training.runs.store import RunStore

        return self._given or RunStore.default()
