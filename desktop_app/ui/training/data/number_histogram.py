"""How the numbers of a data set are spread, and which of them are black and white."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.core.foundation.text import counted, plain_number
from desktop_app.ui.common.style.tokens import tokens_of

if TYPE_CHECKING:
    from desktop_app.core.datasets.report import NumberRange

_HEIGHT = 72
_SCALE = 10
"""Height of the strip from black to white below the bars."""


class NumberHistogram(QWidget):
    """Bars for the shares of numbers, on a logarithmic scale; below them what becomes black and white.

    It is hidden for data without pictures of more than 8 bits.
    """

    def __init__(self) -> None:
        super().__init__()
        self._numbers: NumberRange | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_numbers(self, numbers: NumberRange | None) -> None:
        """Show the numbers of a data set; None for none."""
        self._numbers = numbers
        self.setVisible(numbers is not None)
        if numbers is not None:
            self.setAccessibleName(words(numbers))
            self.setToolTip(words(numbers))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the page, and as high as a few lines of text."""
        return QSize(240, _HEIGHT + _SCALE + self.fontMetrics().height() + 4)

    def minimumSizeHint(self) -> QSize:
        """Room for the bars."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw bars, strip and the numbers at its ends."""
        numbers = self._numbers
        if numbers is None:
            return
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bars = QRectF(0, 0, self.width(), _HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.sunken))
        painter.drawRoundedRect(bars, 4, 4)
        painter.setBrush(QColor(tokens.accent))
        step = bars.width() / len(numbers.shares)
        for place, height in enumerate(heights(numbers.shares)):
            if height:
                top = bars.bottom() - height * (bars.height() - 6)
                painter.drawRect(QRectF(place * step, top, max(step - 1, 1), bars.bottom() - top))
        painter.setPen(QPen(QColor(tokens.muted), 1))
        line = bars.bottom() + _SCALE + self.fontMetrics().ascent() + 2
        if numbers.black is None or numbers.white is None:
            painter.drawText(QPointF(0, line), "Each picture by itself")
            return
        span = numbers.high - numbers.low or 1.0
        left, right = (
            (number - numbers.low) / span * bars.width() for number in (numbers.black, numbers.white)
        )
        strip = QLinearGradient(left, 0, right, 0)
        strip.setColorAt(0, QColor("black"))
        strip.setColorAt(1, QColor("white"))
        painter.fillRect(QRectF(0, bars.bottom() + 2, bars.width(), _SCALE - 4), strip)
        for edge, number in ((left, numbers.black), (right, numbers.white)):
            text = plain_number(number)
            width = self.fontMetrics().horizontalAdvance(text)
            painter.drawLine(QPointF(edge, 2), QPointF(edge, bars.bottom()))
            painter.drawText(QPointF(min(max(edge - width / 2, 0), bars.width() - width), line), text)


def heights(shares: tuple[float, ...]) -> list[float]:
    """Heights of the bars, 0 to 1: a share a thousand times smaller than the largest is still seen."""
    most = max(shares, default=0.0)
    if most <= 0:
        return [0.0] * len(shares)
    return [max(0.0, 1 + math.log10(share / most) / 4) if share > 0 else 0.0 for share in shares]


def words(numbers: NumberRange) -> str:
    """The histogram in words, for people who do not see it."""
    pictures = counted(numbers.pictures, "picture")
    spread = f"Numbers of {pictures} of more than 8 bits, {plain_number(numbers.low)} to "
    spread += plain_number(numbers.high)
    if numbers.black is None or numbers.white is None:
        return f"{spread}; each picture has its own black and white"
    return f"{spread}; {plain_number(numbers.black)} is black, {plain_number(numbers.white)} is white"
