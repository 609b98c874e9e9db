"""The frame over a picture: what of it the network sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from desktop_app.core.foundation.text import pixel_size

if TYPE_CHECKING:
    from PySide6.QtCore import QSize

    from desktop_app.core.networks.input_spec import Fitting

# The same over every picture, in both themes: light and dark side by side are seen on any ground.
_UNSEEN = QColor(0, 0, 0, 130)
_EDGE = QColor(0, 0, 0, 150)
_LINE = QColor(255, 255, 255)
_SOLID, _FLAT, _MITER = Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin
_WORD = "and the whole picture"


def frame_of(fitting: Fitting, full: QSize, place: QRectF) -> QRectF:
    """Where the frame goes.

    Args:
        fitting: What the network sees.
        full: Size of the picture, upright.
        place: Where the picture is drawn.
    """
    left, top, right, bottom = fitting.part_seen((full.width(), full.height()))
    across, down = place.width() / full.width(), place.height() / full.height()
    return QRectF(
        place.left() + left * across, place.top() + top * down, (right - left) * across, (bottom - top) * down
    )


def seen_words(fitting: Fitting, full: QSize) -> str:
    """What the network sees of a picture, for the line below it and for screen readers."""
    parts = fitting.parts_of((full.width(), full.height()))
    if parts > 1:
        return f"seen: all of it, in {parts} parts"
    if fitting.fit == "squash":
        return "seen: all of it"
    left, top, right, bottom = fitting.part_seen((full.width(), full.height()))
    centre = f"the centre {pixel_size(round(right - left), round(bottom - top))}"
    return f"seen: {'all and ' if fitting.fit == 'both' else ''}{centre}"


def paint_frame(painter: QPainter, fitting: Fitting, full: QSize, place: QRectF) -> None:
    """Draw the frame; what the network does not see is dimmed.

    Args:
        painter: Painter of the picture's widget.
        fitting: What the network sees.
        full: Size of the picture, upright.
        place: Where the picture is drawn.
    """
    frame = frame_of(fitting, full, place)
    if fitting.fit == "crop":
        unseen = QPainterPath()
        unseen.setFillRule(Qt.FillRule.OddEvenFill)
        unseen.addRect(place)
        unseen.addRect(frame)
        painter.fillPath(unseen, _UNSEEN)
    inside = frame.adjusted(1.5, 1.5, -1.5, -1.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((_EDGE, 3.0), (_LINE, 1.0)):
        painter.setPen(QPen(colour, width, _SOLID, _FLAT, _MITER))
        painter.drawRect(inside)
    if fitting.fit == "both":
        _paint_word(painter, inside)


def _paint_word(painter: QPainter, frame: QRectF) -> None:
    """Say in a corner that the picture around the frame is seen as well, where there is room."""
    metrics = painter.fontMetrics()
    size = metrics.size(Qt.TextFlag.TextSingleLine, _WORD)
    label = QRectF(frame.left() + 6, frame.top() + 6, size.width() + 12, size.height() + 4)
    if not frame.contains(label):
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 190))
    painter.drawRoundedRect(label, 4, 4)
    painter.setPen(_LINE)
    painter.drawText(label, Qt.AlignmentFlag.AlignCenter, _WORD)
