"""Running a job, one at a time, as the window uses it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.batch.job.control import BatchControl
from desktop_app.workers.batch.run_worker import BatchRunWorker, RunRequest

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.batch.run.pace import Progress
    from desktop_app.core.batch.run.runner import Summary
    from desktop_app.core.classify.pool import ModelPool
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.workers.batch.messages import OpenJob
    from desktop_app.workers.threads.thread import WorkerThread

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

    _requested = Signal(object)

    def __init__(self, pool: ModelPool, thread: WorkerThread, parent: QObject) -> None:
        super().__init__(parent)
        self._request: RunRequest | None = None
        self._control = BatchControl()
        self._paused = self._loading = self._is_new = False
        self._left = 0
        self._thread = thread
        worker = thread.adopt(BatchRunWorker(pool))
        self._requested.connect(worker.run)
        worker.opened.connect(self._on_opened)
        worker.loading.connect(self._on_loading)
        worker.progressed.connect(self._on_progressed)
        worker.ended.connect(self._on_ended)
        worker.failed.connect(self._on_failed)

    @property
    def job(self) -> Path | None:
        """The running job; None when none runs, and already when `ended` or `failed` comes."""
        return self._request.path if self._request is not None else None

    @property
    def paused(self) -> bool:
        """Whether it is paused."""
        return self._paused

    def start(self, path: Path, sources: tuple[Path, ...] = (), model_id: str = "") -> None:
        """Start a job, or without sources resume one; none may be running."""
        self._control = BatchControl()
        self._is_new = False
        self._left = 0
        self._request = RunRequest(path, self._control.token, sources, model_id)
        self.running_changed.emit(True)
        self._requested.emit(self._request)
        self._thread.begin()

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
        if self._request is not None and self._loading:
            # Loading cannot be interrupted; the worker drops the job afterwards, and its signals are ignored.
            from desktop_app.core.batch.run.runner import Summary

            summary = Summary(finished=False, answered=0, failed=0, left=self._left, seconds=0.0)
            self._on_ended(self._request, summary)

    @Slot(object, object, int)
    def _on_opened(self, request: RunRequest, job: OpenJob, left: int) -> None:
        if request is self._request:
            self._left = left
            if request.sources:
                self._is_new = True
                self.made.emit(job)

    @Slot(object, str)
    def _on_loading(self, request: RunRequest, name: str) -> None:
        if request is self._request:
            self._loading = bool(name)
            self.loading.emit(name)

    @Slot(object, object)
    def _on_progressed(self, request: RunRequest, progress: Progress) -> None:
        if request is self._request:
            self._paused = progress.paused
            self._is_new = self._is_new and not progress.found
            self.progressed.emit(progress)

    @Slot(object, object)
    def _on_ended(self, request: RunRequest, summary: Summary) -> None:
        if request is self._request:
            self._end()
            _log.info("A job has ended: %d pictures classified, %d left", summary.answered, summary.left)
            self.ended.emit(summary)
            self.running_changed.emit(False)

    @Slot(object, object)
    def _on_failed(self, request: RunRequest, reason: Reason) -> None:
        if request is self._request:
            self._end()
            _log.info("A job has failed")
            if self._is_new:
                self.withdrawn.emit(request.path)
            self.failed.emit(reason)
            self.running_changed.emit(False)

    def _end(self) -> None:
        self._request = None
        self._paused = False
        if self._loading:
            self._loading = False
            self.loading.emit("")
