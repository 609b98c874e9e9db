"""Training, as the window uses it: data, estimates, the fit and its runs."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.records.events import Finished, PauseChanged, Started
from desktop_app.workers.threads.latest_request import LatestRequest
from desktop_app.workers.threads.thread import WorkerThread, stop_all
from desktop_app.workers.threads.thumbnails import ThumbnailQueue
from desktop_app.workers.training.augmentation_worker import AugmentationWorker
from desktop_app.workers.training.dataset_worker import DatasetWorker, ScanRequest
from desktop_app.workers.training.estimates import EstimateJob, EstimateWorker
from desktop_app.workers.training.runs_worker import RunsWorker
from desktop_app.workers.training.worker import ResumeRequest, StartRequest, TrainingWorker

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.datasets.report import DatasetReport, ScanProgress
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.library.store import Library
    from desktop_app.core.training.outcome.estimate import EstimateRequest
    from desktop_app.core.training.records.events import TrainingEvent
    from desktop_app.core.training.runs.run_entry import RunEntry
    from desktop_app.core.training.runs.store import RunStore
    from desktop_app.core.training.settings.config import TrainingConfig
    from desktop_app.workers.training.messages import AugmentationRequest

_log = logging.getLogger(__name__)

_THREADS = ("training", "estimates", "augmentation", "datasets", "thumbnails", "runs")


class TrainingService(QObject):
    """Checks data, estimates a training, trains and manages the runs; lives in the GUI thread.

    Each kind of work has a thread of its own: nothing in the window waits for a fit or for the check of
    a large folder. Of checks, estimates and previews the latest request wins.

    Args:
        library: The folder for trained models.
        runs: The folder of the runs; None takes the user's.

    Signals:
        scan_started: The path that is being checked.
        scan_progressed: The `ScanProgress` of the check.
        scan_ended: The `DatasetReport` of the check.
        scan_failed: The `Reason`; None if the check was cancelled.
        thumbnail_ready: The requested `PictureThumbnail`.
        estimated: The requested `Estimate`.
        augmentation_ready: The requested `AugmentationPreview`.
        event_arrived: The `TrainingEvent` of the fit; the last one of every training is `Finished`.
        running_changed: Whether a training is running; comes before its first and after its last event.
        runs_changed: The runs, a ``tuple[RunEntry, ...]``, newest first.
        undo_available: The removed run that can be restored, as a sentence; empty when there is none.
        message: The outcome of a request, and whether it succeeded.
    """

    scan_started = Signal(object)
    scan_progressed = Signal(object)
    scan_ended = Signal(object)
    scan_failed = Signal(object)
    thumbnail_ready = Signal(object)
    estimated = Signal(object)
    augmentation_ready = Signal(object)
    event_arrived = Signal(object)
    running_changed = Signal(bool)
    runs_changed = Signal(object)
    undo_available = Signal(str)
    message = Signal(str, bool)

    _scan_requested = Signal(object)
    _start_requested = Signal(object)
    _resume_requested = Signal(object)
    _refresh_requested = Signal()
    _rename_requested = Signal(str, str)
    _remove_requested = Signal(str)
    _undo_requested = Signal()
    _empty_requested = Signal()

    def __init__(self, library: Library, runs: RunStore | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scan: ScanRequest | None = None
        self._cancel_source = CancelSource()
        self._report: DatasetReport | None = None
        self._control: TrainingControl | None = None
        self._paused = self._closing = False
        self._resumed = ""
        self._runs: tuple[RunEntry, ...] = ()
        self._threads = {name: WorkerThread(name, self) for name in _THREADS}
        self._connect_fit(library, runs)
        self._connect_plans()
        self._connect_data()
        self._connect_runs(runs)
        for thread in self._threads.values():
            thread.start()

    def _connect_fit(self, library: Library, runs: RunStore | None) -> None:
        worker = self._threads["training"].adopt(TrainingWorker(library, runs))
        self._start_requested.connect(worker.start)
        self._resume_requested.connect(worker.resume)
        worker.event_arrived.connect(self._on_event)
        worker.ended.connect(self._on_training_ended)

    def _connect_plans(self) -> None:
        estimator = self._threads["estimates"].adopt(EstimateWorker())
        self._estimates = LatestRequest(self)
        self._estimates.requested.connect(estimator.estimate)
        estimator.estimated.connect(self.estimated)
        estimator.ended.connect(self._estimates.on_ended)

        augmenter = self._threads["augmentation"].adopt(AugmentationWorker())
        self._augmentations = LatestRequest(self)
        self._augmentations.requested.connect(augmenter.preview)
        augmenter.ready.connect(self.augmentation_ready)
        augmenter.failed.connect(self._on_augmentation_failed)
        augmenter.ended.connect(self._augmentations.on_ended)

    def _connect_data(self) -> None:
        examiner = self._threads["datasets"].adopt(DatasetWorker())
        self._scan_requested.connect(examiner.scan)
        examiner.progressed.connect(self._on_scan_progressed)
        examiner.succeeded.connect(self._on_scan_succeeded)
        examiner.failed.connect(self._on_scan_failed)
        self._thumbnails = ThumbnailQueue(self._threads["thumbnails"], self)
        self._thumbnails.ready.connect(self.thumbnail_ready)

    def _connect_runs(self, runs: RunStore | None) -> None:
        worker = self._threads["runs"].adopt(RunsWorker(runs))
        self._refresh_requested.connect(worker.refresh)
        self._rename_requested.connect(worker.rename)
        self._remove_requested.connect(worker.remove)
        self._undo_requested.connect(worker.undo_remove)
        self._empty_requested.connect(worker.empty_trash)
        worker.listed.connect(self._on_runs_listed)
        worker.ended.connect(self.message)
        worker.undo_available.connect(self.undo_available)

    # Data

    @property
    def report(self) -> DatasetReport | None:
        """The data set that was checked last; None if there is none yet."""
        return self._report

    def open_data(self, path: Path) -> None:
        """Check a folder or an archive, and cancel a check that is under way."""
        self._cancel_source.cancel()
        self._cancel_source = CancelSource()
        self._scan = ScanRequest(path, self._cancel_source.token)
        self._thumbnails.clear()
        self.scan_started.emit(path)
        self._scan_requested.emit(self._scan)

    def cancel_scan(self) -> None:
        """Cancel the check that is under way; `scan_failed` follows at once."""
        if self._scan is not None:
            self._cancel_source.cancel()
            self._scan = None
            self.scan_failed.emit(None)

    def request_thumbnails(self, paths: Sequence[Path]) -> None:
        """Ask for thumbnails in this order, before all that were asked for earlier.

        The oldest requests of a very long list are dropped, and all of them when other data is opened.
        """
        self._thumbnails.add(paths)

    # Estimates and previews

    def estimate(self, request: EstimateRequest) -> None:
        """Ask for an estimate of a training; beside a fit nothing is timed. The latest request wins."""
        self._estimates.ask(EstimateJob(request, timed=not self.running))

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
            self._start_requested.emit(StartRequest(config, control.token))

    def resume(self, run_id: str) -> None:
        """Resume a run, unless a network is being trained."""
        control = self._begin(run_id)
        if control is not None:
            self._resume_requested.emit(ResumeRequest(run_id, control.token))

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

    # Runs

    @property
    def runs(self) -> tuple[RunEntry, ...]:
        """The runs as last listed, newest first."""
        return self._runs

    def refresh_runs(self) -> None:
        """List the runs again; `runs_changed` follows."""
        self._refresh_requested.emit()

    def rename_run(self, run_id: str, name: str) -> None:
        """Give a run another readable name."""
        self._rename_requested.emit(run_id, name)

    def remove_run(self, run_id: str) -> None:
        """Move a run to the trash; `undo_available` follows."""
        self._remove_requested.emit(run_id)

    def undo_remove_run(self) -> None:
        """Restore the last removed run."""
        self._undo_requested.emit()

    def empty_runs_trash(self) -> None:
        """Delete removed runs permanently."""
        self._empty_requested.emit()

    def shutdown(self, seconds: float = 2.0) -> bool:
        """Interrupt the fit so that it can be resumed, cancel everything else and end the threads.

        Returns:
            Whether all ended in time; an estimate, for example, cannot be interrupted.
        """
        self._closing = True
        if self._control is not None:
            self._control.interrupt()
        self._cancel_source.cancel()
        self._thumbnails.clear()
        self._estimates.clear()
        self._augmentations.clear()
        return stop_all(tuple(self._threads.values()), seconds)

    # Reports of the workers

    @Slot(object, object)
    def _on_scan_progressed(self, request: ScanRequest, progress: ScanProgress) -> None:
        if request is self._scan:
            self.scan_progressed.emit(progress)

    @Slot(object, object)
    def _on_scan_succeeded(self, request: ScanRequest, report: DatasetReport) -> None:
        if request is self._scan:
            self._scan = None
            self._report = report
            self.scan_ended.emit(report)
            _log.info(
                "Checked a data set: %d pictures, %d classes, %d problems",
                len(report.examples),
                len(report.classes),
                len(report.problems),
            )

    @Slot(object, object)
    def _on_scan_failed(self, request: ScanRequest, reason: Reason | None) -> None:
        if request is self._scan:
            self._scan = None
            self.scan_failed.emit(reason)

    @Slot(object)
    def _on_augmentation_failed(self, reason: Reason) -> None:
        self.message.emit(reason.sentence, False)

    @Slot(object)
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

    @Slot()
    def _on_training_ended(self) -> None:
        self._control = None
        self._paused = False
        self.running_changed.emit(False)
        self.refresh_runs()

    @Slot(object)
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
        self.running_changed.emit(True)
        return self._control
