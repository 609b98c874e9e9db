"""Running a job, one at a time, as the window uses it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from desktop_app.core.batch.job.control import BatchControl
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.workers.batch.running import Answering, Loading, Opened, Running

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop_app.core.batch.run.pace import Progress
    from desktop_app.core.batch.run.runner import Summary
    from desktop_app.core.classify.pool import ModelPool
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.inference.choice import AnsweredBy
    from desktop_app.core.networks.input_spec import Fit
    from desktop_app.workers.batch.messages import OpenJob
    from desktop_app.workers.threads.task import Lane

_log = logging.getLogger(__name__)


class BatchRun:
    """Starts and resumes jobs; lives in its owner's thread.

    Args:
        pool: The models in memory.
        lane: A lane of its own.
        on_running: The receiver of whether a job is running, before its first and after its last call.
        on_made: The receiver of the `OpenJob` of a new job; not called when an earlier one is resumed.
        on_loading: The receiver of what is being done until the model is there; empty when that has ended.
        on_answering: The receiver of the `AnsweredBy` of this run.
        on_progress: The receiver of the `Progress` of the job.
        on_ended: The receiver of the `Summary` of the run.
        on_withdrawn: The receiver of the path of a new job that failed before it found a picture.
        on_failed: The receiver of the `Reason`.
    """

    def __init__(
        self,
        pool: ModelPool,
        lane: Lane,
        *,
        on_running: Callable[[bool], object],
        on_made: Callable[[OpenJob], object],
        on_loading: Callable[[str], object],
        on_answering: Callable[[AnsweredBy], object],
        on_progress: Callable[[Progress], object],
        on_ended: Callable[[Summary], object],
        on_withdrawn: Callable[[Path], object],
        on_failed: Callable[[Reason], object],
    ) -> None:
        self._pool = pool
        self._lane = lane
        self._on_running = on_running
        self._on_made = on_made
        self._on_loading = on_loading
        self._on_answering = on_answering
        self._on_progress = on_progress
        self._on_ended = on_ended
        self._on_withdrawn = on_withdrawn
        self._on_failed = on_failed
        self._running: Running | None = None
        self._control = BatchControl()
        self._dropped = CancelSource()
        self._paused = self._loading = self._is_new = False
        self._left = 0

    @property
    def job(self) -> Path | None:
        """The running job; None when none runs, and already when `ended` or `failed` comes."""
        return self._running.path if self._running is not None else None

    @property
    def paused(self) -> bool:
        """Whether it is paused."""
        return self._paused

    def start(
        self, path: Path, sources: tuple[Path, ...] = (), model_id: str = "", fit: Fit | None = None
    ) -> None:
        """Start a job, or without sources resume one; none may be running. See `Running`."""
        self._control = BatchControl()
        self._dropped = CancelSource()
        self._is_new = False
        self._left = 0
        self._running = Running(self._pool, path, self._control.token, sources, model_id, fit)
        self._on_running(True)
        self._lane.do(
            self._running.run,
            work="The batch",
            advice="The results so far are kept; the batch can be resumed.",
            on_progress=self._on_step,
            on_result=self._on_result,
            on_failure=self._on_failure,
            cancel=self._dropped.token,
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
        if self._running is not None and self._loading:
            # Loading cannot be interrupted; the lane ends the job afterwards, and its calls are dropped.
            from desktop_app.core.batch.run.runner import Summary

            self._dropped.cancel()
            self._on_result(Summary(finished=False, answered=0, failed=0, left=self._left, seconds=0.0))

    def _on_step(self, step: Opened | Loading | Answering | Progress) -> None:
        if isinstance(step, Opened):
            self._left = step.left
            if self._running is not None and self._running.sources:
                self._is_new = True
                self._on_made(step.job)
        elif isinstance(step, Loading):
            self._loading = bool(step.message)
            self._on_loading(step.message)
        elif isinstance(step, Answering):
            self._on_answering(step.by)
        else:
            self._paused = step.paused
            self._is_new = self._is_new and not step.found
            self._on_progress(step)

    def _on_result(self, summary: Summary) -> None:
        self._end()
        _log.info("A job has ended: %d pictures classified, %d left", summary.answered, summary.left)
        self._on_ended(summary)
        self._on_running(False)

    def _on_failure(self, reason: Reason) -> None:
        path = self.job
        self._end()
        _log.info("A job has failed")
        if self._is_new and path is not None:
            self._on_withdrawn(path)
        self._on_failed(reason)
        self._on_running(False)

    def _end(self) -> None:
        self._running = None
        self._paused = False
        if self._loading:
            self._loading = False
            self._on_loading("")
