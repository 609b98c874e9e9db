"""What the window works with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from desktop_app.workers.application.device_monitor import DeviceMonitor
from desktop_app.workers.classify.session import ClassifySession
from desktop_app.workers.library.library import LibraryService

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from desktop_app.core.classify.pool import ModelPool
    from desktop_app.core.settings import SettingsStore
    from desktop_app.core.training.runs.store import RunStore
    from desktop_app.workers.application.about import AboutService
    from desktop_app.workers.batch.batch_service import BatchService
    from desktop_app.workers.export.export_service import ExportService
    from desktop_app.workers.service.label_service import LabelService
    from desktop_app.workers.similar.similar_service import SimilarService
    from desktop_app.workers.training.training_service import TrainingService

_ALL = ("session", "library", "devices", "training", "batch", "label_service", "about", "similar", "exports")


class Ending(Protocol):
    """The part of a service that ends its threads."""

    def shutdown(self, seconds: float = 2.0) -> bool:
        """Cancel all work and end the threads; returns whether they have ended."""


class WindowServices(Protocol):
    """The services, each with threads of its own."""

    @property
    def session(self) -> ClassifySession:
        """The pictures and their predictions."""

    @property
    def library(self) -> LibraryService:
        """The installed models."""

    @property
    def devices(self) -> DeviceMonitor:
        """The device status for the status bar."""

    @property
    def training(self) -> TrainingService:
        """The data, fits and runs."""

    @property
    def batch(self) -> BatchService:
        """The jobs on whole folders."""

    @property
    def label_service(self) -> LabelService:
        """The local API for other programs."""

    @property
    def about(self) -> AboutService:
        """The licences, and the check for updates."""

    @property
    def similar(self) -> SimilarService:
        """Similar pictures, and groups of them."""

    @property
    def exports(self) -> ExportService:
        """Models written for other programs."""


@dataclass(frozen=True, slots=True)
class Services:
    """Services that are all there; the attributes are those of `WindowServices`."""

    session: ClassifySession
    library: LibraryService
    devices: DeviceMonitor
    training: TrainingService
    batch: BatchService
    label_service: LabelService
    about: AboutService
    similar: SimilarService
    exports: ExportService


class LateServices:
    """Services of which those that nothing in the first painted window needs are made when first asked for.

    Their modules are not imported before.

    Attributes:
        session: The pictures and their predictions.
        library: The installed models.
        devices: The device status for the status bar.
    """

    def __init__(self, pool: ModelPool, runs: RunStore | None, store: SettingsStore, owner: QObject) -> None:
        """Make the first three.

        Args:
            pool: The models in memory, and their library.
            runs: The folder of the training runs; None for the user's.
            store: The preferences, already loaded.
            owner: Qt's owner of the services.
        """
        self._pool, self._runs, self._store, self._owner = pool, runs, store, owner
        self.session = ClassifySession(pool, owner)
        self.library = LibraryService(pool.library, owner)
        self.devices = DeviceMonitor(owner)

    @cached_property
    def training(self) -> TrainingService:
        """The data, fits and runs."""
        from desktop_app.workers.training.training_service import TrainingService

        return TrainingService(self._pool.library, self._runs, self._owner)

    @cached_property
    def batch(self) -> BatchService:
        """The jobs on whole folders."""
        from desktop_app.workers.batch.batch_service import BatchService

        batch = BatchService(self._pool, self._owner)
        batch.set_fit(self._store.settings.fit)
        return batch

    @cached_property
    def label_service(self) -> LabelService:
        """The local API for other programs."""
        from desktop_app.workers.service.label_service import LabelService

        return LabelService(self._pool, self._owner)

    @cached_property
    def about(self) -> AboutService:
        """The licences, and the check for updates."""
        from desktop_app.workers.application.about import AboutService

        return AboutService(self._owner)

    @cached_property
    def similar(self) -> SimilarService:
        """Similar pictures, and groups of them."""
        from desktop_app.workers.similar.similar_service import SimilarService

        return SimilarService(self._pool.library, self._owner)

    @cached_property
    def exports(self) -> ExportService:
        """Models written for other programs."""
        from desktop_app.workers.export.export_service import ExportService

        return ExportService(self._pool.library, self._runs, self._owner)

    def made(self) -> list[Ending]:
        """Those that exist already."""
        return [vars(self)[name] for name in _ALL if name in vars(self)]
