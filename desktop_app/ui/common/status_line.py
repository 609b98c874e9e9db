"""The status bar: what happens now on the left, model, engine and device on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QProgressBar,
    QSizePolicy,
    QStatusBar,
    QWidget,
)

from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.spinner import Spinner
from desktop_app.ui.common.controls.widgets import button, horizontal
from desktop_app.ui.common.device_button import DeviceButton
from desktop_app.workers.classify.messages import ModelPhase

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton

    from desktop_app.core.devices.status import DeviceStatus
    from desktop_app.workers.classify.messages import ModelStatus

_MESSAGE_MS = 8000
_MODEL_WIDTH = 120
_TEXT_WIDTHS = (240, 120, 60, 40, 40)
"""Width in pixels of a message below which the device gives way, by the number of tasks beside it."""


class StatusLine(QStatusBar):
    """A message stays for some seconds and covers the progress of model and queue.

    Signals:
        cancel_requested: The user wants to stop classifying.
        training_requested: The user wants to see the running training.
        batch_requested: The user wants to see the running batch.
        service_requested: The user wants to see the local API's dialog.
        export_requested: The user wants to see the export's dialog.
    """

    cancel_requested = Signal()
    training_requested = Signal()
    batch_requested = Signal()
    service_requested = Signal()
    export_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self._loading = ""
        self._done = self._total = 0
        self._message = ""
        self._is_error = False
        self._spinner = Spinner(16)
        self._text = ElidedLabel()
        self._progress = QProgressBar(textVisible=False)
        self._progress.setAccessibleName("Pictures classified")
        self._progress.setFixedWidth(96)
        self._cancel = button("Cancel", tip="Stop; keep what's done")
        self._cancel.setAccessibleName("Stop classifying")
        self._cancel.clicked.connect(self.cancel_requested)
        self._training = _task_button("Training")
        self._training.clicked.connect(self.training_requested)
        self._batch = _task_button("Batch")
        self._batch.clicked.connect(self.batch_requested)
        self._service = _task_button("Local API")
        self._service.clicked.connect(self.service_requested)
        self._export = _task_button("Export")
        self._export.clicked.connect(self.export_requested)
        self._model = ElidedLabel(muted=True)
        self._answering: ModelStatus | None = None
        self._device = DeviceButton()
        self._has_gpu = False
        self._fade = QTimer(self, singleShot=True, interval=_MESSAGE_MS)
        self._fade.timeout.connect(self._forget)

        inside = QWidget()
        self._text.setMinimumWidth(_TEXT_WIDTHS[0])
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = horizontal(inside, spacing=8, margins=(16, 2, 8, 2))
        row.addWidget(self._spinner)
        row.addWidget(self._text, 4)
        row.addWidget(self._progress)
        row.addWidget(self._cancel)
        row.addSpacing(8)
        row.addWidget(self._training)
        row.addWidget(self._batch)
        row.addWidget(self._export)
        row.addWidget(self._service)
        row.addWidget(self._model, 0)
        row.addWidget(self._device, 0)
        self.addWidget(inside, 1)
        self._refresh()

    def text(self) -> str:
        """The text of the left side."""
        return self._text.text()

    def show_message(self, text: str, *, error: bool = False) -> None:
        """Show a message for some seconds; failures in their colour."""
        self._message, self._is_error = text, error
        self._fade.start()
        self._refresh()

    def show_model(self, status: ModelStatus) -> None:
        """Show which model is chosen and by which engine it answers, or that it is being loaded."""
        loading = status.phase is ModelPhase.LOADING
        self._loading = (status.message or f"Loading {status.model_name}…") if loading else ""
        self._answering = status
        self._show_answering()
        if status.reason is not None:
            self.show_message(status.reason.sentence, error=True)
        self._refresh()

    def show_training(self, short: str, sentence: str) -> None:
        """Show the progress of a training; nothing when none runs."""
        self._show_task(self._training, short, sentence or "Training")

    def show_batch(self, short: str, sentence: str) -> None:
        """Show the progress of a batch; nothing when none runs."""
        self._show_task(self._batch, short, sentence or "Batch")

    def show_export(self, short: str, sentence: str) -> None:
        """Show the progress or the end of an export; nothing when there is none."""
        self._show_task(self._export, short, sentence or "Export")

    def show_service(self, short: str, sentence: str) -> None:
        """Show that the local API is on; nothing when it is off."""
        self._show_task(self._service, short, sentence or "Local API")

    def show_progress(self, done: int, total: int) -> None:
        """Show how many pictures are classified; 0 of 0 when none waits."""
        self._done, self._total = done, total
        self._refresh()

    def show_device(self, status: DeviceStatus) -> None:
        """Show the device in use."""
        self._has_gpu = status.kind == "gpu"
        self._device.show_status(status)
        self._show_answering()

    def _show_answering(self) -> None:
        """Show the model and its engine; and that this is the processor where a GPU stands beside it."""
        if self._answering is None:
            return
        name, by = self._answering.model_name, self._answering.by
        parts = [name, *([by.name] if by is not None else [])]
        if by is not None and by.on_processor and self._has_gpu:
            parts.append(by.device)
        self._model.setText(" · ".join(parts))
        self._model.setMinimumWidth(min(self._model.sizeHint().width(), _MODEL_WIDTH))
        self._model.set_tip(" ".join(["Model and engine.", *([by.reason] if by and by.reason else [])]))

    def _show_task(self, task: QPushButton, short: str, sentence: str) -> None:
        task.setText(short)
        task.setToolTip(sentence)
        task.setAccessibleName(sentence)
        task.setVisible(bool(short))
        all_tasks = (self._training, self._batch, self._export, self._service)
        tasks = sum(bool(each.text()) for each in all_tasks)
        self._text.setMinimumWidth(_TEXT_WIDTHS[tasks])

    def _forget(self) -> None:
        self._message, self._is_error = "", False
        self._refresh()

    def _refresh(self) -> None:
        queued = self._total > 0
        several = self._total > 1
        progress = f"{self._done:,} of {self._total:,} pictures" if several else ""
        calm = " · ".join(part for part in (self._loading, progress) if part)
        self._spinner.setVisible(bool(self._loading) and not self._message)
        self._text.setText(self._message or calm)
        self._text.set_danger(self._is_error)
        self._progress.setVisible(several)
        self._progress.setRange(0, max(self._total, 1))
        self._progress.setValue(self._done)
        self._cancel.setVisible(queued)


def _task_button(name: str) -> QPushButton:
    """Make the button that leads to a task, hidden while there is none."""
    result = button("")
    result.setAccessibleName(name)
    result.hide()
    return result
