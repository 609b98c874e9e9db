"""The running app: its services, its window, and what happens between start and end."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from desktop_app.core.classify.pool import ModelPool
from desktop_app.core.foundation.text import printable
from desktop_app.core.inference.choice import EngineChoice
from desktop_app.ui.common.first_paint import FirstPaint
from desktop_app.ui.common.notify import Notifier
from desktop_app.ui.later_parts import MODULES
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.services import LateServices
from desktop_app.workers.application.imports import Imports
from desktop_app.workers.classify.messages import ItemState, ModelPhase

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.images.sources import Source
    from desktop_app.core.library.store import Library
    from desktop_app.core.settings import SettingsStore
    from desktop_app.core.training.runs.store import RunStore
    from desktop_app.workers.application.handover import FurtherStart
    from desktop_app.workers.batch.batch_service import BatchService
    from desktop_app.workers.classify.messages import Item, ModelEntry, ModelStatus
    from desktop_app.workers.training.training_service import TrainingService

log = logging.getLogger(__name__)

_LATEST_MS = 10_000
"""When the later parts are made although no picture has an answer yet: a slow link keeps nothing back."""


def _load(model_id: str, library: Library, choice: EngineChoice, tell: Callable[[str], None]) -> Classifier:
    """Load a model, once a thread has imported what that takes; see `load_beside`."""
    from desktop_app.core.classify.beside import load_beside

    return load_beside(model_id, library, choice, tell)


class Desktop(QObject):
    """Makes the services and the window, and connects them.

    The window paints first; then the models are listed, one of them is loaded and the device is watched. Once
    the first picture has its answer, or the model is ready and there is no picture, the window gets what it
    does not paint: trainings, batches and the like. Who asks for one of these earlier gets all of them then.

    Args:
        library: The folder of the models.
        store: The preferences, already loaded.
        runs: The folder of the training runs; the user's by default.

    Signals:
        painted: The window has been painted.
    """

    painted = Signal()

    def __init__(
        self,
        library: Library,
        store: SettingsStore,
        runs: RunStore | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        settings = store.settings
        choice = EngineChoice(settings.engine, settings.precision)
        pool = ModelPool(library, load=_load, choice=choice)
        self._services = LateServices(pool, runs, store, self)
        self.session = self._services.session
        self.library = self._services.library
        self.devices = self._services.devices
        self.session.set_options(settings.fit, allow_private_hosts=settings.allow_private_hosts)
        self._model_chosen = False
        self._later_begun = False
        self._imports = Imports(MODULES, self)
        self._imports.ended.connect(self._on_imported)
        self.library.models_changed.connect(self._on_models_listed)
        self.library.model_forgotten.connect(self.session.forget_model)
        self.library.input_changed.connect(self.session.change_input)
        self.session.model_changed.connect(self._on_model_changed)
        self.window = MainWindow(self._services, store, Notifier(self), later=True)

    @property
    def training(self) -> TrainingService:
        """The service for trainings, connected to the window."""
        return self.window.whole_services().training

    @property
    def batch(self) -> BatchService:
        """The service for batches, likewise."""
        return self.window.whole_services().batch

    def open(self, sources: Sequence[Source], pane: str = "") -> None:
        """Show the window with these pictures, and begin to load once it has been painted.

        Args:
            sources: The pictures, folders and links.
            pane: The pane to show; empty for the one that shows the pictures.
        """
        first_paint = FirstPaint(self.window)
        first_paint.painted.connect(self._on_painted)
        self.window.show()
        if sources or pane:
            self.window.open_sources(sources, pane)

    @Slot(object)
    def open_further(self, start: FurtherStart) -> None:
        """Do what a second start asks for, and raise the window."""
        count, pane = len(start.sources), f", pane {printable(start.pane)}" if start.pane else ""
        log.info("%d source%s from a second start%s", count, "" if count == 1 else "s", pane)
        self.window.open_sources(start.sources, start.pane)

    def shutdown(self, seconds: float = 2.0) -> bool:
        """Cancel all work and end the threads; may be called again to check.

        Returns:
            Whether all threads have ended; loading TensorFlow, for example, cannot be interrupted.
        """
        deadline = time.monotonic() + seconds
        services = [*self._services.made(), self._imports]
        ended = [service.shutdown(max(0.0, deadline - time.monotonic())) for service in services]
        return all(ended)

    @Slot()
    def _on_painted(self) -> None:
        log.info("The window is open.")
        self.painted.emit()
        _start_painting_threads()
        if self._store.problem:
            log.warning("%s", self._store.problem)
            self.window.show_message(self._store.problem, error=True)
        # Beside the later parts, the answer would take longer and the window would be slower: Python runs one
        # thread at a time.
        self.session.model_changed.connect(self._look_for_answer)
        self.session.item_changed.connect(self._on_item_changed)
        QTimer.singleShot(_LATEST_MS, self, self._begin_later)
        self.library.refresh()  # first, since the model waits for it
        self.devices.start()

    @Slot()
    def _look_for_answer(self) -> None:
        """Begin with the later parts if no answer is to be expected, or the first is there."""
        if self._later_begun:
            return
        phase = self.session.model_status.phase
        waits = any(item.state is ItemState.WAITING for item in self.session.items())
        if phase is ModelPhase.FAILED or (phase is ModelPhase.READY and not waits):
            self._begin_later()

    @Slot(object)
    def _on_item_changed(self, item: Item) -> None:
        if item.state is not ItemState.WAITING:
            self._begin_later()

    @Slot()
    def _begin_later(self) -> None:
        if not self._later_begun:
            self._later_begun = True
            self._imports.begin()

    @Slot()
    def _on_imported(self) -> None:
        self.window.complete(self.window.look_for_unfinished)

    @Slot(object)
    def _on_models_listed(self, entries: Sequence[ModelEntry]) -> None:
        """Load the first model to use; later lists change nothing."""
        if self._model_chosen:
            return
        self._model_chosen = True
        model_id, problem = start_model(entries, self._store.settings.model_id)
        if problem:
            log.warning("%s", problem)
            self.window.show_message(problem, error=True)
        self.session.set_model(model_id)

    @Slot(object)
    def _on_model_changed(self, status: ModelStatus) -> None:
        words = status.reason.sentence if status.reason is not None else status.message
        by = f" ({status.by.words}; {status.by.device})" if status.by is not None else ""
        log.info("Model %s: %s %s%s", status.model_id, status.phase.value, words, by)


def _start_painting_threads() -> None:
    """Scale a picture once, so that Qt starts its threads for scaling large pictures.

    A thread that starts while TensorFlow's libraries are being mapped waits for the system's loader, and
    painting waits for that thread.
    """
    from PySide6.QtGui import QImage

    picture = QImage(512, 512, QImage.Format.Format_RGB888)
    picture.fill(0)
    picture.scaled(256, 256, mode=Qt.TransformationMode.SmoothTransformation)


def start_model(entries: Sequence[ModelEntry], wanted: str | None) -> tuple[str | None, str]:
    """Choose the first model to use: the one used last, if it can still be used.

    Args:
        entries: All models of the library.
        wanted: The model that the user chose in an earlier run.

    Returns:
        Its id, or None for the default one, and a sentence when the wanted model cannot be used.
    """
    if wanted is None:
        return None, ""
    for entry in entries:
        if entry.model_id == wanted:
            if not entry.problem:
                return wanted, ""
            return None, f"{entry.name} cannot be used ({entry.problem}), so another model is used."
    return None, f"The model {printable(wanted)} is no longer in the library, so another model is used."
