"""A turning ring: work is under way."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimerEvent
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QWidget

from desktop_app.ui.common.style.tokens import tokens_of

_FRAME_MS = 40
_STEP_DEGREES = 15


class Spinner(QWidget):
    """Turns while it is visible; costs nothing while it is not."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._angle = 0
        self._timer = 0
        self.setFixedSize(size, size)

    def showEvent(self, event: QShowEvent) -> None:
        """Start turning."""
        super().showEvent(event)
        if not self._timer:
            self._timer = self.startTimer(_FRAME_MS)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop turning."""
        super().hideEvent(event)
        if self._timer:
            self.killTimer(self._timer)
            self._timer = 0

    def timerEvent(self, _event: QTimerEvent) -> None:
        """Turn a little."""
        self._angle = (self._angle + _STEP_DEGREES) % 360
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a ring and the arc that runs on it."""
        tokens = tokens_of(self.palette())
        thickness = max(2.0, self.width() / 10)
        ring = QRectF(self.rect()).adjusted(thickness, thickness, -thickness, -thickness)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, start, span in ((tokens.border, 0, 360), (tokens.accent, -self._angle, 100)):
            pen = QPen(QColor(colour), thickness)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawArc(ring, start * 16, span * 16)
