"""Measures how long a frame of the curves takes with few and with a million points in each curve.

``python -m benchmarks.curve_frames [--runs 5] [--frames 60] [--few 10000] [--many 1000000]``: two plots of
the same size, each with the thin curve of batches and the two thick ones of epochs, all with so many points.
A frame appends a point to each curve and draws the plot. The plots take turns; the medians and their ratio
are printed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.frame.figure import Figure, Goal
from benchmarks.frame.turns import take_turns

if TYPE_CHECKING:
    from benchmarks.frame.plan import Plan

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_SIZE = (640, 380)
_RUN = "run"


def main() -> None:
    """Draw both plots in turn and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--frames", type=int, default=60)
    parser.add_argument("--few", type=int, default=10_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--smoothing", type=float, default=0.0)
    parser.add_argument("--log", action="store_true")
    options = parser.parse_args()
    medians = _by_turns(options)
    few, many = (statistics.median(medians[count]) for count in (options.few, options.many))
    spread = ", ".join(f"{1000 * value:.1f}" for value in sorted(medians[options.many]))
    print(
        f"{options.few:,} points {1000 * few:.1f} ms, {options.many:,} points {1000 * many:.1f} ms "
        f"({spread}), ratio {many / few:.2f}"
    )


def measure(plan: Plan) -> list[Figure]:
    """Draw a plot with few points and one with a million."""
    options = argparse.Namespace(
        runs=plan.runs, frames=plan.count(5, 60), few=10_000, many=1_000_000, smoothing=0.0, log=False
    )
    medians = _by_turns(options)
    few, many = (tuple(1000 * sample for sample in medians[count]) for count in (options.few, options.many))
    return [
        Figure(
            f"frame of three curves with {options.many:,} points each",
            f"{options.few:,} points each",
            "ms",
            many,
            few,
            Goal(2.0),
            digits=1,
        )
    ]


def _by_turns(options: argparse.Namespace) -> dict[int, list[float]]:
    """Seconds of the median frame for each number of points."""
    from PySide6.QtWidgets import QApplication

    from desktop_app.ui.common.style.theme import Theme

    application = QApplication([])
    Theme(application, application).apply("light")
    plots = {count: _Plot(count, options) for count in (options.few, options.many)}
    ways = {str(count): partial(plot.median, options.frames) for count, plot in plots.items()}
    return {int(name): medians for name, medians in take_turns(ways, options.runs).items()}


class _Plot:
    def __init__(self, count: int, options: argparse.Namespace) -> None:
        from desktop_app.core.training.task.metric import LOSS
        from desktop_app.ui.charts.curve_plot import CurvePlot

        self._count = count
        self._random = np.random.default_rng(0)
        xs = np.arange(1, count + 1, dtype=float)
        self._plot = CurvePlot(LOSS)
        self._plot.set_smoothing(options.smoothing)
        self._plot.set_log(options.log)
        self._plot.add_batches(xs, self._figures(count))
        train, validation = (
            list(zip(xs.tolist(), self._figures(count).tolist(), strict=True)) for _ in range(2)
        )
        self._plot.set_epochs(_RUN, "Run", train, validation)
        self._plot.resize(*_SIZE)
        self._plot.show()

    def median(self, frames: int) -> float:
        """Seconds of the median frame."""
        from PySide6.QtWidgets import QApplication

        seconds = []
        for _ in range(frames):
            self._count += 1
            train, validation, batch = self._figures(3).tolist()
            started = time.perf_counter()
            self._plot.add_batch(float(self._count), batch)
            self._plot.add_epoch(_RUN, "Run", self._count, train, validation)
            self._plot.refresh()
            self._plot._canvas.viewport().repaint()  # noqa: SLF001 - at once, not when the event loop comes to it
            seconds.append(time.perf_counter() - started)
            QApplication.processEvents()
        return statistics.median(seconds)

    def _figures(self, count: int) -> np.ndarray:
        return 1 + self._random.normal(0, 0.1, count)


if __name__ == "__main__":
    main()
