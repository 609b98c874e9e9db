"""The data of the curves: growing arrays, what fits a window of pixels, smoothing, CSV.

A curve of a million points is drawn as fast as one of ten thousand: beside the points are the smallest
and largest of every 2, 4, 8, … of them, and a view takes the level that has about one pair for a column
of pixels.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.training.records.history import row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import ArrayLike, NDArray

    from desktop_app.core.training.records.events import EpochMetrics
    from desktop_app.core.training.task.task import Task

    Floats = NDArray[np.float64]

_FIRST_CAPACITY = 1024
_FACTOR = 2
_BLOCK = 256
"""Points that are smoothed by one matrix product."""


class GrowingArray:
    """A float64 array that doubles its memory when it is full."""

    def __init__(self) -> None:
        self._data: Floats = np.empty(_FIRST_CAPACITY)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def values(self) -> Floats:
        """Its values, as a view that the next `extend` may leave outdated."""
        return self._data[: self._count]

    def extend(self, values: Floats) -> None:
        """Add values at the end."""
        wanted = self._count + len(values)
        if wanted > len(self._data):
            larger = np.empty(max(wanted, 2 * len(self._data)))
            larger[: self._count] = self.values
            self._data = larger
        self._data[self._count : wanted] = values
        self._count = wanted


class Series:
    """Points from left to right; figures that are not finite are gaps.

    Points that would not lie right of the last one are skipped.
    """

    def __init__(self) -> None:
        self._x = GrowingArray()
        self._y = GrowingArray()
        self._levels: list[tuple[GrowingArray, GrowingArray]] = []

    def __len__(self) -> int:
        return len(self._x)

    @property
    def x(self) -> Floats:
        """All positions, ascending."""
        return self._x.values

    @property
    def y(self) -> Floats:
        """All figures; NaN where there is none."""
        return self._y.values

    def extend(self, x: ArrayLike, y: ArrayLike) -> int:
        """Add points at the end and return how many were taken."""
        xs, ys = np.asarray(x, np.float64).ravel(), np.asarray(y, np.float64).ravel()
        last = self.x[-1] if len(self) else -np.inf
        furthest = np.maximum.accumulate(np.concatenate(([last], xs)))
        forward = xs > furthest[:-1]
        self._x.extend(xs[forward])
        self._y.extend(np.where(np.isfinite(ys), ys, np.nan)[forward])
        self._sum_up()
        return int(np.count_nonzero(forward))

    def nearest(self, x: float) -> int | None:
        """The index of the point whose position is nearest; None when there is no point."""
        if not len(self):
            return None
        right = int(np.searchsorted(self.x, x))
        if right == len(self) or (right and x - self.x[right - 1] <= self.x[right] - x):
            right -= 1
        return right

    def window(self, start: float, end: float, columns: int) -> tuple[Floats, Floats]:
        """What a plot needs to draw the positions from ``start`` to ``end``.

        Args:
            start: Left edge; the nearest point outside is included, so that the line reaches the edge.
            end: Right edge, with the nearest point outside too.
            columns: Width in pixels.

        Returns:
            Positions and figures: all points when they are few, else the smallest and the largest of every
            block, at most about ``2 * columns`` of them. No peak is lost.
        """
        first = max(int(np.searchsorted(self.x, start)) - 1, 0)
        last = min(int(np.searchsorted(self.x, end, side="right")) + 1, len(self))
        columns = max(columns, 1)
        level, size = 0, 1
        while level < len(self._levels) and (last - first) >= size * _FACTOR * columns:
            level, size = level + 1, size * _FACTOR
        if level == 0:
            return self.x[first:last].copy(), self.y[first:last].copy()
        lows, highs = (array.values for array in self._levels[level - 1])
        begin, stop = first // size, min(last // size, len(lows))
        pairs = min(stop - begin, columns)  # so that every window costs the same, whatever its length
        edges = np.arange(pairs) * (stop - begin) // pairs
        xs, ys = np.empty(2 * pairs + 3), np.empty(2 * pairs + 3)
        xs[0 : 2 * pairs : 2] = self.x[(begin + edges) * size]
        xs[1 : 2 * pairs : 2] = self.x[(begin + edges) * size + size // 2]
        ys[0 : 2 * pairs : 2] = np.fmin.reduceat(lows[begin:stop], edges)
        ys[1 : 2 * pairs : 2] = np.fmax.reduceat(highs[begin:stop], edges)
        rest = self.y[stop * size : last]
        if not len(rest):
            xs[2 * pairs], ys[2 * pairs] = self.x[last - 1], self.y[last - 1]
            return xs[: 2 * pairs + 1], ys[: 2 * pairs + 1]
        xs[-3:] = self.x[stop * size], self.x[stop * size + len(rest) // 2], self.x[last - 1]
        ys[-3:] = np.fmin.reduce(rest), np.fmax.reduce(rest), rest[-1]
        return xs, ys

    def _sum_up(self) -> None:
        lows = highs = self.y
        level = 0
        while len(lows) >= _FACTOR:
            if level == len(self._levels):
                self._levels.append((GrowingArray(), GrowingArray()))
            low, high = self._levels[level]
            new = slice(_FACTOR * len(low), len(lows) // _FACTOR * _FACTOR)
            if new.start < new.stop:
                low.extend(np.fmin.reduce(lows[new].reshape(-1, _FACTOR), axis=1))
                high.extend(np.fmax.reduce(highs[new].reshape(-1, _FACTOR), axis=1))
            lows, highs = low.values, high.values
            level += 1


class Smoother:
    """Exponential smoothing with bias correction, which continues where it stopped.

    ``s = weight * s + (1 - weight) * y``, shown as ``s / (1 - weight**n)``: the correction of Kingma and Ba
    (Adam, 2015, section 3), without which the first figures would lean towards zero. Gaps stay gaps.
    """

    def __init__(self, weight: float) -> None:
        """``weight`` of earlier figures, 0 (no smoothing) to below 1."""
        self._weight = weight
        self._state = 0.0
        self._seen = 0
        lag = np.subtract.outer(np.arange(_BLOCK), np.arange(_BLOCK))
        self._kernel = np.where(lag >= 0, (1 - weight) * weight ** np.maximum(lag, 0), 0.0)
        self._decay = weight ** np.arange(1, _BLOCK + 1)

    def extend(self, values: Floats) -> Floats:
        """Smooth the figures that follow."""
        result = np.full(len(values), np.nan)
        known = np.isfinite(values)
        result[known] = self._smooth(values[known])
        return result

    def _smooth(self, values: Floats) -> Floats:
        result = np.empty(len(values))
        for begin in range(0, len(values), _BLOCK):
            part = values[begin : begin + _BLOCK]
            count = len(part)
            smooth = self._kernel[:count, :count] @ part + self._decay[:count] * self._state
            self._state = float(smooth[-1])
            correction = 1 - self._weight ** np.arange(self._seen + 1, self._seen + count + 1, dtype=float)
            result[begin : begin + count] = smooth / correction
            self._seen += count
        return result


def csv_text(epochs: Iterable[EpochMetrics], task: Task, batches: Mapping[str, Series]) -> str:
    """Make a table of all figures, with the columns of ``metrics.csv`` after the kind of the row.

    Args:
        epochs: Epochs, for rows of the kind ``epoch``.
        task: Task of the run.
        batches: Series for rows of the kind ``batch``, by the names of the metrics, all at the same
            positions: the epoch is a fraction there, and the figure the running mean over the epoch.

    Returns:
        CSV with a header and lines ended by a line feed; missing figures are empty.
    """
    text = io.StringIO()
    names = ["kind", "epoch", *task.columns, "learning_rate", "seconds"]
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    for metrics in epochs:
        cells = {name: _cell(value) for name, value in row(metrics, task).items()}
        writer.writerow({"kind": "epoch"} | cells)
    x = next(iter(batches.values())).x.tolist()
    for place, *values in zip(x, *(series.y.tolist() for series in batches.values()), strict=True):
        cells = {name: _cell(value) for name, value in zip(batches, values, strict=True)}
        writer.writerow({"kind": "batch", "epoch": f"{place:.6f}"} | cells)
    return text.getvalue()


def _cell(value: float | None) -> float | str:
    return "" if value is None or value != value else value  # noqa: PLR0124 - NaN is not itself
