"""What the window works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.workers.application.about import AboutService
    from desktop_app.workers.application.device_monitor import DeviceMonitor
    from desktop_app.workers.batch.batch_service import BatchService
    from desktop_app.workers.classify.session import ClassifySession
    from desktop_app.workers.library.library import LibraryService
    from desktop_app.workers.service.label_service import LabelService
    from desktop_app.workers.similar.similar_service import SimilarService
    from desktop_app.workers.training.training_service import TrainingService


@dataclass(frozen=True, slots=True)
class Services:
    """The services, each with threads of its own.

    Attributes:
        session: The pictures and their predictions.
        library: The installed models.
        devices: The device status for the status bar.
        training: The data, fits and runs.
        batch: The jobs on whole folders.
        label_service: The local API for other programs.
        about: The licences, and the check for updates.
        similar: Similar pictures, and groups of them.
    """

    session: ClassifySession
    library: LibraryService
    devices: DeviceMonitor
    training: TrainingService
    batch: BatchService
    label_service: LabelService
    about: AboutService
    similar: SimilarService
