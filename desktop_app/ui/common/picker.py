"""A combo box that draws its own arrow, so that it is sharp and follows the theme."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate

from desktop_app.ui.common.icons import paint_icon
from desktop_app.ui.common.tokens import tokens_of

_ARROW = 16
_INSET = 4


class Picker(QComboBox):
    """Looks like the buttons beside it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setItemDelegate(QStyledItemDelegate(self))  # the only one that follows the stylesheet
        # Or the list would cover the left and right edge of the popup's frame.
        self.view().window().setContentsMargins(_INSET, 0, _INSET, 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what lies around: scrolling past must not choose another entry."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box, then the arrow."""
        super().paintEvent(event)
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(self.width() - _ARROW - 8, (self.height() - _ARROW) / 2, _ARROW, _ARROW)
        paint_icon(painter, "chevron-down", tokens.muted if self.isEnabled() else tokens.outline, place)
