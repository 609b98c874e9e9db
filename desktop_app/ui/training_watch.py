"""What the window shows of a training while another pane, or another window, is in front."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.core.training.records.events import (
    BatchEnded,
    EpochEnded,
    Finished,
    PauseChanged,
    Preparing,
    Started,
)

if TYPE_CHECKING:
    from desktop_app.core.training.records.events import TrainingEvent
    from desktop_app.core.training.records.result import TrainingResult
    from desktop_app.workers.training.training_service import TrainingService

_TITLES = {
    "finished": "Training finished",
    "stopped": "Training stopped",
    "cancelled": "Training discarded",
    "failed": "Training failed",
    "interrupted": "Training interrupted",
}


class TrainingWatch(QObject):
    """Puts the events of a fit into a few words.

    Signals:
        told: The fit's progress, in short and as a sentence; both empty when none runs.
        model_kept: The id of a model that a fit has added to the library.
        ended: A title and a sentence about the end of a fit.
    """

    told = Signal(str, str)
    model_kept = Signal(str)
    ended = Signal(str, str)

    def __init__(self, training: TrainingService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._training = training
        self._started: Started | None = None
        self._epoch = 0
        self._shown = ("", "")
        training.event_arrived.connect(self._on_event)
        training.running_changed.connect(self._on_running_changed)
        self._on_running_changed(training.running)

    def _on_running_changed(self, running: bool) -> None:
        self._started, self._epoch = None, 0
        if running:
            self._tell("Training…", "Starting a training")
        else:
            self._tell("", "")

    def _on_event(self, event: TrainingEvent) -> None:
        match event:
            case Started():
                self._started = event
                self._epoch = len(event.history)
                self._tell_epoch()
            case BatchEnded() if event.epoch != self._epoch:
                self._epoch = event.epoch
                self._tell_epoch()
            case Preparing():
                self._tell("Training…", f"{self._name()}: {event.message.lower()}")
            case PauseChanged(paused=True):
                self._tell("Training paused", f"{self._name()}: paused in epoch {self._epoch}")
            case PauseChanged() | EpochEnded():
                self._tell_epoch()
            case Finished():
                self._end(event.result)
            case _:
                pass

    def _tell_epoch(self) -> None:
        if self._started is None:
            return
        epoch, epochs = max(self._epoch, 1), self._started.epochs
        self._tell(f"Training {epoch}/{epochs}", f"{self._name()}: epoch {epoch} of {epochs}")

    def _tell(self, short: str, sentence: str) -> None:
        if (short, sentence) != self._shown:
            self._shown = (short, sentence)
            self.told.emit(short, sentence)

    def _name(self) -> str:
        if self._started is None:
            return "Training"
        for entry in self._training.runs:
            if entry.record.run_id == self._started.run_id:
                return f"Training {entry.record.name}"
        return f"Training {self._started.recipe}"

    def _end(self, result: TrainingResult) -> None:
        if result.model_id is not None:
            self.model_kept.emit(result.model_id)
        self.ended.emit(f"{_TITLES[result.status]}: {result.name}", result.reason.sentence)
