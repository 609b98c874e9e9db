"""Training, as the window uses it: data, estimates, the fit and its runs."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.core.datasets.question import Question
from desktop_app.core.engine.libraries import import_run_modules
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.text import printable
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.records.events import Finished, PauseChanged, Started
from desktop_app.workers.threads.task import Lane
from desktop_app.workers.threads.thread import stop_all
from desktop_app.workers.threads.thumbnails import thumbnail_wishes
from desktop_app.workers.threads.wishes import Wishes
from desktop_app.workers.training.augmenter import Augmenter
from desktop_app.workers.training.calls import answer, crop, estimate, examine, reconsider
from desktop_app.workers.training.corrections import Corrections
from desktop_app.workers.training.fitting import Fitting
from desktop_app.workers.training.messages import AugmentationPreview, Refusal
from desktop_app.workers.training.run_code import RunCode
from desktop_app.workers.training.training_runs import TrainingRuns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.datasets.answers import Answers
    from desktop_app.core.datasets.report import DatasetReport
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.images.sources import ReadPicture
    from desktop_app.core.library.store import Library
    from desktop_app.core.training.outcome.estimate import EstimateRequest
    from desktop_app.core.training.records.events import TrainingEvent
    from desktop_app.core.training.runs.run_entry import RunEntry
    from desktop_app.core.training.runs.store import RunStore
    from desktop_app.core.training.settings.config import TrainingConfig
    from desktop_app.workers.training.messages import AugmentationRequest

_log = logging.getLogger(__name__)

_LANES = ("training", "estimates", "augmentation", "datasets", "labels", "corrections", "thumbnails", "code")


class TrainingService(QObject):
    """Checks data, estimates a training, trains and manages the runs; lives in the GUI thread.

    Each kind of work has a lane of its own: nothing in the window waits for a fit or for the check of
    a large folder. Of checks, estimates and previews the latest request wins.

    Args:
        library: The folder for trained models.
        runs: The folder of the runs; None takes the user's.

    Signals:
        scan_started: The path that is being checked.
        scan_progressed: The `ScanProgress` of the check.
        scan_ended: The `DatasetReport` of the check.
        scan_asked: The `Question` that must be answered before the data can be read; see `answer`.
        scan_failed: The `Reason`; None if the check was cancelled.
        thumbnail_ready: The requested `PictureThumbnail`.
        estimated: The requested `Estimate`.
        augmentation_ready: The requested `AugmentationPreview`.
        event_arrived: The `TrainingEvent` of the fit; the last one of every training is `Finished`.
        running_changed: Whether a training is running; comes before its first and after its last event.
        runs_changed: The runs, a ``tuple[RunEntry, ...]``, newest first.
        undo_available: The removed run that can be restored, as a sentence; empty when there is none.
        message: The outcome of a request, and whether it succeeded.

    Attributes:
        corrections: Improbable labels of the data, and the user's corrections.
        code: The scripts of runs.
    """

    scan_started = Signal(object)
    scan_progressed = Signal(object)
    scan_ended = Signal(object)
    scan_asked = Signal(object)
    scan_failed = Signal(object)
    thumbnail_ready = Signal(object)
    estimated = Signal(object)
    augmentation_ready = Signal(object)
    event_arrived = Signal(object)
    running_changed = Signal(bool)
    runs_changed = Signal(object)
    undo_available = Signal(str)
    message = Signal(str, bool)

    def __init__(self, library: Library, runs: RunStore | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._examining = self._answered = False
        self._cancel_source = CancelSource()
        self._report: DatasetReport | None = None
        self._control: TrainingControl | None = None
        self._paused = self._closing = False
        self._resumed = ""
        self._runs: tuple[RunEntry, ...] = ()
        self._lanes = {name: Lane(name, self) for name in _LANES}
        self._lanes["runs"] = Lane("runs", self, import_run_modules)
        self._fit = Fitting(
            self._lanes["training"],
            library,
            runs,
            on_event=self._on_event,
            on_end=self._on_training_ended,
        )
        self._estimates = Wishes(
            self._lanes["estimates"],
            estimate,
            work="Trying the network",
            on_result=lambda _wish, answer: self.estimated.emit(answer),
            on_failure=self._on_not_estimated,
        )
        self._augmentations = Wishes(
            self._lanes["augmentation"],
            Augmenter().preview,
            work="Changing the pictures at random",
            on_result=self._on_augmented,
            on_failure=lambda _request, reason: self._say(reason),
        )
        self._thumbnails = thumbnail_wishes(self._lanes["thumbnails"], self.thumbnail_ready.emit)
        self.corrections = Corrections(self._lanes["labels"], self._lanes["corrections"], library, self)
        self.code = RunCode(self._lanes["code"], runs, self)
        self.corrections.corrected.connect(self._on_corrected)
        self.corrections.message.connect(self.message)
        self._kept = TrainingRuns(
            self._lanes["runs"],
            runs,
            on_listed=self._on_runs_listed,
            on_offer=self.undo_available.emit,
            say=self.message.emit,
        )

    # Data

    @property
    def report(self) -> DatasetReport | None:
        """The data set that was checked last; None if there is none yet."""
        return self._report

    @property
    def answered(self) -> bool:
        """Whether the data that cannot be trained on were read as somebody decided."""
        return self._answered

    def open_data(self, path: Path, answers: Answers | None = None) -> None:
        """Check a folder or an archive, and cancel a check that is under way.

        Args:
            path: Path of the data.
            answers: What was decided about how they are read; by default what is kept of them.
        """
        self._check(examine, path, answers)

    def answer(self, path: Path, answers: Answers) -> None:
        """Keep answers about data, and check them again."""
        self._check(answer, path, answers)

    def forget_answers(self, path: Path) -> None:
        """Forget all answers about data, and check them again."""
        self._check(answer, path, None)

    def reconsider(self, path: Path, answers: Answers) -> None:
        """Check data with fewer answers; what is kept of them changes only when nothing is asked."""
        self._check(reconsider, path, answers)

    def make_crops(self, data: Path, target: Path) -> None:
        """Write what is in the boxes of data into a new folder, and check that; as `open_data` otherwise."""
        self._cancel_source.cancel()
        self._cancel_source = CancelSource()
        self._examining = True
        self.corrections.stop()
        self._thumbnails.clear()
        self.scan_started.emit(data)
        self._lanes["datasets"].do(
            crop,
            data,
            target,
            self._cancel_source.token,
            work="Making crops",
            advice="Choose another folder.",
            on_progress=self.scan_progressed.emit,
            on_result=self._on_examined,
            on_failure=self._on_not_examined,
            cancel=self._cancel_source.token,
        )

    def cancel_scan(self) -> None:
        """Cancel the check that is under way; `scan_failed` follows at once."""
        if self._examining:
            self._cancel_source.cancel()
            self._on_not_examined(None)

    def request_thumbnails(self, paths: Sequence[Path | ReadPicture]) -> None:
        """Ask for thumbnails in this order, before all that were asked for earlier.

        The oldest requests of a very long list are dropped, and all of them when other data is opened.
        """
        self._thumbnails.ask(*paths)

    # Estimates and previews

    def estimate(self, request: EstimateRequest) -> None:
        """Ask for an estimate of a training; beside a fit nothing is timed. The latest request wins."""
        self._estimates.ask((request, not self.running))

    def preview_augmentation(self, request: AugmentationRequest) -> None:
        """Ask for pictures as a network would see them; the latest request wins."""
        self._augmentations.ask(request)

    # The fit

    @property
    def running(self) -> bool:
        """Whether a training is running, from the request to its last event."""
        return self._control is not None

    @property
    def paused(self) -> bool:
        """Whether the running training is paused."""
        return self._paused

    @property
    def resumed(self) -> str:
        """Id of the run that was resumed; empty if the last training was a new one."""
        return self._resumed

    def start(self, config: TrainingConfig) -> None:
        """Train a network, unless one is being trained."""
        control = self._begin()
        if control is not None:
            self._fit.start(config, control.token)

    def resume(self, run_id: str) -> None:
        """Resume a run, unless a network is being trained."""
        control = self._begin(run_id)
        if control is not None:
            self._fit.resume(run_id, control.token)

    def stop(self) -> None:
        """End the training at the next batch and keep the best epoch so far as a model."""
        if self._control is not None:
            self._control.stop()

    def cancel(self) -> None:
        """End the training at the next batch and discard the run."""
        if self._control is not None:
            self._control.cancel()

    def pause(self) -> None:
        """Pause the training after the current batch; `PauseChanged` follows."""
        if self._control is not None:
            self._control.pause()

    def unpause(self) -> None:
        """Resume the paused training."""
        if self._control is not None:
            self._control.unpause()

    def try_out(self, picture: Path) -> None:
        """Have the network that is being trained answer for a picture; `TriedOut` follows each epoch."""
        if self._control is not None:
            self._control.try_out(picture)

    # Runs

    @property
    def runs(self) -> tuple[RunEntry, ...]:
        """The runs as last listed, newest first."""
        return self._runs

    def refresh_runs(self) -> None:
        """List the runs again; `runs_changed` follows."""
        self._kept.refresh()

    def rename_run(self, run_id: str, name: str) -> None:
        """Give a run another readable name."""
        self._kept.rename(run_id, name)

    def remove_run(self, run_id: str) -> None:
        """Move a run to the trash; `undo_available` follows."""
        self._kept.remove(run_id)

    def undo_remove_run(self) -> None:
        """Restore the last removed run."""
        self._kept.undo_remove()

    def empty_runs_trash(self) -> None:
        """Delete removed runs permanently."""
        self._kept.empty_trash()

    def shutdown(self, seconds: float = 2.0) -> bool:
        """Interrupt the fit so that it can be resumed, cancel everything else and end the threads.

        Returns:
            Whether all ended in time; an estimate, for example, cannot be interrupted.
        """
        self._closing = True
        if self._control is not None:
            self._control.interrupt()
        self._cancel_source.cancel()
        self.corrections.stop()
        self._thumbnails.clear()
        self._estimates.clear()
        self._augmentations.clear()
        return stop_all(tuple(self._lanes.values()), seconds)

    def _check(self, call: Callable[..., object], path: Path, answers: Answers | None) -> None:
        self._cancel_source.cancel()
        self._cancel_source = CancelSource()
        self._examining = True
        self._answered = False
        self.corrections.stop()
        self._thumbnails.clear()
        self.scan_started.emit(path)
        self._lanes["datasets"].do(
            call,
            path,
            self._cancel_source.token,
            answers,
            work=f"Checking {printable(str(path))}",
            advice="Choose another folder.",
            on_progress=self.scan_progressed.emit,
            on_result=self._on_examined,
            on_failure=self._on_not_examined,
            cancel=self._cancel_source.token,
        )

    # Outcomes

    def _say(self, reason: Reason) -> None:
        self.message.emit(reason.sentence, False)

    def _on_examined(self, report: DatasetReport | Question | Refusal) -> None:
        if isinstance(report, Refusal):
            self._answered = True
            self._on_not_examined(report.reason)
            return
        self._examining = False
        if isinstance(report, Question):
            self.scan_asked.emit(report)
            _log.info("Checked a data set: it asks about %s", report.key)
            return
        self._report = report
        self.corrections.take(report)
        self.scan_ended.emit(report)
        _log.info(
            "Checked a data set: %d pictures, %d classes, %d problems",
            len(report.examples),
            len(report.classes),
            len(report.problems),
        )

    def _on_corrected(self, report: DatasetReport) -> None:
        self._report = report

    def _on_not_examined(self, reason: Reason | None) -> None:
        self._examining = False
        self.scan_failed.emit(reason)

    def _on_not_estimated(self, wish: tuple[EstimateRequest, bool], reason: Reason) -> None:
        from desktop_app.core.training.outcome.estimate import Estimate

        self.estimated.emit(Estimate(wish[0], 0, None, reason))

    def _on_augmented(self, request: AugmentationRequest, pictures: tuple[NDArray[np.uint8], ...]) -> None:
        self.augmentation_ready.emit(AugmentationPreview(request, pictures))

    def _on_event(self, event: TrainingEvent) -> None:
        if isinstance(event, PauseChanged):
            self._paused = event.paused
        elif isinstance(event, Started):
            self.refresh_runs()
        self.event_arrived.emit(event)
        if isinstance(event, Started):
            _log.info("A training has begun: %s on %s", event.recipe, event.device)
        elif isinstance(event, Finished):
            _log.info("A training has ended: %s", event.result.status)

    def _on_training_ended(self) -> None:
        self._control = None
        self._paused = False
        self.corrections.lock(locked=False)
        self.running_changed.emit(False)
        self.refresh_runs()

    def _on_runs_listed(self, runs: tuple[RunEntry, ...]) -> None:
        before, self._runs = self._runs, runs
        self.runs_changed.emit(runs)
        if len(runs) != len(before):
            resumable = sum(entry.resumable for entry in runs)
            _log.info("Training runs: %d, resumable: %d", len(runs), resumable)

    def _begin(self, resumed: str = "") -> TrainingControl | None:
        """Prepare the token of a new training; None if one is running."""
        if self._closing:
            return None
        if self._control is not None:
            self.message.emit("A network is being trained: stop it first, or wait until it is done.", False)
            return None
        self._control = TrainingControl()
        self._resumed = resumed
        self.corrections.lock(locked=True)
        self.running_changed.emit(True)
        return self._control
