"""Which curve is which, along the top of the plot."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent

    from desktop_app.ui.common.tokens import Tokens

_LENGTH = 30
_BEFORE = 6
"""Of the length of a sample, free between it and the name of the entry before."""
_HEIGHT = 16
_LONGEST = 24
_INSET = 6
_IN_A_ROW = 3
_OPACITY = 215


class _Sample(pg.ItemSample):  # type: ignore[misc]  # pyqtgraph is not typed
    """A short piece of a curve; a click on it does nothing."""

    def __init__(self, pen: QPen) -> None:
        super().__init__(item=None)
        self._pen = pen
        self.setFixedWidth(_LENGTH)
        self.setFixedHeight(_HEIGHT)

    def boundingRect(self) -> QRectF:
        """Its place."""
        return QRectF(0, 0, _LENGTH, _HEIGHT)

    def paint(self, p: QPainter, *_: object) -> None:
        """Draw the line."""
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setPen(self._pen)
        p.drawLine(QPointF(_BEFORE, _HEIGHT / 2), QPointF(_LENGTH - 2, _HEIGHT / 2))

    def mouseClickEvent(self, event: MouseClickEvent) -> None:
        """Leave the click to what lies below."""
        event.ignore()


class CurveLegend(pg.LegendItem):  # type: ignore[misc]  # pyqtgraph is not typed
    """Sits at the top right of a view, which leaves it `room`."""

    def __init__(self, view: pg.ViewBox) -> None:
        super().__init__(
            offset=(-_INSET, _INSET),
            horSpacing=2,
            verSpacing=0,
            frame=True,
            sampleType=_Sample,
        )
        self.layout.setContentsMargins(0, 4, 8, 4)
        self.setZValue(50)
        self.setParentItem(view)

    @property
    def room(self) -> float:
        """The height that it takes from the top, in pixels."""
        return self.height() + 2 * _INSET if self.items else 0.0

    def show_entries(self, entries: Sequence[tuple[QPen, str]], tokens: Tokens, points: float) -> None:
        """Show pens and what they stand for, in a font of so many points and as many columns as have room."""
        self.clear()
        ground = QColor(tokens.surface)
        ground.setAlpha(_OPACITY)
        self.setBrush(pg.mkBrush(ground))
        self.setPen(pg.mkPen(tokens.border))
        self.setLabelTextColor(tokens.text)
        self.setLabelTextSize(f"{points:g}pt")
        self.setColumnCount(_IN_A_ROW if len(entries) <= _IN_A_ROW else 2)
        for pen, name in entries:
            self.addItem(_Sample(pen), escape(shortened(name)))
        while self.columnCount > 1 and self.width() > self.parentItem().width() - 2 * _INSET:
            self.setColumnCount(self.columnCount - 1)
        self.setVisible(bool(self.items))


def shortened(name: str, most: int = _LONGEST) -> str:
    """Leave out the middle of a name that is longer than ``most``: names often differ at their end."""
    if len(name) <= most:
        return name
    end = (most - 1) // 2
    return f"{name[: most - 1 - end].rstrip()}…{name[-end:].lstrip()}"
