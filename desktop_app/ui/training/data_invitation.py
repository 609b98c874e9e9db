"""What the first step shows while there is no data: a big drop target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.ui.common.drop_target import DropTarget
from desktop_app.ui.common.widgets import button, heading, label
from desktop_app.ui.training.folder_drawing import FolderDrawing

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

_NARROW = 420
_DRAWING_FROM = 260


class DataInvitation(QWidget):
    """A drawing, one line, two buttons.

    Signals:
        folder_requested: The user wants to choose a folder.
        archive_requested: The user wants to choose an archive.
    """

    folder_requested = Signal()
    archive_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        centre = Qt.AlignmentFlag.AlignHCenter
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        target = DropTarget()
        self._drawing = FolderDrawing()
        title = heading("Drop a folder of pictures here", factor=1.4, wrap=True)
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words = label(
            "Inside it, one folder for each thing to tell apart, named after it. "
            "A zip or tar archive of such a folder will do too.",
            tone="muted",
            wrap=True,
        )
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._folder = folder = button("Choose folder…", "folder", look="primary")
        folder.clicked.connect(self.folder_requested)
        archive = button("Choose archive…", "archive")
        archive.clicked.connect(self.archive_requested)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.setSpacing(8)
        self._buttons.addStretch(1)
        self._buttons.addWidget(folder)
        self._buttons.addWidget(archive)
        self._buttons.addStretch(1)
        inside = QVBoxLayout(target)
        inside.setContentsMargins(24, 16, 24, 16)
        inside.setSpacing(16)
        inside.addStretch(1)
        inside.addWidget(self._drawing, 0, centre)
        inside.addWidget(title)
        inside.addWidget(words)
        inside.addLayout(self._buttons)
        inside.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(target, 1)

    def lead_keyboard(self) -> None:
        """Put the keyboard on the first way on."""
        self._folder.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what a small window has no room for."""
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        narrow = self.width() < _NARROW
        self._buttons.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)
        self._drawing.setVisible(self.height() >= _DRAWING_FROM)
