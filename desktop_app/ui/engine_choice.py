"""Which engine answers: chosen in the preferences, which also say what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop_app.core.foundation.errors import Reason
from desktop_app.core.inference.choice import ENGINE_NAMES, EngineChoice

if TYPE_CHECKING:
    from desktop_app.core.engine.compiled import Processor
    from desktop_app.core.settings import Settings
    from desktop_app.ui.classify.classify_pane import ClassifyPane
    from desktop_app.ui.dialogs.preferences_dialog import PreferencesDialog
    from desktop_app.ui.services import WindowServices
    from desktop_app.workers.classify.messages import ModelStatus


class EngineChoosing(QObject):
    """Puts a changed preference into effect, and keeps the dialog's sentences up to date."""

    def __init__(self, services: WindowServices, classify: ClassifyPane, parent: QObject) -> None:
        super().__init__(parent)
        self._session = services.session
        self._devices = services.devices
        self._classify = classify
        self._processor: Processor | Reason | None = None
        self._dialog: PreferencesDialog | None = None
        self._session.model_changed.connect(self._show)
        self._devices.processor_read.connect(self._on_processor_read)

    def apply(self, settings: Settings, before: Settings) -> None:
        """Have the model answer as the settings want, if that has changed."""
        wanted = EngineChoice(settings.engine, settings.precision)
        if wanted != EngineChoice(before.engine, before.precision):
            self._classify.choose_engine(wanted)

    def explain_in(self, dialog: PreferencesDialog) -> None:
        """Say in the dialog what holds on this computer, until it is closed."""
        self._dialog = dialog
        dialog.finished.connect(self._on_closed)
        if self._processor is None:
            self._devices.ask_processor()
        self._show()

    def _on_closed(self) -> None:
        self._dialog = None

    def _on_processor_read(self, processor: Processor | Reason) -> None:
        self._processor = processor
        self._show()

    def _show(self) -> None:
        if self._dialog is not None:
            status = self._session.model_status
            self._dialog.engine.show_now(engine_now(status), precision_now(status, self._processor))
            self._dialog.fit()


def engine_now(status: ModelStatus) -> str:
    """What answers now, and why, as sentences."""
    if status.reason is not None:
        return f"Now: {status.reason.text}"
    if status.by is None:
        return f"Now: {status.message or 'loading the model…'}"
    by = status.by
    now = f"Now: {ENGINE_NAMES[by.engine]} answers for {status.model_name}, on {by.device}."
    return f"{now} {by.reason}" if by.reason and by.engine == "tensorflow" else now


def precision_now(status: ModelStatus, processor: Processor | Reason | None) -> str:
    """What the numbers are and what the processor could do, as sentences."""
    by = status.by
    if by is not None and by.engine == "tensorflow":
        return f"Now: {by.precision}, as {status.model_name} was trained. TensorFlow uses no other."
    if by is not None and by.precision == "bfloat16":
        return "Now: bfloat16, which this processor has."
    now = f"Now: {by.precision}." if by is not None else ""
    if processor is None:
        told = "Looking at the processor…"
    elif isinstance(processor, Reason):
        told = processor.sentence
    elif not processor.has_bfloat16:
        told = "This processor has no bfloat16."
    else:
        told = (by.reason if by is not None else "") or "This processor has bfloat16 too."
    return f"{now} {told}".strip()
