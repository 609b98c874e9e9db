"""A few pictures side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui.common.style.icons import paint_icon
from desktop_app.ui.common.style.painting import paint_thumbnail
from desktop_app.ui.common.style.tokens import tokens_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.images.decoding.reading import PixelReading
    from desktop_app.ui.common.thumbnails import Thumbnails

_MOST = 6
_GAP = 4


class ThumbnailRow(QWidget):
    """Shows as many of the pictures as fit; decoration, so the mouse goes through it.

    Args:
        pictures: Paths of the pictures.
        thumbnails: Where they come from.
        side: Height and width of each, in pixels.
        reading: How their numbers are read; None for the way of the data set.
    """

    def __init__(
        self, pictures: Sequence[Path], thumbnails: Thumbnails, side: int, reading: PixelReading | None = None
    ) -> None:
        super().__init__()
        self._reading = reading
        self._pictures = tuple(pictures[:_MOST])
        self._thumbnails = thumbnails
        self._side = side
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        thumbnails.arrived.connect(self._on_arrived)

    def sizeHint(self) -> QSize:
        """Room for all pictures."""
        return QSize(self._width_of(len(self._pictures)), self._side)

    def minimumSizeHint(self) -> QSize:
        """Room for one picture."""
        return QSize(self._width_of(min(len(self._pictures), 1)), self._side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the pictures that are there, and a sign for the others, at the right edge."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        fitting = max((self.width() + _GAP) // (self._side + _GAP), 0)
        shown = self._pictures[:fitting]
        place = QRectF(self.width() - self._width_of(len(shown)), 0, self._side, self._side)
        for path in shown:
            picture = self._thumbnails.of(path, self._reading)
            paint_thumbnail(painter, place, picture, tokens.sunken, 4)
            if picture is None:
                inset = self._side / 4
                paint_icon(painter, "picture", tokens.outline, place.adjusted(inset, inset, -inset, -inset))
            painter.setPen(QColor(tokens.border))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place, 4, 4)  # white pictures have an edge
            place.translate(self._side + _GAP, 0)

    def _width_of(self, count: int) -> int:
        return max(count * (self._side + _GAP) - _GAP, 0)

    def _on_arrived(self, path: Path) -> None:
        if path in self._pictures:
            self.update()
