"""The figures at the cross-hair, beside the title of a plot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.style.tokens import tokens_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

_MARK = 9
_GAP = 4
_BETWEEN = 12


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of the reading.

    Attributes:
        text: Text with the name of the figure.
        figure: Text without the name, for where a colour identifies the run.
        colour: Colour of the run; None where there is only one.
    """

    text: str
    figure: str = ""
    colour: QColor | None = None


class CurveReading(ElidedLabel):
    """A line of words; for several runs the figures behind their colours, as their names do not fit."""

    def __init__(self) -> None:
        super().__init__(muted=True)
        self._words: tuple[Word, ...] = ()

    def show_words(self, words: Sequence[Word]) -> None:
        """Show a reading; a screen reader and the tooltip get it with all names."""
        self._words = tuple(words)
        self.setText(" · ".join(word.text for word in words))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the words, or as many colours with their whole figures as fit."""
        if all(word.colour is None for word in self._words):
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics, left = self.fontMetrics(), 0
        for word in self._words:
            text = word.figure or word.text
            mark = _MARK + _GAP if word.colour is not None else 0
            width = mark + metrics.horizontalAdvance(text)
            if left + width > self.width():
                break
            if word.colour is not None:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(word.colour)
                painter.drawRoundedRect(QRectF(left, (self.height() - _MARK) / 2, _MARK, _MARK), 2, 2)
            painter.setPen(QColor(tokens_of(self.palette()).muted))
            place = QRectF(left + mark, 0, width - mark + 1, self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
            left += width + _BETWEEN
