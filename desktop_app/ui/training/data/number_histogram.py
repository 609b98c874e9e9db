"""How the numbers of a data set are spread, and which of them are black and white."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QLinearGradient, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.core.foundation.text import counted, plain_number
from desktop_app.ui.common.style.tokens import tokens_of

if TYPE_CHECKING:
    from desktop_app.core.datasets.report import NumberRange

_HEIGHT = 72
_GRIP = 8
"""Pixels within which black or white is taken hold of."""

_SCALE = 10
"""Height of the strip from black to white below the bars."""


class NumberHistogram(QWidget):
    """Bars for the shares of numbers, on a logarithmic scale; below them what becomes black and white.

    It is hidden for data without pictures of more than 8 bits.

    Signals:
        moved: The numbers that are black and white, while the user drags one of them.
    """

    moved = Signal(float, float)

    def __init__(self) -> None:
        super().__init__()
        self._numbers: NumberRange | None = None
        self._ends: tuple[float, float] | None = None
        self._dragged: int | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_numbers(self, numbers: NumberRange | None) -> None:
        """Show the numbers of a data set; None for none."""
        self._numbers = numbers
        self._ends = self._dragged = None
        if numbers is not None and numbers.black is not None and numbers.white is not None:
            self._ends = (numbers.black, numbers.white)
        self.setVisible(numbers is not None)
        if numbers is not None:
            self.setAccessibleName(words(numbers))
            self.setToolTip(words(numbers))
        self.update()

    def show_ends(self, black: float, white: float) -> None:
        """Show other numbers as black and white."""
        self._ends = (black, white)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of black or white."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragged = self._end_at(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what is held; else show what could be."""
        place = event.position().x()
        if self._dragged is None:
            held = self._end_at(place) is not None
            self.setCursor(Qt.CursorShape.SizeHorCursor if held else Qt.CursorShape.ArrowCursor)
            return
        numbers = self._numbers
        if numbers is None or self._ends is None:
            return
        share = min(max(place / max(self.width(), 1), 0.0), 1.0)
        number = _rounded(numbers.low + share * (numbers.high - numbers.low), numbers.high - numbers.low)
        black, white = self._ends
        if self._dragged == 0 and number < white:
            black = number
        elif self._dragged == 1 and number > black:
            white = number
        self.show_ends(black, white)
        self.moved.emit(black, white)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._dragged = None

    def _end_at(self, place: float) -> int | None:
        """Which of black and white, 0 or 1, is at a place; None for neither."""
        if self._numbers is None or self._ends is None:
            return None
        distances = [abs(self._place(number) - place) for number in self._ends]
        nearest = 0 if distances[0] < distances[1] else 1
        return nearest if distances[nearest] <= _GRIP else None

    def _place(self, number: float) -> float:
        """Where a number is, in pixels from the left; what lies outside is at the edge."""
        assert self._numbers is not None
        span = self._numbers.high - self._numbers.low or 1.0
        return min(max((number - self._numbers.low) / span, 0.0), 1.0) * self.width()

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
        if self._ends is None:
            painter.drawText(QPointF(0, line), "Each picture by itself")
            return
        black, white = self._ends
        span = numbers.high - numbers.low or 1.0
        left, right = ((number - numbers.low) / span * bars.width() for number in (black, white))
        strip = QLinearGradient(left, 0, right, 0)
        strip.setColorAt(0, QColor("black"))
        strip.setColorAt(1, QColor("white"))
        painter.fillRect(QRectF(0, bars.bottom() + 2, bars.width(), _SCALE - 4), strip)
        for number in (black, white):
            text, edge = plain_number(number), self._place(number)
            width = self.fontMetrics().horizontalAdvance(text)
            painter.setPen(QPen(QColor(tokens.text), 2))
            inside = min(max(edge, 1), bars.width() - 1)
            painter.drawLine(QPointF(inside, 2), QPointF(inside, bars.bottom() + _SCALE - 2))
            painter.setPen(QPen(QColor(tokens.muted), 1))
            painter.drawText(QPointF(min(max(edge - width / 2, 0), bars.width() - width), line), text)


def _rounded(number: float, span: float) -> float:
    """A number with as many digits as a pixel is worth."""
    digits = 3 - math.floor(math.log10(span)) if span > 0 else 3
    return round(number, max(digits, 0))


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
