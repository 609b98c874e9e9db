"""Step 3: train, and watch the curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.core.foundation.text import breakable
from desktop_app.core.training.records.events import (
    BatchEnded,
    EpochEnded,
    Finished,
    PauseChanged,
    Preparing,
    Started,
    TriedOut,
    Warned,
)
from desktop_app.core.training.records.run_task import task_of
from desktop_app.ui.charts.curve_area import CurveArea
from desktop_app.ui.common.controls.widgets import button, heading, horizontal, label, scale_font, vertical
from desktop_app.ui.common.dialogs import confirm
from desktop_app.ui.common.thumbnails import Thumbnails
from desktop_app.ui.training.run.progress_strip import ProgressStrip
from desktop_app.ui.training.run.run_end import RunEnd
from desktop_app.ui.training.run.run_notes import RunNotes
from desktop_app.ui.training.run.tried_picture import TriedPicture

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.training.records.events import TrainingEvent
    from desktop_app.workers.training.training_service import TrainingService

_NOTHING_YET = "There is nothing to keep before the first batch: Cancel ends the training"
_COMING = "Progress appears here once training starts."


class RunStep(QWidget):
    """Start button, progress, curves, and how the run ended.

    Attributes:
        keyboard_waits: Whether the keyboard was on the buttons of the last run when it ended.

    Signals:
        start_requested: The user wants to train with the data and settings of steps 1 and 2.
        retry_requested: Changes of the hyper-parameters (a dict) to train again with.
        said: Sentence for the status bar, and whether it reports a failure.
    """

    start_requested = Signal()
    retry_requested = Signal(object)
    said = Signal(str, bool)

    def __init__(self, service: TrainingService) -> None:
        super().__init__()
        self._service = service
        self._epochs = self._epochs_done = 0
        self.keyboard_waits = False
        self._start = button("Start training", "train", look="primary")
        scale_font(self._start, 1.15)
        self._start.setMinimumHeight(44)
        self._start.clicked.connect(self.start_requested)
        self._reason = label(tone="muted", wrap=True)
        self._head = QWidget()
        row = horizontal(self._head, spacing=16)
        row.addWidget(self._start)
        row.addWidget(self._reason, 1)
        self._past = heading(factor=1.1, wrap=True)
        self._past.hide()
        self._end = RunEnd()
        self._strip = ProgressStrip()
        self._notes = RunNotes()
        self._coming = label(_COMING, tone="muted", wrap=True)
        self._curves = CurveArea()
        self._thumbnails = Thumbnails(service, self)
        self._tried = TriedPicture(self._thumbnails)
        layout = vertical(self, spacing=12)
        for part in (self._head, self._past, self._end, self._strip, self._notes, self._coming, self._tried):
            layout.addWidget(part)
        layout.addWidget(self._curves, 1)
        layout.addStretch()

        self._end.retry_requested.connect(self.retry_requested)
        self._strip.pause_requested.connect(self._on_pause_requested)
        self._strip.stop_requested.connect(self._on_stop_requested)
        self._strip.cancel_requested.connect(self._on_cancel_requested)
        self._curves.said.connect(self.said)
        self._notes.hide()
        self._curves.hide()
        self.set_startable(False, "")
        service.event_arrived.connect(self._on_event_arrived)
        service.running_changed.connect(self._on_running_changed)
        self._on_running_changed(service.running)

    def set_startable(self, startable: bool, reason: str) -> None:
        """Set whether data and network are ready, and if not, what is missing."""
        self._start.setEnabled(startable)
        self._start.setAccessibleDescription(reason)
        self._reason.setText(reason)

    def try_out(self, picture: Path) -> None:
        """Show what the network that is being trained says about a picture, after every epoch."""
        self._tried.wait_for(picture)
        self._service.try_out(picture)

    def show_past(self, name: str) -> None:
        """Name the earlier training that is shown, once other data are chosen; empty for the present."""
        self._past.setText(f"Last training: {breakable(name)}")
        self._past.setVisible(bool(name))

    def lead_start(self) -> None:
        """Put the keyboard on the button that starts the training."""
        self._start.setFocus(Qt.FocusReason.TabFocusReason)

    def lead_keyboard(self) -> None:
        """Put the keyboard on the buttons that pause and end a run."""
        self._strip.lead_keyboard()

    def _on_running_changed(self, running: bool) -> None:
        if running:
            self._strip.show()  # first: the keyboard finds it when the Start button goes
        self._head.setVisible(not running)
        self._strip.setVisible(running)
        if running:
            if self._service.report is not None:
                self._thumbnails.reading = self._service.report.reading
            self._epochs = self._epochs_done = 0
            self._end.hide()
            if self._service.resumed != self._curves.run_id:
                self._curves.hide()  # they are of another run
            self._notes.begin()
            self._tried.hide()
            self._notes.show()
            self._strip.begin()
            self._strip.bar_stop("" if self._service.resumed else _NOTHING_YET)
            self._strip.show_paused(self._service.paused)
        self._show_curves()

    def _on_event_arrived(self, event: TrainingEvent) -> None:
        match event:
            case BatchEnded():
                self._strip.bar_stop("")
                self._strip.show_batch(event)
                self._curves.add_batch(event)
                self._show_curves(learning=True)
            case EpochEnded():
                self._on_epoch_ended(event)
            case TriedOut():
                self._tried.show_answer(event)
            case Started():
                self._on_started(event)
            case Preparing():
                if self._epochs and self._epochs_done == self._epochs:
                    self._strip.bar_stop("All epochs are done: the best one is being kept")
                self._strip.show_preparing(event)
            case PauseChanged():
                self._strip.show_paused(event.paused)
            case Warned():
                self._notes.add_warning(event.message)
            case Finished():
                self._on_finished(event)

    def _on_started(self, event: Started) -> None:
        self._epochs, self._epochs_done = event.epochs, len(event.history)
        self._strip.set_epochs(event.epochs)
        self._notes.show_started(event)
        task = task_of(event.task, event.recipe)
        self._curves.start(event.run_id, event.name, task, event.history)
        self._show_curves(learning=True)

    def _on_epoch_ended(self, event: EpochEnded) -> None:
        self._epochs_done = event.metrics.epoch
        self._curves.add_epoch(event.metrics)
        if event.best:
            self._curves.mark_best(event.metrics.epoch)
        self._show_curves(learning=True)

    def _on_finished(self, event: Finished) -> None:
        result = event.result
        if result.best_epoch is not None:
            self._curves.mark_best(result.best_epoch)
        if result.reason.text:
            self._end.show_result(result)
        focus = self.window().focusWidget()
        self.keyboard_waits = focus is not None and self._strip.isAncestorOf(focus)
        if focus is not None and self.keyboard_waits:
            focus.clearFocus()  # else it moves to the curves, and the page scrolls after it
        self._strip.hide()
        self._notes.setVisible(self._notes.tells)
        if self._curves.is_empty:
            self._curves.hide()
        self._show_curves()
        self._head.show()

    def _show_curves(self, *, learning: bool = False) -> None:
        if learning:
            self._curves.show()
        self._coming.setVisible(self._curves.isHidden())

    def _on_pause_requested(self, hold: bool) -> None:
        (self._service.pause if hold else self._service.unpause)()

    def _on_stop_requested(self) -> None:
        self._strip.show_stopping()
        self._service.stop()

    def _on_cancel_requested(self) -> None:
        if self._epochs_done and not confirm(
            self,
            "Discard this training?",
            f"{_epochs(self._epochs_done)} would be lost. Stop keeps the best of them as a model.",
            "Discard",
            "Keep training",
            until=self._service.running_changed,
        ):
            return
        if self._service.running:  # it may have ended while the question was open
            self._strip.show_cancelling()
            self._service.cancel()


def _epochs(count: int) -> str:
    return f"{count:,} finished epochs" if count > 1 else "One finished epoch"
