"""One fit at a time."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from desktop_app.core.training.records.events import Finished, Started
from desktop_app.core.training.records.result import TrainingResult
from desktop_app.workers.threads.decoding import decoding_threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.library.store import Library
    from desktop_app.core.training.loop.control import ControlToken
    from desktop_app.core.training.records.events import TrainingEvent
    from desktop_app.core.training.runs.store import RunStore
    from desktop_app.core.training.settings.config import TrainingConfig
    from desktop_app.workers.threads.task import Lane


class Fitting:
    """Has networks trained in a lane; lives in its owner's thread.

    Args:
        lane: A lane for fits alone, since Keras keeps settings for each thread.
        library: The folder for trained models.
        runs: The folder of the runs; None takes the user's.
        on_event: The receiver of each event of a fit, unchanged; the last one is a `Finished`, in any case.
        on_end: The function that is called after it.
    """

    def __init__(
        self,
        lane: Lane,
        library: Library,
        runs: RunStore | None,
        *,
        on_event: Callable[[TrainingEvent], object],
        on_end: Callable[[], object],
    ) -> None:
        self._lane = lane
        self._library = library
        self._runs = runs
        self._on_event = on_event
        self._on_end = on_end
        self._run_id = self._name = ""
        self._finished = False

    def start(self, config: TrainingConfig, control: ControlToken) -> None:
        """Train a new network."""
        self._run_id, self._name = "", config.name
        self._fit("train", config, control)

    def resume(self, run_id: str, control: ControlToken) -> None:
        """Resume a run."""
        self._run_id = self._name = run_id
        self._fit("resume", run_id, control)

    def _fit(self, function: str, subject: TrainingConfig | str, control: ControlToken) -> None:
        self._finished = False
        self._lane.do(
            partial(_fit, function, subject, control, library=self._library, runs=self._runs),
            work="The training",
            advice="You can resume it in Runs.",
            on_progress=self._tell,
            on_result=self._on_result,
            on_failure=self._on_failure,
            on_end=self._on_end,
        )

    def _tell(self, event: TrainingEvent) -> None:
        if isinstance(event, Started):
            self._run_id = event.run_id
        self._finished = isinstance(event, Finished)
        self._on_event(event)

    def _on_result(self, result: TrainingResult) -> None:
        if not self._finished:
            self._tell(Finished(result))

    def _on_failure(self, reason: Reason) -> None:
        self._on_result(TrainingResult("failed", self._run_id, self._name, None, 0, None, None, reason))


def _fit(
    function: str,
    subject: TrainingConfig | str,
    control: ControlToken,
    *,
    on_progress: Callable[[TrainingEvent], None],
    library: Library,
    runs: RunStore | None,
) -> TrainingResult:
    from desktop_app.core.training import fit

    call: Callable[..., TrainingResult] = getattr(fit, function)
    return call(subject, on_progress, control, runs=runs, library=library, make_executor=decoding_threads)
