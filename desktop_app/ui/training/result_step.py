"""Step 4: how good the model is, where it errs, and on to using it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from desktop_app.core.training.result import TrainingResult
    from desktop_app.workers.training import TrainingService


class ResultStep(QWidget):
    """Accuracy, confusion matrix and the worst mistakes of a `TrainingResult`.

    Signals:
        classify_requested: Id of the model to classify with.
        pictures_opened: List of paths to classify.
        retry_requested: Changes of the hyper-parameters (a dict) to train again with.
    """

    classify_requested = Signal(str)
    pictures_opened = Signal(object)
    retry_requested = Signal(object)

    def __init__(self, service: TrainingService) -> None:
        super().__init__()
        self._service = service

    def show_result(self, result: TrainingResult) -> None:
        """Show the outcome of a run."""
