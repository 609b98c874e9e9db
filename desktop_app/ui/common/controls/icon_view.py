"""An icon on its own, such as the mark of a failure."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop_app.ui.common.style.icons import paint_icon
from desktop_app.ui.common.style.tokens import tokens_of

IconTone = Literal["text", "muted", "accent", "danger", "warning", "success"]


class IconView(QWidget):
    """Paints an icon in the colour of its meaning; decoration, so it takes no focus and has no name."""

    def __init__(self, name: str, size: int, tone: IconTone = "muted") -> None:
        super().__init__()
        self._name = name
        self._tone = tone
        self.setFixedSize(size, size)

    def show_icon(self, name: str, tone: IconTone) -> None:
        """Show another icon."""
        self._name, self._tone = name, tone
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the icon from its outlines, so that it is sharp at every scale."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour: str = getattr(tokens_of(self.palette()), self._tone)
        paint_icon(painter, self._name, colour, QRectF(self.rect()))
