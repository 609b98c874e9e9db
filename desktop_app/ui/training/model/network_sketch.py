"""A small drawing of a network's layers, input on the left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui.common.style.tokens import Tokens, tokens_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.training.recipes.recipe import Block

_HEIGHT = 44
_WIDEST_SLOT = 40.0
_SHAPES = {  # height of the shape as a fraction of the drawing, and width as a fraction of its slot
    "input": (0.8, 0.72),
    "conv": (0.66, 0.62),
    "pool": (0.42, 0.44),
    "norm": (0.6, 0.2),
    "flatten": (0.95, 0.14),
    "dense": (0.85, 0.3),
    "dropout": (0.85, 0.3),
    "recurrent": (0.6, 0.6),
    "residual": (0.6, 0.6),
    "output": (0.5, 0.3),
}


class NetworkSketch(QWidget):
    """Squares for pictures and feature maps, columns of dots for units; words are in the tooltip."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        super().__init__()
        self._blocks = tuple(blocks)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(self.words)

    @property
    def words(self) -> str:
        """The layers in words, input first."""
        return " \N{RIGHTWARDS ARROW} ".join(block.label for block in self._blocks)

    def sizeHint(self) -> QSize:
        """Room to tell the shapes apart."""
        return QSize(22 * len(self._blocks), _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """A width at which drawings are still readable."""
        return QSize(12 * len(self._blocks), _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a line through the middle, and the shapes on it."""
        if not self._blocks:
            return
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        slot = min(self.width() / len(self._blocks), _WIDEST_SLOT)
        middle = self.height() / 2
        painter.setPen(QPen(QColor(tokens.outline), 1))
        painter.drawLine(QPointF(slot / 2, middle), QPointF(slot * (len(self._blocks) - 0.5), middle))
        for position, block in enumerate(self._blocks):
            height, width = _SHAPES[block.kind]
            box = QRectF(0, 0, slot * width, (self.height() - 4) * height)
            box.moveCenter(QPointF(slot * (position + 0.5), middle))
            _paint_block(painter, block.kind, box, tokens)


def _paint_block(painter: QPainter, kind: str, box: QRectF, tokens: Tokens) -> None:
    match kind:
        case "conv" | "residual" | "recurrent":
            _paint_maps(painter, box, tokens)
            if kind == "residual":
                _paint_arc(painter, box, tokens)
            elif kind == "recurrent":
                _paint_loop(painter, box, tokens)
        case "dense" | "dropout" | "output":
            _paint_units(painter, kind, box, tokens)
        case "input":
            _rectangle(painter, box, tokens.surface, tokens.text)
        case "pool":
            _rectangle(painter, box, tokens.accent, tokens.accent)
        case _:
            _rectangle(painter, box, tokens.muted, tokens.muted)


def _rectangle(painter: QPainter, box: QRectF, fill: str, edge: str) -> None:
    painter.setPen(QPen(QColor(edge), 1.2))
    painter.setBrush(QColor(fill))
    painter.drawRoundedRect(box, 2, 2)


def _paint_maps(painter: QPainter, box: QRectF, tokens: Tokens) -> None:
    """Three sheets, one behind the other."""
    shift = min(3.0, box.width() / 6)
    for step in (1, 0, -1):
        _rectangle(painter, box.translated(shift * step, -shift * step), tokens.tint, tokens.accent)


def _paint_arc(painter: QPainter, box: QRectF, tokens: Tokens) -> None:
    """The path around the layers."""
    path = QPainterPath(QPointF(box.left() - 4, box.center().y()))
    top = box.top() - 7
    path.cubicTo(
        QPointF(box.left(), top), QPointF(box.right(), top), QPointF(box.right() + 4, box.center().y())
    )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(tokens.warning), 1.6))
    painter.drawPath(path)


def _paint_loop(painter: QPainter, box: QRectF, tokens: Tokens) -> None:
    """An arrow that returns to its start."""
    side = min(box.width(), box.height()) * 0.5
    ring = QRectF(0, 0, side, side)
    ring.moveCenter(box.center())
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(tokens.warning), 1.6))
    painter.drawArc(ring, 60 * 16, 290 * 16)
    tip = QPointF(ring.center().x() + side * 0.25, ring.top() + side * 0.07)
    painter.drawLine(tip, tip + QPointF(-side * 0.1, -3))
    painter.drawLine(tip, tip + QPointF(-3, side * 0.1))


def _paint_units(painter: QPainter, kind: str, box: QRectF, tokens: Tokens) -> None:
    """A column of units; some are switched off in a dropout, and the output has a few filled ones."""
    count = 3 if kind == "output" else 5
    step = box.height() / count
    radius = min(step / 2 - 0.6, box.width() / 2, 3.6)
    for unit in range(count):
        centre = QPointF(box.center().x(), box.top() + step * (unit + 0.5))
        off = kind == "dropout" and unit % 2 == 1
        colour = tokens.text if kind == "output" else tokens.success
        painter.setPen(QPen(QColor(colour), 1.2))
        painter.setBrush(QColor(tokens.surface if off else colour))
        painter.drawEllipse(centre, radius, radius)
