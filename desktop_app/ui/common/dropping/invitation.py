"""What a page shows while it has nothing: a big drop target, and buttons for those who do not drop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from desktop_app.ui.common.controls.widgets import heading, label, vertical
from desktop_app.ui.common.dropping.drop_target import DropTarget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QLayout, QPushButton

_NARROW = 420


class Invitation(QWidget):
    """A picture, a line, words and buttons in the middle; a small window leaves out what has no room."""

    def __init__(
        self,
        picture: QWidget,
        title: str,
        words: str,
        buttons: Sequence[QPushButton],
        *,
        picture_from: int,
        words_from: int = 0,
        more: QLayout | None = None,
    ) -> None:
        """Lay it out.

        Args:
            picture: The picture above the words.
            title: The line that says what to drop.
            words: The explanation below the title.
            buttons: The alternatives to dropping, in order.
            picture_from: The height in pixels from which on there is room for the picture.
            words_from: Likewise for the words; 0 when they are needed.
            more: The widget below the buttons.
        """
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._picture, self._picture_from = picture, picture_from
        self._words_from = words_from
        self._words = label(words, tone="muted", wrap=True)
        line = heading(title, factor=1.4, wrap=True)
        for text in (line, self._words):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.setSpacing(8)
        self._buttons.addStretch(1)
        for button in buttons:
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)
        target = DropTarget()
        inside = vertical(target, spacing=12, margins=(24, 16, 24, 16))
        inside.addStretch(1)
        inside.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        inside.addWidget(line)
        inside.addWidget(self._words)
        inside.addLayout(self._buttons)
        if more is not None:
            inside.addLayout(more)
        inside.addStretch(1)
        layout = vertical(self)
        layout.addWidget(target, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what a small window has no room for."""
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        narrow = self.width() < _NARROW
        self._buttons.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)
        self._picture.setVisible(self.height() >= self._picture_from)
        self._words.setVisible(self.height() >= self._words_from)
