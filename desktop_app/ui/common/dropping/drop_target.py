"""The dashed frame that marks the drop target."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop_app.ui.common.style.tokens import tokens_of


class DropTarget(QWidget):
    """What a pane puts its invitation into; the pane itself takes the drop."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.outline), 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(QColor(tokens.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 12, 12)
