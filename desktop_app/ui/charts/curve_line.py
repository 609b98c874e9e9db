"""One curve of a plot: its points, raw and smoothed, and the items that draw them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from desktop_app.ui.charts.curve_data import Series, Smoother

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Point = tuple[float, float]

_SMOOTH_EDGES = 600
"""Most points of an antialiased curve; drawing longer ones would take several times as long."""
_DOTS = 60
"""Most points in view of which each is marked."""
_DASHED = 400
"""Most points in view with dashes; in a longer curve they only cost time."""
_GHOST = 70
_FAINT, _FAINT_ON_DARK = 130, 190
"""Opacity, of 255, of raw figures behind smoothed ones, and of the figures of batches behind epochs."""
_BRIGHT = 150
"""Lightness (0..255) from which on a colour is for a dark ground, where a thin line is less visible."""


@dataclass(frozen=True, slots=True)
class LineLook:
    """How a curve is drawn.

    Attributes:
        width: Width of the line, in pixels.
        dashed: Whether it is dashed, to differ from its neighbour.
        faint: Whether it stays in the background.
        dots: Whether few points are marked.
    """

    width: float
    dashed: bool = False
    faint: bool = False
    dots: bool = False


class CurveLine:
    """Draws the part of a `Series` that a window of the plot shows."""

    def __init__(self, view: pg.ViewBox, look: LineLook) -> None:
        self.raw = Series()
        self.look = look
        self._view = view
        self._smoothed: Series | None = None
        self._smoother: Smoother | None = None
        self._weight = 0.0
        self._colour = QColor()
        self._zoom = 1.0
        self._curve = pg.PlotCurveItem(connect="finite")
        self._ghost = pg.PlotCurveItem(connect="finite")
        self._dots = pg.ScatterPlotItem(pxMode=True, size=5, symbol="o")
        self._items = (self._ghost, self._curve, self._dots)
        for depth, item in enumerate(self._items):
            item.setZValue((0 if look.faint else 10) + depth)
            view.addItem(item, ignoreBounds=True)

    @property
    def sample(self) -> pg.PlotCurveItem:
        """The item for the look in a legend."""
        return self._curve

    @property
    def pen(self) -> QPen:
        """The pen of the curve."""
        return self._pen(255, dashed=self.look.dashed)

    @property
    def colour(self) -> QColor:
        """The colour of the line."""
        return self._colour

    def extend(self, x: ArrayLike, y: ArrayLike) -> None:
        """Add points at the right end."""
        before = len(self.raw)
        self.raw.extend(x, y)
        if self._smoother is not None and self._smoothed is not None:
            self._smoothed.extend(self.raw.x[before:], self._smoother.extend(self.raw.y[before:]))

    def replace(self, points: Sequence[Point]) -> None:
        """Show other points."""
        self.raw = Series()
        if points:
            self.raw.extend(*np.asarray(points, np.float64).T)
        self._smooth_anew()

    def set_smoothing(self, weight: float) -> None:
        """Smooth with a weight of 0 (not) to below 1."""
        if weight != self._weight:
            self._weight = weight
            self._smooth_anew()

    def set_zoom(self, zoom: float) -> None:
        """Draw for a picture of so many pixels per pixel of the window, which widens pens."""
        self._zoom = zoom

    def set_colour(self, colour: QColor) -> None:
        """Draw in another colour."""
        self._colour = colour
        self._dots.setBrush(colour)
        self._dots.setPen(None)

    def remove(self) -> None:
        """Remove the curve from the plot."""
        for item in self._items:
            self._view.removeItem(item)

    def nearest(self, x: float) -> Point | None:
        """The raw point whose position is nearest."""
        index = self.raw.nearest(x)
        return None if index is None else (float(self.raw.x[index]), float(self.raw.y[index]))

    def height_at(self, x: float) -> float:
        """The drawn figure of the point nearest to a position: smoothed, if smoothing is on."""
        index = self.raw.nearest(x)
        shown = self.raw if self._smoothed is None else self._smoothed
        return math.nan if index is None else float(shown.y[index])

    def draw(self, start: float, end: float, columns: int, *, log: bool) -> NDArray[np.float64]:
        """Draw the part between two positions, ``columns`` pixels wide, and return the heights drawn."""
        shown = self.raw if self._smoothed is None else self._smoothed
        xs, ys = shown.window(start, end, columns)
        ys = heights(ys, log=log)
        faint = _FAINT_ON_DARK if self._colour.lightness() > _BRIGHT else _FAINT
        self._set(self._curve, xs, ys, faint if self.look.faint else 255)
        every = self.look.dots and len(xs) <= _DOTS
        known = np.isfinite(ys) if every else np.zeros(len(ys), bool)
        self._dots.setVisible(bool(known.any()))  # an item without points costs time in each frame too
        self._dots.setData(xs[known], ys[known])
        self._ghost.setVisible(self._smoothed is not None)
        if self._smoothed is not None:
            xs, raw = self.raw.window(start, end, columns)
            self._set(self._ghost, xs, heights(raw, log=log), _GHOST)
        return ys

    def _set(
        self, item: pg.PlotCurveItem, xs: NDArray[np.float64], ys: NDArray[np.float64], alpha: int
    ) -> None:
        dashed = self.look.dashed and len(xs) <= _DASHED and item is self._curve
        pen = self._pen(alpha, dashed=dashed)
        if item is self._ghost:
            pen.setWidthF(self._zoom)  # a wide translucent line takes a hundred times as long
        item.setData(xs, ys, pen=pen, antialias=len(xs) <= _SMOOTH_EDGES)

    def _pen(self, alpha: int, *, dashed: bool) -> QPen:
        colour = QColor(self._colour)
        colour.setAlpha(alpha)
        pen = QPen(colour, self.look.width * self._zoom)
        pen.setCosmetic(True)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if dashed:
            pen.setDashPattern([4, 2])
        return pen

    def _smooth_anew(self) -> None:
        self._smoother = Smoother(self._weight) if self._weight else None
        self._smoothed = None
        if self._smoother is not None:
            self._smoothed = Series()
            self._smoothed.extend(self.raw.x, self._smoother.extend(self.raw.y))


def heights(ys: NDArray[np.float64], *, log: bool) -> NDArray[np.float64]:
    """Heights of figures in the plot: themselves or their decimal logarithms; NaN where there is none."""
    return np.log10(np.where(ys > 0, ys, np.nan)) if log else ys
