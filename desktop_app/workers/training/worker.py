"""The training thread's worker: one fit at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.engine.libraries import import_picture_modules
from desktop_app.core.foundation.errors import Reason, SightlineError
from desktop_app.core.training.records.events import Finished, Started
from desktop_app.core.training.records.result import TrainingResult
from desktop_app.workers.threads.decoding import decoding_threads

if TYPE_CHECKING:
    from desktop_app.core.library.store import Library
    from desktop_app.core.training.loop.control import ControlToken
    from desktop_app.core.training.records.events import TrainingEvent
    from desktop_app.core.training.runs.store import RunStore
    from desktop_app.core.training.settings.config import TrainingConfig


@dataclass(frozen=True, slots=True)
class StartRequest:
    """Train a new network."""

    config: TrainingConfig
    control: ControlToken


@dataclass(frozen=True, slots=True)
class ResumeRequest:
    """Resume a run."""

    run_id: str
    control: ControlToken


class TrainingWorker(QObject):
    """Wraps `fit.train` and `fit.resume`; lives in the training thread.

    Signals:
        event_arrived: The fit's event, unchanged; the last one of each request is a `Finished`.
        ended: The end of a request, after its last event, in any case.
    """

    event_arrived = Signal(object)
    ended = Signal()

    def __init__(self, library: Library, runs: RunStore | None = None) -> None:
        super().__init__()
        self._library = library
        self._runs = runs
        self._run_id = ""
        self._finished = False

    @Slot(object)
    def start(self, request: StartRequest) -> None:
        """Train a new network."""
        self._work(request, "", request.config.name)

    @Slot(object)
    def resume(self, request: ResumeRequest) -> None:
        """Resume a run."""
        self._work(request, request.run_id, request.run_id)

    def _work(self, request: StartRequest | ResumeRequest, run_id: str, name: str) -> None:
        self._run_id, self._finished = run_id, False
        try:
            result = self._fit(request)
            if not self._finished:
                self._tell(Finished(result))
        except SightlineError as error:
            self._fail(name, error.reason)
        except Exception as error:
            advice = "You can resume it in Runs."
            self._fail(name, Reason.of_defect("The training", error, advice))
            raise  # a defect: the excepthook opens the crash dialog, the thread lives on
        finally:
            self.ended.emit()

    def _fit(self, request: StartRequest | ResumeRequest) -> TrainingResult:
        import_picture_modules()
        from desktop_app.core.training.fit import resume, train

        fit = (
            partial(train, request.config)
            if isinstance(request, StartRequest)
            else partial(resume, request.run_id)
        )
        return fit(
            self._tell,
            request.control,
            runs=self._runs,
            library=self._library,
            make_executor=decoding_threads,
        )

    def _fail(self, name: str, reason: Reason) -> None:
        if not self._finished:
            self._tell(Finished(TrainingResult("failed", self._run_id, name, None, 0, None, None, reason)))

    def _tell(self, event: TrainingEvent) -> None:
        if isinstance(event, Started):
            self._run_id = event.run_id
        self._finished = isinstance(event, Finished)
        self.event_arrived.emit(event)
