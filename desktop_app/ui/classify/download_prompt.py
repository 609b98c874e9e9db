"""Offers the published VGG19 where it was asked for, and shows its download."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QProgressBar

from desktop_app.core.foundation.text import breakable
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.widgets import button, horizontal, icon_button, label, set_tone, vertical
from desktop_app.ui.common.model_facts import DOWNLOAD_SIZE

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from desktop_app.workers.classify.messages import TransferProgress

_OFFER = f"VGG19 recognises 1,000 kinds of things. Download once ({DOWNLOAD_SIZE}). It then works offline."

_NARROW = 640
"""Below this width the buttons stand under the text."""


class DownloadPrompt(QFrame):
    """A card with three faces: the offer, the download, the failure."""

    download_requested = Signal()
    cancel_requested = Signal()
    import_requested = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._stopped = False
        self._text = label(wrap=True)
        self._progress_text = ElidedLabel()
        self._progress = QProgressBar(textVisible=False)
        self._progress.setAccessibleName("Download of VGG19")
        self._download = button("Download", "download", look="primary")
        self._import = button("I have the file…", "import")
        self._cancel = button("Cancel", tip="What has arrived is kept.")
        close = icon_button("Close this offer", "close")
        self._close = close
        self._download.clicked.connect(self.download_requested)
        self._import.clicked.connect(self.import_requested)
        self._cancel.clicked.connect(self._on_cancel_clicked)
        close.clicked.connect(self._on_close_clicked)

        words = vertical(spacing=8)
        for part in (self._text, self._progress_text, self._progress):
            words.addWidget(part)
        controls = horizontal(spacing=8)
        for control in (self._download, self._import, self._cancel):
            controls.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        controls.addStretch(1)
        controls.addWidget(close, 0, Qt.AlignmentFlag.AlignVCenter)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(16, 12, 12, 12)
        self._layout.setSpacing(12)
        self._layout.addLayout(words, 1)
        self._layout.addLayout(controls)
        self.hide()

    def offer(self) -> None:
        """Ask whether to download."""
        self._text.setText(_OFFER)
        set_tone(self._text, "")
        self._download.setText("Download")
        self._face(downloading=False)

    def show_progress(self, progress: TransferProgress, *, cancellable: bool = True) -> None:
        """Show how far the download, or the check of an imported file, is."""
        self._progress_text.setText(progress.message)
        if progress.total:
            self._progress.setRange(0, 1000)
            self._progress.setValue(round(1000 * progress.done / progress.total))
        else:
            self._progress.setRange(0, 0)
        self._face(downloading=True)
        self._cancel.setVisible(cancellable)

    def is_transferring(self) -> bool:
        """Whether it shows a download."""
        return self.isVisible() and not self._text.isVisible()

    def show_failure(self, sentence: str) -> None:
        """Show why the download ended, and offer it again; a stop by the user is not a failure."""
        self._text.setText(breakable(sentence))
        set_tone(self._text, "" if self._stopped else "danger")
        self._stopped = False
        self._download.setText("Try again")
        self._face(downloading=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the text the whole width of a narrow window."""
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        self._layout.setDirection(direction.TopToBottom if self.width() < _NARROW else direction.LeftToRight)

    def _on_cancel_clicked(self) -> None:
        self._stopped = True
        self.cancel_requested.emit()

    def _on_close_clicked(self) -> None:
        self.hide()
        self.closed.emit()

    def _face(self, *, downloading: bool) -> None:
        self._text.setVisible(not downloading)
        self._download.setVisible(not downloading)
        self._import.setVisible(not downloading)
        self._close.setVisible(not downloading)
        self._progress_text.setVisible(downloading)
        self._progress.setVisible(downloading)
        self._cancel.setVisible(downloading)
        self.show()
