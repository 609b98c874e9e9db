"""The axes of a plot: whole epochs below; plain, logarithmic or percent figures on the left."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtGui import QPicture

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

_MANTISSAS = (1, 2, 5)
_FEW = 3
"""Fewest ticks for the labels of a logarithmic axis; with fewer it is labelled like a plain one."""
_LEVELS = 2
"""Number of levels of tick distances; a third would draw lines that no label explains."""

Ticks = list[tuple[float, list[float]]]


class _Axis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph is not typed
    """Draws itself directly: the recorded picture that pyqtgraph plays costs several times as much."""

    picture: QPicture | None
    _drawing: tuple[object, ...] | None = None

    def paint(self, p: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None) -> None:
        """Draw line, ticks and labels, with a new layout only when something has changed."""
        if self.picture is None:
            self._drawing = self.generateDrawSpecs(p)
            self.picture = QPicture()  # empty: pyqtgraph drops it when something changes
        if self._drawing is not None:
            # Qt draws a translucent line eight times as fast inside of a clip.
            p.setClipRect(self.boundingRect())
            self.drawPicture(p, *self._drawing)


class EpochAxis(_Axis):
    """Labels whole epochs, however far one zooms in."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.enableAutoSIPrefix(enable=False)

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        """The distances of the ticks; below one epoch only where no two whole epochs are in view."""
        levels: list[tuple[float, float]] = super().tickSpacing(low, high, size)
        if math.floor(high) - math.ceil(low) < 1:
            return levels
        return [level for level in levels if level[0] >= 1] or [(1.0, 0.0)]


class FigureAxis(_Axis):
    """The axis of the figures; in logarithmic mode its range is that of the decimal logarithms."""

    def __init__(self) -> None:
        super().__init__("left")
        self._percent = False
        self._log = False
        self.enableAutoSIPrefix(enable=False)

    def set_percent(self, percent: bool) -> None:
        """Write figures of 0..1 as percentages, or all as they are."""
        self._percent = percent
        self.picture = None
        self.update()

    def set_log(self, log: bool) -> None:
        """Read the range as logarithms, or not."""
        self._log = log
        self.picture = None
        self.update()

    def tickValues(self, low: float, high: float, size: float) -> Ticks:
        """Where to draw ticks: 1, 2 and 5 of every power of ten on a logarithmic axis."""
        if not self._log:
            ticks: Ticks = super().tickValues(low, min(high, 1.0) if self._percent else high, size)
            return ticks[:_LEVELS]
        powers = range(math.floor(low), math.ceil(high) + 1)
        low, high = 10.0 ** max(low, -300), 10.0 ** min(high, 300)
        step = max(1, math.ceil(len(powers) / max(size / 40, 1)))  # not every power has room
        mantissas = _MANTISSAS if step == 1 and len(powers) <= max(size / 80, 2) else (1,)
        found = [m * 10.0**power for power in powers if power % step == 0 for m in mantissas]
        inside = [value for value in found if low <= value <= high]
        if len(inside) >= _FEW:
            return [(1.0, [math.log10(value) for value in inside])]
        return [
            (spacing, [math.log10(value) for value in values if value > 0])
            for spacing, values in super().tickValues(low, high, size)
        ]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """The texts of the ticks."""
        if self._percent:
            return [f"{100 * value:g}\N{NO-BREAK SPACE}%" for value in values]
        if self._log:
            return [f"{10.0**value:.4g}" for value in values]
        texts: list[str] = super().tickStrings(values, scale, spacing)
        return texts
