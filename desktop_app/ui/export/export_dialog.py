"""The dialog that exports a model: choose, wait, read the proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from desktop_app.core.foundation.text import breakable
from desktop_app.ui.common.controls.widgets import (
    Tone,
    button,
    heading,
    horizontal,
    label,
    set_tone,
    vertical,
)
from desktop_app.ui.common.dialogs import FittedDialog, confirm
from desktop_app.ui.common.folders import show_folder
from desktop_app.ui.export import export_words as words
from desktop_app.ui.export.choice_part import ChoicePart
from desktop_app.ui.export.outcome_part import OutcomePart
from desktop_app.workers.export.messages import ExportPhase, ExportRequest

if TYPE_CHECKING:
    from desktop_app.workers.classify.messages import ModelEntry
    from desktop_app.workers.export.export_service import ExportService
    from desktop_app.workers.export.messages import ExportOffer, ExportStatus

_WIDTH = 720
_GOES_ON = "You can close this and keep working: the status bar shows the export."
_LOOKING = "Looking at the model…"


class ExportDialog(FittedDialog):
    """Shows the export of its model if there is one, else what to choose.

    Args:
        service: The service, which continues when the dialog is closed.
        entry: The model.
        parent: Qt's owner, if any.

    Signals:
        outcome_seen: The dialog has shown how the export ended.
    """

    outcome_seen = Signal()

    def __init__(self, service: ExportService, entry: ModelEntry, parent: QWidget | None = None) -> None:
        super().__init__(f"Export {entry.name}", _WIDTH, parent)
        self._service = service
        self._entry = entry
        self._offer: ExportOffer | None = None
        self._again = False
        self._notice = label(wrap=True)
        self._choice = ChoicePart(entry.model_id)
        classifies = entry.card is None or entry.card.task in {"classification", "multi-label"}
        self._outcome = OutcomePart(classifies=classifies)
        self._doing = label(wrap=True)
        self._counted = label(tone="muted")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Progress of the export")
        self._waiting = self._make_waiting()
        self.column.addWidget(heading(breakable(f"Export {entry.name}"), factor=1.3, wrap=True))
        for part in (self._notice, self._choice, self._waiting, self._outcome):
            self.column.addWidget(part)
        self.column.addStretch(1)
        self._make_buttons()
        self._choice.changed.connect(self._show_buttons)
        self._choice.entered.connect(self._on_export_clicked)
        service.offered.connect(self._on_offered)
        service.changed.connect(self._show)
        self._show(service.status)
        service.ask(entry.model_id)

    @property
    def model_id(self) -> str:
        """The model that this dialog exports."""
        return self._entry.model_id

    # Construction

    def _make_waiting(self) -> QWidget:
        waiting = QWidget()
        column = vertical(waiting, spacing=8)
        column.addWidget(self._doing)
        column.addWidget(self._bar)
        column.addWidget(self._counted)
        column.addWidget(label(_GOES_ON, tone="muted", wrap=True))
        return waiting

    def _make_buttons(self) -> None:
        self._export = button("Export", look="primary")
        self._export.clicked.connect(self._on_export_clicked)
        self._cancel = button("Cancel the export", tip="Nothing is written")
        self._cancel.clicked.connect(self._on_cancel_clicked)
        self._keep = button("Keep the file", look="primary")
        self._keep.clicked.connect(lambda: self._service.keep(True))
        self._discard = button("Discard it")
        self._discard.clicked.connect(lambda: self._service.keep(False))
        self._folder = button("Show in folder", "folder", look="primary")
        self._folder.clicked.connect(self._on_folder_clicked)
        self._another = button("Export again…", "export", tip="In another format or precision")
        self._another.clicked.connect(self._on_another_clicked)
        self._close = button("Close")
        self._close.clicked.connect(self.accept)
        row = horizontal(spacing=8)
        row.addWidget(self._another)
        row.addStretch(1)
        for each in (self._cancel, self._discard, self._close, self._keep, self._folder, self._export):
            row.addWidget(each)
        self.foot.addLayout(row)

    # What the user does

    def _on_export_clicked(self) -> None:
        if not self._export.isEnabled() or not self._export.isVisible():
            return
        choice = self._choice
        path = choice.path()
        if not choice.agreed() and path.exists():
            question = f"{path.name} is already in {path.parent}. Replace it?"
            if not confirm(self, "Replace the file?", question, "Replace"):
                return
        self._again = False
        self._service.start(
            ExportRequest(self._entry.model_id, self._entry.name, choice.form(), choice.precision(), path)
        )

    def _on_cancel_clicked(self) -> None:
        self._cancel.setEnabled(False)
        self._doing.setText("Stopping…")
        self._service.cancel()

    def _on_folder_clicked(self) -> None:
        status = self._own_status()
        if status is not None:
            sentence, failed = show_folder(status.request.path.parent)
            self._tell(sentence, "danger" if failed else "muted")

    def _on_another_clicked(self) -> None:
        self._again = True
        self._show(self._service.status)

    # Reports of the service

    def _on_offered(self, offer: ExportOffer) -> None:
        if offer.model_id == self._entry.model_id:
            self._offer = offer
            self._choice.show_offer(offer)
            self._show(self._service.status)

    def _own_status(self) -> ExportStatus | None:
        status = self._service.status
        return status if status is not None and status.request.model_id == self._entry.model_id else None

    def _show(self, status: ExportStatus | None) -> None:
        own = self._own_status()
        phase = None if own is None else own.phase
        running = phase is ExportPhase.RUNNING
        ended = phase is ExportPhase.DONE and not self._again
        self._waiting.setVisible(running)
        self._outcome.setVisible(ended or phase is ExportPhase.ASKING)
        was_away = not self._choice.isVisibleTo(self)
        self._choice.setVisible(not running and not self._outcome.isVisibleTo(self))
        self._tell(*self._notice_for(status, own))
        if own is not None and running:
            self._show_progress(own)
        elif own is not None and phase is ExportPhase.ASKING:
            self._outcome.ask(own)
        elif own is not None and ended:
            self._outcome.show_done(own)
        self._show_buttons()
        if self.isVisible():
            self.fit()
            if was_away and self._choice.isVisible():
                self._choice.lead_keyboard()  # the button that it was on has gone
            if phase in {ExportPhase.DONE, ExportPhase.FAILED, ExportPhase.STOPPED}:
                self.outcome_seen.emit()

    def _notice_for(self, status: ExportStatus | None, own: ExportStatus | None) -> tuple[str, Tone]:
        """The sentence above everything: why an export failed, or why none can begin."""
        if own is not None and own.phase is ExportPhase.FAILED and own.reason is not None:
            return own.reason.sentence, "danger"
        if own is not None and own.phase is ExportPhase.STOPPED:
            return words.STOPPED, "muted"
        if own is None and status is not None and status.running:
            return f"{status.request.name} is being exported. This can begin when it has ended.", "warning"
        return self._notice_of_offer() if own is None or self._again else ("", "")

    def _notice_of_offer(self) -> tuple[str, Tone]:
        if self._offer is None:
            return _LOOKING, "muted"
        problem = self._offer.problem
        if problem is None:
            return "", ""
        return problem.sentence, "warning" if self._offer.forms else "danger"

    def _show_progress(self, status: ExportStatus) -> None:
        progress = status.progress
        if self._cancel.isEnabled() or progress is None:
            self._doing.setText(breakable(words.progress_words(progress)))
        self._counted.setText(words.counted_words(progress))
        counts = progress is not None and bool(progress.total)
        self._bar.setRange(0, progress.total if progress is not None and counts else 0)
        if progress is not None and counts:
            self._bar.setValue(progress.done)

    def _show_buttons(self) -> None:
        own = self._own_status()
        phase = None if own is None else own.phase
        running, asking = phase is ExportPhase.RUNNING, phase is ExportPhase.ASKING
        done = phase is ExportPhase.DONE and not self._again
        choosing = not (running or asking or done)
        self._export.setVisible(choosing)
        self._export.setEnabled(choosing and not self._service.running and self._choice.possible())
        self._cancel.setVisible(running)
        if not running:
            self._cancel.setEnabled(True)
        for part in (self._keep, self._discard):
            part.setVisible(asking)
        for part in (self._folder, self._another):
            part.setVisible(done)
        later = "Continue in the background" if running else "Decide later" if asking else "Close"
        self._close.setText(later)

    def _tell(self, sentence: str, tone: Tone) -> None:
        self._notice.setText(breakable(sentence))
        set_tone(self._notice, tone)
        self._notice.setVisible(bool(sentence))
