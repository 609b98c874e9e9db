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
    from desktop_app.workers.training.training_service import TrainingService


@dataclass(frozen=True, slots=True)
class Services:
    """The services, each with threads of its own.

    Attributes:
        session: The pictures and their answers.
        library: The installed models.
        devices: What the status bar shows of the device.
        training: Data, fits and runs.
        batch: Whole folders.
        label_service: Labels for other programs.
        about: Licences, and whether there is a newer version.
    """

    session: ClassifySession
    library: LibraryService
    devices: DeviceMonitor
    training: TrainingService
    batch: BatchService
    label_service: LabelService
    about: AboutService
