"""What the window shows of a batch while another pane, or another window, is in front."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.ui.batch.jobs.job_words import part_done, progress_words

if TYPE_CHECKING:
    from desktop_app.core.batch.run.pace import Progress
    from desktop_app.core.batch.run.runner import Summary
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.workers.batch.batch_service import BatchService


class BatchWatch(QObject):
    """Puts the progress of a job into a few words.

    Signals:
        told: The job's progress, in short and as a sentence; both empty when none runs.
        ended: A title and a sentence about the end of a job that was not cancelled.
    """

    told = Signal(str, str)
    ended = Signal(str, str)

    def __init__(self, batch: BatchService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._batch = batch
        self._shown = ("", "")
        batch.running_changed.connect(self._on_running_changed)
        batch.progressed.connect(self._on_progressed)
        batch.ended.connect(self._on_ended)
        batch.failed.connect(self._on_failed)
        self._on_running_changed(batch.running)

    def _on_running_changed(self, running: bool) -> None:
        if running:
            self._tell("Batch…", "Starting a batch")
        else:
            self._tell("", "")

    def _on_progressed(self, progress: Progress) -> None:
        part = part_done(progress)
        tried = progress.done + progress.failed
        short = f"Batch {tried:,}" if part is None else f"Batch {int(100 * part)}%"
        state = "paused, " if progress.paused else ""
        words = progress_words(progress).replace(" · ", ", ")
        self._tell("Batch paused" if progress.paused else short, f"{self._name()}: {state}{words}")

    def _on_ended(self, summary: Summary) -> None:
        if summary.finished:
            self.ended.emit(f"Batch finished: {self._bare_name()}", summary.sentence)

    def _on_failed(self, reason: Reason) -> None:
        if self._shown[0]:  # it was running; a job that did not start is reported where it was requested
            self.ended.emit(f"Batch failed: {self._bare_name()}", reason.sentence)

    def _tell(self, short: str, sentence: str) -> None:
        if (short, sentence) != self._shown:
            self._shown = (short, sentence)
            self.told.emit(short, sentence)

    def _name(self) -> str:
        return f"Batch of {self._bare_name()}"

    def _bare_name(self) -> str:
        return self._batch.opened.name if self._batch.opened is not None else "pictures"
