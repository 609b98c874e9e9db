"""What the window needs only once it has been painted: trainings, batches, the local API and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QWidget

    from desktop_app.ui.closing import Closing
    from desktop_app.ui.export.export_flow import ExportFlow
    from desktop_app.ui.services import WindowServices
    from desktop_app.ui.similar_flow import SimilarFlow
    from desktop_app.ui.unfinished import Unfinished

MODULES = (
    "desktop_app.workers.batch.messages",
    "desktop_app.workers.batch.run",
    "desktop_app.workers.batch.batch_service",
    "desktop_app.core.training.records.events",
    "desktop_app.core.datasets.report",
    "desktop_app.core.training.records.result",
    "desktop_app.workers.training.training_service",
    "desktop_app.workers.service.label_service",
    "desktop_app.workers.similar.similar_service",
    "desktop_app.workers.export.export_service",
    "desktop_app.ui.batch_watch",
    "desktop_app.ui.closing",
    "desktop_app.ui.export.export_flow",
    "desktop_app.ui.training_watch",
    "desktop_app.ui.similar_flow",
    "desktop_app.ui.unfinished",
)
"""What the parts need: in the GUI thread, importing it would keep the window from painting for 0.1 s."""


class LaterParts(QObject):
    """Makes these services, and what puts their reports into words, step by step or when first asked for.

    Signals:
        said: A sentence for the status bar, and whether it reports a failure.
        training_told: A fit's progress, in short and as a sentence; both empty when none runs.
        training_ended: A title and a sentence about the end of a fit.
        model_kept: The id of a model that a fit has added to the library.
        batch_told: A job's progress, in short and as a sentence; both empty when none runs.
        batch_ended: A title and a sentence about the end of a job.
        export_told: An export's progress or end, in short and as a sentence; both empty when it is in sight.
        export_ended: A title and a sentence about the end of an export.
        service_changed: The `LabelServiceStatus` of the local API.
        data_created: The folder of a data set that the user has made.
        pictures_opened: The paths of pictures to show in the Classify pane.
        may_close: The window may close now, as its user chose while a fit or an export ran.
    """

    said = Signal(str, bool)
    training_told = Signal(str, str)
    training_ended = Signal(str, str)
    model_kept = Signal(str)
    batch_told = Signal(str, str)
    batch_ended = Signal(str, str)
    export_told = Signal(str, str)
    export_ended = Signal(str, str)
    service_changed = Signal(object)
    data_created = Signal(object)
    pictures_opened = Signal(object)
    may_close = Signal()

    def __init__(self, services: WindowServices, window: QWidget) -> None:
        """Make nothing yet.

        Args:
            services: The services.
            window: The window that all this belongs to.
        """
        super().__init__(window)
        self._services = services
        self._window = window
        self._steps = self._all_steps()
        self._then: Callable[[], None] | None = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._on_timeout)
        self._ended = False
        self._closing: Closing | None = None
        self._export_flow: ExportFlow | None = None
        self._similar_flow: SimilarFlow | None = None
        self._unfinished: Unfinished | None = None

    def complete(self) -> WindowServices:
        """Make whatever is still missing; returns the services, all of them connected."""
        for step in self._steps:
            step()
        return self._services

    def begin(self, then: Callable[[], None]) -> None:
        """Make one part after the other, whenever the window has nothing else to do.

        Each step is short if `MODULES` are imported already.

        Args:
            then: Function to call when all are there.
        """
        if not self._ended:
            self._then = then
            self._timer.start()

    def end(self) -> None:
        """Make nothing more: the window has closed."""
        self._ended = True
        self._timer.stop()

    @property
    def closing(self) -> Closing:
        """What asks whether to close while a fit or an export runs."""
        self.complete()
        assert self._closing is not None
        return self._closing

    def nothing_keeps_open(self) -> bool:
        """Whether the window may close; its user is asked while a fit or an export runs."""
        return self._closing is None or self._closing.may_close()

    def export(self, model_id: str) -> None:
        """Open the dialog that exports a model."""
        self.complete()
        assert self._export_flow is not None
        self._export_flow.show(model_id)

    def show_export(self) -> None:
        """Open the dialog of the export that runs or has ended."""
        self.complete()
        assert self._export_flow is not None
        self._export_flow.show_current()

    @property
    def similar_flow(self) -> SimilarFlow:
        """What opens the dialogs of similar pictures."""
        self.complete()
        assert self._similar_flow is not None
        return self._similar_flow

    @property
    def unfinished(self) -> Unfinished:
        """What reports trainings and jobs that an earlier window left unfinished."""
        self.complete()
        assert self._unfinished is not None
        return self._unfinished

    @Slot()
    def _on_timeout(self) -> None:
        step = next(self._steps, None)
        if step is not None:
            step()
            return
        self._timer.stop()
        if self._then is not None:
            self._then()

    def _all_steps(self) -> Iterator[Callable[[], object]]:
        yield self._add_batch
        yield self._add_training
        yield self._add_exports
        yield self._add_label_service
        yield self._add_similar
        yield self._add_unfinished

    def _add_batch(self) -> None:
        from desktop_app.ui.batch_watch import BatchWatch

        batch = self._services.batch
        batch.message.connect(lambda text, ok: self.said.emit(text, not ok))
        watch = BatchWatch(batch, self)
        watch.told.connect(self.batch_told)
        watch.ended.connect(self.batch_ended)

    def _add_training(self) -> None:
        from desktop_app.ui.closing import Closing
        from desktop_app.ui.training_watch import TrainingWatch

        training = self._services.training
        training.message.connect(lambda text, ok: self.said.emit(text, not ok))
        watch = TrainingWatch(training, self)
        watch.told.connect(self.training_told)
        watch.ended.connect(self.training_ended)
        watch.model_kept.connect(self.model_kept)
        self._closing = Closing(self._window, training, self._services.exports)
        self._closing.ready.connect(self.may_close)

    def _add_exports(self) -> None:
        from desktop_app.ui.export.export_flow import ExportFlow

        self._export_flow = ExportFlow(self._services.exports, self._services.library, self._window)
        self._export_flow.told.connect(self.export_told)
        self._export_flow.ended.connect(self.export_ended)
        self._export_flow.said.connect(self.said)

    def _add_label_service(self) -> None:
        service = self._services.label_service
        service.changed.connect(self.service_changed)
        self.service_changed.emit(service.status)

    def _add_similar(self) -> None:
        from desktop_app.ui.similar_flow import SimilarFlow

        self._similar_flow = SimilarFlow(self._services.similar, self._services.library, self._window)
        self._similar_flow.said.connect(self.said)
        self._similar_flow.data_created.connect(self.data_created)
        self._similar_flow.classify_requested.connect(self.pictures_opened)

    def _add_unfinished(self) -> None:
        from desktop_app.ui.unfinished import Unfinished

        self._unfinished = Unfinished(self._services.training, self._services.batch, self)
        self._unfinished.told.connect(lambda text: self.said.emit(text, False))
