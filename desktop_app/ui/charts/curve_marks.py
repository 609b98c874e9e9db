"""Marks in a plot besides the curves: the best epoch, and the cross-hair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from desktop_app.ui.common.controls.widgets import tooltip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.ui.common.style.tokens import Tokens

    Point = tuple[float, float]

_STAR = 15
_RING = 9


class BestMark:
    """A vertical line with a star on the curve and a label: here the validation was best."""

    def __init__(self, view: pg.ViewBox) -> None:
        self._line = pg.InfiniteLine(angle=90)
        self._label = pg.InfLineLabel(self._line, text="", movable=False)
        self._star = pg.ScatterPlotItem(pxMode=True, size=_STAR, symbol="star")
        for depth, item in enumerate((self._line, self._star)):
            item.setZValue(20 + depth)
            view.addItem(item, ignoreBounds=True)
        self.show_at(None, "")

    def dress(self, tokens: Tokens) -> None:
        """Take the colours of the theme."""
        self._line.setPen(pg.mkPen(tokens.success, width=1, style=Qt.PenStyle.DotLine))
        self._label.setColor(tokens.success)
        self._label.fill = pg.mkBrush(tokens.surface)
        self._star.setBrush(None)  # the point stays visible in it
        self._star.setPen(pg.mkPen(tokens.success, width=1.5))

    def explain(self, why: str) -> None:
        """Set the tooltip of the line, its words and the star, which says why the epoch is the best."""
        for item in (self._line, self._label, self._star):
            item.setToolTip(tooltip(why))

    def show_at(self, point: Point | None, words: str, height: float = 0.9) -> None:
        """Mark a point of the plot (None: nothing), with words at a height of 0 (bottom) to 1."""
        visible = point is not None
        for item in (self._line, self._star):
            item.setVisible(visible)
        if point is not None:
            self._line.setValue(point[0])
            self._label.setFormat(words)
            self._label.setPosition(height)
            self._star.setData([point[0]], [point[1]])


class CrossMark:
    """A vertical line and a ring around each value there."""

    def __init__(self, view: pg.ViewBox) -> None:
        self._line = pg.InfiniteLine(angle=90)
        self._rings = pg.ScatterPlotItem(pxMode=True, size=_RING, symbol="o")
        for depth, item in enumerate((self._line, self._rings)):
            item.setZValue(30 + depth)
            view.addItem(item, ignoreBounds=True)
        self.show_at(None, ())

    def dress(self, tokens: Tokens) -> None:
        """Take the colours of the theme."""
        self._line.setPen(pg.mkPen(tokens.outline, width=1))
        self._rings.setPen(pg.mkPen(tokens.text, width=1.5))
        self._rings.setBrush(QColor(tokens.surface))

    def show_at(self, x: float | None, heights: Sequence[float]) -> None:
        """Mark a position and the values there; None marks nothing."""
        visible = x is not None
        for item in (self._line, self._rings):
            item.setVisible(visible)
        if x is not None:
            self._line.setValue(x)
            self._rings.setData([x] * len(heights), list(heights))
