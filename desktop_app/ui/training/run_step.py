"""Step 3: train, and watch the curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from desktop_app.workers.training import TrainingService


class RunStep(QWidget):
    """Start button, progress, curves, and how the run ended.

    Signals:
        start_requested: The user wants to train with what steps 1 and 2 say.
        retry_requested: The same with these changes of the hyper-parameters (a dict).
        said: A sentence for the status bar, and whether it tells of a failure.
    """

    start_requested = Signal()
    retry_requested = Signal(object)
    said = Signal(str, bool)

    def __init__(self, service: TrainingService) -> None:
        super().__init__()
        self._service = service

    def set_startable(self, startable: bool, reason: str) -> None:
        """Say whether data and network are ready, and if not, what is missing."""
