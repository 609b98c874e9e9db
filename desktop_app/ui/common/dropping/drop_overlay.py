"""What covers a pane while something is dragged over it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop_app.ui.common.controls.widgets import scale_font
from desktop_app.ui.common.style.icons import paint_icon
from desktop_app.ui.common.style.tokens import tokens_of

_MARGIN = 8
_ICON = 48


class DropOverlay(QWidget):
    """Covers its parent, lets all events through, and shows what a drop would do."""

    def __init__(self, parent: QWidget, text: str) -> None:
        super().__init__(parent)
        self._pane = parent
        self._text = text
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        scale_font(self, 1.4)
        parent.installEventFilter(self)
        self.hide()

    def appear(self) -> None:
        """Cover the parent."""
        self.setGeometry(self._pane.rect())
        self.raise_()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the size of the parent."""
        if event.type() == QEvent.Type.Resize and watched is self._pane and self.isVisible():
            self.setGeometry(self._pane.rect())
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a dashed frame, an icon and the text."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(tokens.window))
        painter.setPen(QPen(QColor(tokens.accent), 2, Qt.PenStyle.DashLine))
        tint = QColor(tokens.tint)
        tint.setAlphaF(0.5)
        painter.setBrush(tint)
        frame = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        painter.drawRoundedRect(frame, 12, 12)
        centre = frame.center()
        icon = QRectF(centre.x() - _ICON / 2, centre.y() - _ICON, _ICON, _ICON)
        paint_icon(painter, "pictures", tokens.accent, icon)
        painter.setPen(QColor(tokens.text))
        words = QRectF(frame.x(), centre.y() + 8, frame.width(), self.fontMetrics().height())
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self._text)
