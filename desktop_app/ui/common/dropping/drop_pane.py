"""A pane that takes pictures by drag and drop, and by paste."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop_app.ui.common.dropping.drop_overlay import DropOverlay
from desktop_app.ui.common.dropping.mime import describe_unusable, is_usable, is_withheld, read_sources


class DropPane(QWidget):
    """The whole pane is the target. What cannot be used is refused, with the reason in words."""

    sources_arrived = Signal(object)
    refused = Signal(str)

    def __init__(self, overlay_text: str) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._overlay = DropOverlay(self, overlay_text)
        self._withheld = ""

    def paste(self) -> None:
        """Take what is on the clipboard."""
        mime = QGuiApplication.clipboard().mimeData() or QMimeData()  # an empty clipboard may have none
        sources = read_sources(mime, "Pasted picture")
        if sources:
            self.sources_arrived.emit(sources)
        else:
            self.refused.emit(describe_unusable(mime))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept what can be used, or may be when it is dropped.

        Under X11 a program hands over the files only for the last position that it reported: for an earlier
        one, while this window was busy, it withholds them. A refusal here lasts until the pointer leaves the
        window, so only the drop decides then. If the button was released before, no drop comes: the drag
        leaves, and the pane reports that.
        """
        mime = event.mimeData()
        words = "" if is_usable(mime) else describe_unusable(mime)
        self._withheld = words if is_withheld(mime) else ""
        if words and not self._withheld:
            self.refused.emit(words)
        else:
            _accept_as_copy(event)
            self._overlay.appear()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Uncover the pane; files that were withheld may have been let go of before: then no drop comes."""
        self._overlay.hide()
        event.accept()
        if self._withheld:
            self.refused.emit(self._withheld)
            self._withheld = ""

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the pictures."""
        self._overlay.hide()
        self._withheld = ""
        sources = read_sources(event.mimeData(), "Dropped picture")
        if sources:
            _accept_as_copy(event)
            self.sources_arrived.emit(sources)
        else:
            event.ignore()
            self.refused.emit(describe_unusable(event.mimeData()))


def _accept_as_copy(event: QDropEvent) -> None:
    """Never accept the move that some file managers propose: they would delete the file afterwards."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
