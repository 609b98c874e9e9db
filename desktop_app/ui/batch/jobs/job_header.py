"""The open job's name and progress, and the buttons to pause, cancel and resume it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from desktop_app.core.foundation.text import breakable, printable
from desktop_app.ui.batch.jobs.job_words import amount, outcome_words, part_done, progress_words
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.spinner import Spinner
from desktop_app.ui.common.controls.widgets import (
    button,
    horizontal,
    icon_button,
    label,
    scale_font,
    vertical,
)
from desktop_app.ui.common.style.icons import set_icon

if TYPE_CHECKING:
    from desktop_app.core.batch.job.reader import Counts
    from desktop_app.core.batch.run.pace import Progress
    from desktop_app.core.batch.run.runner import Summary
    from desktop_app.core.inference.choice import AnsweredBy
    from desktop_app.workers.batch.messages import OpenJob

_FINE = 1000


class JobHeader(QWidget):
    """Name and model on the left, buttons on the right; below, a bar while it runs, and the counts in words.

    Signals:
        back_requested: The user wants to see the other jobs.
        pause_requested: True to pause the job, False to resume it.
        cancel_requested: The user wants to end the job, which can be resumed.
        resume_requested: The user wants to resume a job that had ended.
    """

    back_requested = Signal()
    pause_requested = Signal(bool)
    cancel_requested = Signal()
    resume_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._holding = self._running = False
        self._model = ""
        self._progress: Progress | None = None
        self._back = icon_button("All batches", "chevron-left")
        self._back.clicked.connect(self.back_requested)
        self._name = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        scale_font(self._name, 1.25, QFont.Weight.DemiBold)
        self._fit = ""
        self._answered_by = ElidedLabel(muted=True)
        self._why = label(tone="muted", wrap=True)
        self._pause = button("Pause", "pause")
        self._pause.clicked.connect(self._on_pause_clicked)
        self._cancel = button("Cancel", "stop", tip="Stop; keep what's done. You can resume later.")
        self._cancel.clicked.connect(self._on_cancel_clicked)
        self._resume = button("Resume", "resume", look="primary")
        self._resume.clicked.connect(self.resume_requested)
        self._spinner = Spinner(16)
        self._words = ElidedLabel(muted=True)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Progress of the batch")
        self._lay_out()

    def show_job(self, job: OpenJob) -> None:
        """Show another job before its counts are known."""
        self._model = job.spec.model_name
        self._progress = None
        self._name.setText(job.name)
        self._name.set_tip("\n".join(printable(str(job.spec.base / source)) for source in job.spec.sources))
        self._fit = job.spec.fit_words
        self._answered_by.set_tip(job.spec.pixels)
        self._answered_by.setText(f"classified with {self._model} from {self._fit}")
        self._why.hide()
        self._words.setText("")
        self._words.hide()
        self._bar.setRange(0, _FINE)
        self._bar.setValue(0)
        self._spinner.hide()

    def show_running(self, *, running: bool, paused: bool) -> None:
        """Show the buttons that apply."""
        self._running, self._holding = running, paused
        self._cancel.setText("Cancel")
        for each in (self._pause, self._cancel):
            each.setVisible(running)
            each.setEnabled(True)
        if running:
            self._resume.hide()
        else:
            self._spinner.hide()
        self._bar.setVisible(running)
        self._show_pause()

    def show_loading(self, message: str) -> None:
        """Show what is being done until the model is there; empty when it is."""
        self._spinner.setVisible(bool(message))
        if message:
            self._bar.setRange(0, 0)
            self._words.show()
            self._words.setText(message)

    def show_answering(self, by: AnsweredBy) -> None:
        """Show which engine computes, and why it is another one than expected."""
        self._answered_by.setText(f"classified with {self._model} by {by.name} from {self._fit}")
        self._why.setText(breakable(by.surprise))
        self._why.setVisible(bool(by.surprise))

    def show_progress(self, progress: Progress) -> None:
        """Show the progress of the job."""
        self._progress = progress
        part = part_done(progress)
        self._bar.setRange(0, _FINE if part is not None else 0)
        if part is not None:
            self._bar.setValue(round(_FINE * part))
        self._words.show()
        self._holding = progress.paused or self._holding
        held = "Paused · " if progress.paused else "Pausing… · " if self._holding else ""
        self._words.setText(held + progress_words(progress))
        self._show_pause()

    def show_rest(
        self, counts: Counts, *, finished: bool, resumable: bool, summary: Summary | None = None
    ) -> None:
        """Show the counts of a job that is not running.

        Args:
            counts: The counts of its pictures.
            finished: Whether no picture waits.
            resumable: Whether it can be resumed.
            summary: The summary of the run that was shown to its end, if any.
        """
        # Everything else about a finished job stands above its table.
        parts = [] if finished else [amount(counts, finished=False), "interrupted"]
        outcome = outcome_words(summary, counts) if summary is not None else ""
        parts += [outcome] if outcome else []
        words = " · ".join(parts)
        self._words.setText(words[:1].upper() + words[1:])
        self._words.setVisible(bool(words))
        self._resume.setVisible(resumable and not finished)

    def _lay_out(self) -> None:
        top = horizontal(spacing=8)
        names = horizontal(spacing=12)
        names.addWidget(self._name, 0, Qt.AlignmentFlag.AlignVCenter)
        names.addWidget(self._answered_by, 0, Qt.AlignmentFlag.AlignVCenter)
        names.addStretch(1)
        top.addWidget(self._back)
        top.addLayout(names, 1)
        for each in (self._resume, self._pause, self._cancel):
            top.addWidget(each)
            each.hide()
        below = horizontal(spacing=8)
        below.addWidget(self._spinner)
        below.addWidget(self._words, 1)
        layout = vertical(self, spacing=8)
        layout.addLayout(top)
        layout.addWidget(self._why)
        layout.addWidget(self._bar)
        layout.addLayout(below)
        self._why.hide()
        self._spinner.hide()
        self._bar.hide()

    def _show_pause(self) -> None:
        words = "Resume" if self._holding else "Pause"
        if self._pause.text() != words:  # this is called for every report
            self._pause.setText(words)
            set_icon(self._pause, "resume" if self._holding else "pause")

    def _on_pause_clicked(self) -> None:
        self._holding = not self._holding
        self._show_pause()
        if self._holding and self._progress is not None:
            self.show_progress(self._progress)  # the current batch may take a while
        self.pause_requested.emit(self._holding)

    def _on_cancel_clicked(self) -> None:
        self._cancel.setText("Cancelling…")
        self._cancel.setEnabled(False)
        self._pause.setEnabled(False)
        self.cancel_requested.emit()
