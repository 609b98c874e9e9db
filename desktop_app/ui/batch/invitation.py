"""What begins a job: a big drop target, and who will answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.ui.classify.model_picker import ModelPicker
from desktop_app.ui.common.drop_target import DropTarget
from desktop_app.ui.common.icon_view import IconView
from desktop_app.ui.common.widgets import button, heading, label

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

_NARROW = 420
_ICON_FROM = 300
_WORDS_FROM = 220


class Invitation(QWidget):
    """One line, two buttons, and the model; what is dropped is begun with at once.

    Signals:
        folder_requested: The user wants to choose a folder.
        pictures_requested: The user wants to choose some files.
    """

    folder_requested = Signal()
    pictures_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        centre = Qt.AlignmentFlag.AlignHCenter
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.picker = ModelPicker()
        self._icon = IconView("batch", 56, "accent")
        title = heading("Drop a folder of pictures here", factor=1.4, wrap=True)
        self._words = label(
            "Or several folders, or files. Sub-folders count too; you can pause, or stop and go on later.",
            tone="muted",
            wrap=True,
        )
        for text in (title, self._words):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        folder = button("Choose folder…", "folder", look="primary")
        folder.clicked.connect(self.folder_requested)
        files = button("Choose pictures…", "pictures")
        files.clicked.connect(self.pictures_requested)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.setSpacing(8)
        self._buttons.addStretch(1)
        self._buttons.addWidget(folder)
        self._buttons.addWidget(files)
        self._buttons.addStretch(1)
        model = QHBoxLayout()
        model.setSpacing(8)
        name = label("Model that answers", tone="muted")
        name.setBuddy(self.picker)
        model.addStretch(1)
        model.addWidget(name)
        model.addWidget(self.picker)
        model.addStretch(1)
        target = DropTarget()
        inside = QVBoxLayout(target)
        inside.setContentsMargins(24, 16, 24, 16)
        inside.setSpacing(12)
        inside.addStretch(1)
        inside.addWidget(self._icon, 0, centre)
        inside.addWidget(title)
        inside.addWidget(self._words)
        inside.addLayout(self._buttons)
        inside.addLayout(model)
        inside.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(target, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what a small window has no room for."""
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        narrow = self.width() < _NARROW
        self._buttons.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)
        self._icon.setVisible(self.height() >= _ICON_FROM)
        self._words.setVisible(self.height() >= _WORDS_FROM)
