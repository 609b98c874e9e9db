"""The progress of the fit, and the buttons that pause and end it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QProgressBar, QSizePolicy, QWidget

from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.widgets import button, horizontal, vertical
from desktop_app.ui.common.style.icons import set_icon
from desktop_app.ui.training.run.progress_words import batch_part, batch_words, place_words, preparing_words

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from desktop_app.core.training.records.events import BatchEnded, Preparing

_FINE = 1000
_NARROW = 720
_STOP = "Keep the best epoch so far as a model"


class ProgressStrip(QWidget):
    """A bar for the whole run, a line of words, Pause, Stop and Cancel.

    Signals:
        pause_requested: True to pause the fit, False to resume it.
        stop_requested: The user wants to end it and keep the best epoch.
        cancel_requested: The user wants to end it and keep nothing.
    """

    pause_requested = Signal(bool)
    stop_requested = Signal()
    cancel_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._epochs: int | None = None
        self._words = self._place = ""
        self._holding = self._held = self._ending = False
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Progress of the training")
        self._text = ElidedLabel()
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._pause = button("Pause", "pause")
        self._pause.clicked.connect(self._on_pause_clicked)
        self._stop = button("Stop", "stop", tip=_STOP)
        self._stop.clicked.connect(self.stop_requested)
        self._cancel = button("Cancel", "trash", tip="Discard this training")
        self._cancel.clicked.connect(self.cancel_requested)
        buttons = horizontal(spacing=8)
        for each in (self._pause, self._stop, self._cancel):
            buttons.addWidget(each)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(8)
        self._row.addWidget(self._text, 1)
        self._row.addLayout(buttons)
        layout = vertical(self, spacing=8)
        layout.addWidget(self._bar)
        layout.addLayout(self._row)
        self.begin()

    def begin(self) -> None:
        """Show a fit of which nothing is known yet; `bar_stop` says later whether it can be stopped."""
        self._epochs = None
        self._holding = self._held = self._ending = False
        self._stop.setText("Stop")
        self._cancel.setText("Cancel")
        self._bar.setRange(0, 0)
        for each in (self._pause, self._stop, self._cancel):
            each.setEnabled(True)
        self.bar_stop("")
        self._say("Starting…")

    def lead_keyboard(self) -> None:
        """Put the keyboard on the first button, which does no harm."""
        self._pause.setFocus()

    def bar_stop(self, reason: str) -> None:
        """Disable Stop for a reason, which becomes its tooltip; empty enables it."""
        if not self._ending:
            self._stop.setEnabled(not reason)
            self._stop.setToolTip(reason or _STOP)

    def set_epochs(self, epochs: int) -> None:
        """Set how many epochs are planned."""
        self._epochs = epochs

    def show_preparing(self, event: Preparing) -> None:
        """Show the progress of work before, between or after the epochs."""
        self._bar.setRange(0, _FINE if event.total else 0)
        if event.total:
            self._bar.setValue(round(_FINE * event.done / event.total))
        self._say(preparing_words(event))

    def show_batch(self, event: BatchEnded) -> None:
        """Show where the fit is."""
        self._bar.setRange(0, _FINE if self._epochs else 0)
        if self._epochs:
            self._bar.setValue(round(_FINE * batch_part(event, self._epochs)))
        self._say(batch_words(event, self._epochs), place_words(event, self._epochs))

    def show_paused(self, paused: bool) -> None:
        """Show whether the fit is paused."""
        self._holding = self._held = paused
        self._show_pause()

    def show_stopping(self) -> None:
        """Show that the fit is about to end with a model; it can still be discarded."""
        self._ending = True
        self._stop.setText("Stopping…")
        self._pause.setEnabled(False)
        self._stop.setEnabled(False)
        self._show_pause()

    def show_cancelling(self) -> None:
        """Show that the training is about to be discarded."""
        self.show_stopping()
        self._stop.setText("Stop")
        self._cancel.setText("Cancelling…")
        self._cancel.setEnabled(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons below the words where there is no room beside them."""
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        wide = self.width() >= _NARROW
        self._row.setDirection(direction.LeftToRight if wide else direction.TopToBottom)

    def _say(self, words: str, place: str = "") -> None:
        """Show where the fit is, and while it is paused only ``place``: it has no speed then."""
        self._words, self._place = words, place or words
        self._show_pause()

    def _show_pause(self) -> None:
        holding = self._holding and not self._ending
        state = ("Paused · " if self._held else "Pausing… · ") if holding else ""
        self._text.setText(state + (self._place if holding and self._held else self._words))
        words = "Resume" if holding else "Pause"
        if self._pause.text() != words:  # this is called for every batch
            self._pause.setText(words)
            set_icon(self._pause, "resume" if holding else "pause")

    def _on_pause_clicked(self) -> None:
        self._holding = not self._holding
        self._held = False
        self._show_pause()
        self.pause_requested.emit(self._holding)
