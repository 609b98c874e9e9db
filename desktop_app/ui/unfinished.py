"""What an earlier window, or a power cut, left unfinished: reported once, at the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from desktop_app.core.training.runs.run_entry import RunEntry
    from desktop_app.workers.batch.batch_service import BatchService
    from desktop_app.workers.batch.messages import JobEntry
    from desktop_app.workers.training.training_service import TrainingService


class Unfinished(QObject):
    """Asks for the first lists of trainings and of jobs, once the window has time for it.

    Signals:
        told: One or two sentences; the second list repeats the sentence of the first.
    """

    told = Signal(str)

    def __init__(self, training: TrainingService, batch: BatchService, parent: QObject) -> None:
        super().__init__(parent)
        self._training = training
        self._batch = batch
        self._said: list[str] = []
        training.runs_changed.connect(self._on_runs_listed)
        batch.jobs_changed.connect(self._on_jobs_listed)

    def look(self) -> None:
        """Ask for both lists."""
        self._training.refresh_runs()
        self._batch.refresh_jobs()

    def _on_runs_listed(self, entries: tuple[RunEntry, ...]) -> None:
        self._training.runs_changed.disconnect(self._on_runs_listed)
        names = [
            entry.record.name for entry in entries if entry.record.state == "interrupted" and entry.resumable
        ]
        if len(names) == 1:
            self._say(f"Training '{names[0]}' was interrupted. Resume it in Runs.")
        elif names:
            self._say(f"{len(names):,} trainings were interrupted. Resume them in Runs.")

    def _on_jobs_listed(self, entries: tuple[JobEntry, ...]) -> None:
        """Report the latest job only: starting another one since means that the earlier ones may wait."""
        self._batch.jobs_changed.disconnect(self._on_jobs_listed)
        if entries and entries[0].state == "interrupted" and not entries[0].problem:
            self._say(f"Batch '{entries[0].name}' was interrupted. Resume it in Batch.")

    def _say(self, sentence: str) -> None:
        self._said.append(sentence)
        self.told.emit(" ".join(self._said))
