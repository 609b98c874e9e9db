"""Offers the published weights that a network starts from, and shows their download."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from desktop_app.core.foundation.text import breakable
from desktop_app.ui.common.controls.widgets import button, label, set_tone, vertical
from desktop_app.ui.common.model_facts import BACKBONE_SIZE

if TYPE_CHECKING:
    from desktop_app.workers.classify.messages import TransferProgress

_TERMS = (
    "One download serves every training; none is needed if the VGG19 model is installed. The weights are by "
    "the Visual Geometry Group, University of Oxford (CC BY 4.0), as published with Keras. The other "
    "networks need no download."
)
_UNTRAINED = (
    "Starts from scratch, with random weights: only to try things out. "
    "Good results from few pictures need the published weights."
)
_DOWNLOAD = f"Download the network ({BACKBONE_SIZE})"


class WeightsOffer(QWidget):
    """Shows one of three: the offer, with the reason if a download has failed; the download; the way back.

    Signals:
        download_requested: The user wants the published weights.
        cancel_requested: The user cancels their download.
        untrained_requested: The user wants to start from random numbers instead.
        trained_requested: The user wants to start from the published weights after all.
    """

    download_requested = Signal()
    cancel_requested = Signal()
    untrained_requested = Signal()
    trained_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._stopped = False
        self._downloading = False
        self._untrained_wanted = False
        self._terms = label(_TERMS, tone="muted", wrap=True)
        self._going_without = label(_UNTRAINED, tone="warning", wrap=True)
        self._trained = button("Use the published weights")
        self._trained.clicked.connect(self.trained_requested)
        self._end = label(wrap=True)
        self._end.hide()
        self._download = button(_DOWNLOAD, "download", look="primary")
        self._download.clicked.connect(self.download_requested)
        self._untrained = button("Start from scratch", tip="With random weights: only to try things out")
        self._untrained.clicked.connect(self.untrained_requested)
        self._progress_text = label(wrap=True)
        self._progress = QProgressBar(textVisible=False)
        self._progress.setAccessibleName("Download of the network")
        self._cancel = button("Cancel", tip="What has arrived so far is kept for the next try.")
        self._cancel.setAccessibleName("Cancel the download")
        self._cancel.clicked.connect(self._on_cancel_clicked)
        layout = vertical(self, spacing=12)
        for part in (self._terms, self._going_without, self._end, self._progress_text, self._progress):
            layout.addWidget(part)
        for choice in (self._download, self._untrained, self._trained, self._cancel):
            layout.addWidget(choice, 0, Qt.AlignmentFlag.AlignLeft)
        self._show_face(downloading=False)

    @property
    def controls(self) -> list[QWidget]:
        """What the Tab key stops at, in its order."""
        return [self._download, self._untrained, self._trained, self._cancel]

    @property
    def downloading(self) -> bool:
        """Whether it shows the download."""
        return self._downloading

    def offer(self, *, untrained: bool) -> None:
        """Offer the weights, or, where the user starts from scratch, the way back."""
        self._untrained_wanted = untrained
        if untrained:
            self._end.hide()
        self._show_face(downloading=self._downloading)

    def show_progress(self, progress: TransferProgress) -> None:
        """Show the progress of the download."""
        self._progress_text.setText(progress.message)
        self._progress.setRange(0, 1000 if progress.total else 0)
        if progress.total:
            self._progress.setValue(round(1000 * progress.done / progress.total))
        self._end.hide()
        self._show_face(downloading=True)

    def end_download(self, sentence: str, *, ok: bool) -> None:
        """Offer it again, and say why it has ended; cancelling is no failure."""
        self._end.setText(breakable(sentence))
        set_tone(self._end, "muted" if self._stopped else "danger")
        self._end.setVisible(not ok)
        self._stopped = False
        self._download.setText(_DOWNLOAD if ok else "Try again")
        self._show_face(downloading=False)

    def _on_cancel_clicked(self) -> None:
        self._stopped = True
        self.cancel_requested.emit()

    def _show_face(self, *, downloading: bool) -> None:
        self._downloading = downloading
        offer: tuple[QWidget, ...] = (self._terms, self._download, self._untrained)
        without: tuple[QWidget, ...] = (self._going_without, self._trained)
        download: tuple[QWidget, ...] = (self._progress_text, self._progress, self._cancel)
        shown = without if self._untrained_wanted else download if downloading else offer
        for part in shown:
            part.show()  # first: the keyboard of what goes finds what comes
        for part in (*offer, *without, *download):
            part.setVisible(part in shown)
