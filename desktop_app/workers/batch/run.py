"""Running a job, one at a time, as the window uses it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.core.batch.job.control import BatchControl
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.workers.batch.run_worker import BatchRunner, Opened

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.batch.run.pace import Progress
    from desktop_app.core.batch.run.runner import Summary
    from desktop_app.core.classify.pool import ModelPool
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.workers.threads.task import Lane

_log = logging.getLogger(__name__)


class BatchRun(QObject):
    """Starts and resumes jobs; lives in the GUI thread.

    Signals:
        running_changed: Whether a job is running; comes before its first and after its last signal.
        made: The `OpenJob` of a new job; not emitted when an earlier one is resumed.
        loading: The name of the model that is being loaded; empty when that has ended.
        progressed: The `Progress` of the job.
        ended: The `Summary` of the run.
        withdrawn: The path of a new job that failed before it found a picture; `failed` follows.
        failed: The `Reason`.
    """

    running_changed = Signal(bool)
    made = Signal(object)
    loading = Signal(str)
    progressed = Signal(object)
    ended = Signal(object)
    withdrawn = Signal(object)
    failed = Signal(object)

    def __init__(self, pool: ModelPool, lane: Lane, parent: QObject) -> None:
        super().__init__(parent)
        self._job: Path | None = None
        self._control = BatchControl()
        self._paused = self._loading = self._is_made = self._is_new = False
        self._left = 0
        self._lane = lane
        self._runner = BatchRunner(pool)
        self._given_up = CancelSource()

    @property
    def job(self) -> Path | None:
        """The running job; None when none runs, and already when `ended` or `failed` comes."""
        return self._job

    @property
    def paused(self) -> bool:
        """Whether it is paused."""
        return self._paused

    def start(self, path: Path, sources: tuple[Path, ...] = (), model_id: str = "") -> None:
        """Start a job, or without sources resume one; none may be running."""
        self._control = BatchControl()
        self._is_new = False
        self._left = 0
        self._job, self._is_made = path, bool(sources)
        self.running_changed.emit(True)
        self._given_up = CancelSource()
        self._lane.do(
            self._runner.run,
            path,
            self._control.token,
            sources,
            model_id,
            work="The batch",
            advice="The results so far are kept; the batch can be resumed.",
            on_progress=self._on_progress,
            on_result=self._on_ended,
            on_failure=self._on_failed,
            cancel=self._given_up.token,
        )

    def pause(self) -> None:
        """Pause after the current batch; `Progress.paused` follows."""
        self._control.pause()

    def unpause(self) -> None:
        """Resume after a pause."""
        self._control.unpause()

    def cancel(self) -> None:
        """End after the current batch, or at once while the model is being loaded."""
        self._control.cancel()
        self._give_up_loading()

    def interrupt(self) -> None:
        """End like `cancel`, since the app ends."""
        self._control.interrupt()
        self._give_up_loading()

    def _give_up_loading(self) -> None:
        if self._job is not None and self._loading:
            # Loading cannot be interrupted; the lane drops the job afterwards, and its reports are ignored.
            self._given_up.cancel()
            from desktop_app.core.batch.run.runner import Summary

            summary = Summary(finished=False, answered=0, failed=0, left=self._left, seconds=0.0)
            self._on_ended(summary)

    def _on_progress(self, news: Opened | str | Progress) -> None:
        if isinstance(news, Opened):
            self._left = news.left
            if self._is_made:
                self._is_new = True
                self.made.emit(news.job)
        elif isinstance(news, str):
            self._loading = bool(news)
            self.loading.emit(news)
        else:
            self._paused = news.paused
            self._is_new = self._is_new and not news.found
            self.progressed.emit(news)

    def _on_ended(self, summary: Summary) -> None:
        self._end()
        _log.info("A job has ended: %d pictures classified, %d left", summary.answered, summary.left)
        self.ended.emit(summary)
        self.running_changed.emit(False)

    def _on_failed(self, reason: Reason) -> None:
        path = self._job
        self._end()
        _log.info("A job has failed")
        if self._is_new:
            self.withdrawn.emit(path)
        self.failed.emit(reason)
        self.running_changed.emit(False)

    def _end(self) -> None:
        self._job = None
        self._paused = False
        if self._loading:
            self._loading = False
            self.loading.emit("")
