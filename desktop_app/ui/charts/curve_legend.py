"""The legend above a plot, where it covers no curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui.common.controls.widgets import scale_font
from desktop_app.ui.common.style.tokens import tokens_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent, QPen, QResizeEvent

    Entry = tuple[QPen, str]

_SAMPLE = 24
_GAP = 6
_BETWEEN = 16
_LONGEST = 24


class CurveLegend(QWidget):
    """Short pieces of the curves with their names, on as many lines as they need."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[Entry, ...] = ()
        scale_font(self, 0.9)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    @property
    def names(self) -> tuple[str, ...]:
        """The names in their order."""
        return tuple(name for _pen, name in self._entries)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show pens and their names."""
        self._entries = tuple((pen, shortened(name)) for pen, name in entries)
        self.setAccessibleName(", ".join(self.names))
        self.setVisible(bool(self._entries))
        self._fit()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the lines that the entries need at this width."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw each entry in its place."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        text = QColor(tokens_of(self.palette()).text)
        for (pen, name), place in zip(self._entries, self.places(), strict=True):
            middle = place.center().y()
            painter.setPen(pen)
            painter.drawLine(QPointF(place.left(), middle), QPointF(place.left() + _SAMPLE, middle))
            painter.setPen(text)
            words = place.adjusted(_SAMPLE + _GAP, 0, 1, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)

    def places(self) -> list[QRectF]:
        """The areas of the entries: from left to right, on as many lines as needed."""
        metrics = self.fontMetrics()
        places: list[QRectF] = []
        left = top = 0.0
        for name in self.names:
            width = _SAMPLE + _GAP + metrics.horizontalAdvance(name)
            if left and left + width > self.width():
                left, top = 0.0, top + metrics.height()
            places.append(QRectF(left, top, width, metrics.height()))
            left += width + _BETWEEN
        return places

    def _fit(self) -> None:
        self.setFixedHeight(max((round(place.bottom()) for place in self.places()), default=0))


def shortened(name: str, most: int = _LONGEST) -> str:
    """Elide the middle of a name that is longer than ``most``: names often differ at their end."""
    if len(name) <= most:
        return name
    end = (most - 1) // 2
    return f"{name[: most - 1 - end].rstrip()}…{name[-end:].lstrip()}"
