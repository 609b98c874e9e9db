"""A plot of a metric: epochs thick, batches thin, a cross-hair, and a mark at the best epoch."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QFrame, QSizePolicy

from desktop_app.core.foundation.text import percent
from desktop_app.ui.charts.curve_canvas import CurveCanvas
from desktop_app.ui.charts.curve_colours import curve_colours
from desktop_app.ui.charts.curve_legend import CurveLegend
from desktop_app.ui.charts.curve_line import CurveLine, LineLook, heights
from desktop_app.ui.charts.curve_marks import BestMark, CrossMark
from desktop_app.ui.charts.curve_reading import CurveReading, Word
from desktop_app.ui.common.controls.widgets import heading, horizontal, vertical
from desktop_app.ui.common.style.tokens import tokens_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from desktop_app.core.training.task.metric import Metric
    from desktop_app.ui.charts.curve_data import Series

    Point = tuple[float, float]

_ROOMY = 220
"""Height of a plot below which the name of the horizontal axis is hidden."""
REDRAW_MS = 50
"""Shortest time between two drawings in milliseconds, however fast events arrive."""

_BATCH = LineLook(1, faint=True)
_TRAIN = LineLook(2.2, dots=True)
_VALIDATION = LineLook(2.2, dashed=True, dots=True)
_AIR = 0.02
"""Fraction of the epochs in view that stays free at each end, so that the dots there are whole."""
_MANY = 20
"""Points in view from which on peaks may be outside: a wild first batch would flatten the rest."""


class _Run:
    """The two curves of one run."""

    def __init__(self, canvas: CurveCanvas, label: str) -> None:
        self.label = label
        self.colour: int | None = None
        self.train = CurveLine(canvas.view, _TRAIN)
        self.validation = CurveLine(canvas.view, _VALIDATION)

    @property
    def lines(self) -> tuple[CurveLine, CurveLine]:
        """Training, then validation."""
        return self.train, self.validation


class CurvePlot(QFrame):
    """Curves over epochs, of one run or of several.

    The position of an epoch's figures is its number, that of a batch's ``(epoch - 1) + step / steps``.

    Signals:
        pointed: Position of the cross-hair; None when there is none.
        range_chosen: First and last epoch of the range that the user zoomed into.
        view_reset: The user wants to see everything again.
    """

    pointed = Signal(object)
    range_chosen = Signal(float, float)
    view_reset = Signal()

    def __init__(self, metric: Metric) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._percent = False
        self._log = False
        self._weight = 0.0
        self._runs: dict[str, _Run] = {}
        self._best: int | None = None
        self._at: float | None = None
        self._follows_x = self._follows_y = self._legend_is_old = True
        self._canvas = CurveCanvas()
        self._canvas.setAccessibleDescription(
            "Left and right read the values, plus and minus zoom, Home shows everything."
        )
        self._canvas.bottom.setLabel("Epoch")
        self._canvas.left.setWidth(52)
        self._batch = CurveLine(self._canvas.view, _BATCH)
        self._legend = CurveLegend()
        self._best_mark = BestMark(self._canvas.view)
        self._cross = CrossMark(self._canvas.view)
        self._reading = CurveReading()
        self._timer = QTimer(self, singleShot=True, interval=REDRAW_MS)
        self._timer.timeout.connect(self.refresh)

        top = horizontal(spacing=16)
        self._title = heading(factor=1.1)
        top.addWidget(self._title)
        top.addWidget(self._reading, 1)
        layout = vertical(self, spacing=4, margins=(12, 8, 8, 8))
        layout.addLayout(top)
        layout.addWidget(self._legend)
        layout.addWidget(self._canvas, 1)

        self._canvas.pointed.connect(self._on_pointed)
        self._canvas.stepped.connect(self._on_stepped)
        self._canvas.zoomed.connect(self._on_zoomed)
        self._canvas.reset_requested.connect(self._on_reset_requested)
        self._canvas.view.sigXRangeChanged.connect(self._schedule)
        self._canvas.installEventFilter(self)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        reset = QAction("Reset view", self)
        reset.triggered.connect(self._on_reset_requested)
        self.addAction(reset)
        self.show_metric(metric)
        self._dress()

    @property
    def reading(self) -> str:
        """The values at the cross-hair, or the latest ones, in words."""
        return self._reading.text()

    @property
    def batches(self) -> Series:
        """The figures of the batches."""
        return self._batch.raw

    def show_metric(self, metric: Metric) -> None:
        """Set the metric of the curves; those of another metric are removed before."""
        self._percent = metric.format == "percent"
        self._title.setText(metric.title)
        self._canvas.setAccessibleName(f"{metric.title}: curves")
        self._canvas.left.set_percent(self._percent)
        self._schedule()

    def clear(self, *, batches: bool = True) -> None:
        """Remove all curves, or all except the one of the batches, and reset the view."""
        for run in self._runs.values():
            for line in run.lines:
                line.remove()
        self._runs.clear()
        if batches:
            self._batch.replace(())
        self._best = self._at = None
        self._follows_x = self._follows_y = True
        self._rename_curves()

    def set_epochs(
        self,
        run_id: str,
        label: str,
        train: Sequence[Point],
        validation: Sequence[Point],
        colour: int | None = None,
    ) -> None:
        """Show all epochs of a run.

        Args:
            run_id: Id of the run.
            label: Its name in the legend where there are several.
            train: Training figures, ``(epoch, figure)`` each.
            validation: Validation figures, ``(epoch, figure)`` each.
            colour: Number of its colour among several; None for the one of its position.
        """
        run = self._run(run_id, label)
        run.colour = colour
        run.train.replace(train)
        run.validation.replace(validation)
        self._rename_curves()

    def add_epoch(self, run_id: str, label: str, epoch: int, train: float, validation: float | None) -> None:
        """Add one more epoch to a run."""
        run = self._run(run_id, label)
        run.train.extend([epoch], [train])
        if validation is not None:
            first = not len(run.validation.raw)
            run.validation.extend([epoch], [validation])
            if first:
                self._rename_curves()
        self._schedule()

    def add_batch(self, x: float, y: float) -> None:
        """Add one figure of a training batch."""
        self.add_batches([x], [y])

    def add_batches(self, x: ArrayLike, y: ArrayLike) -> None:
        """Add several."""
        first = not len(self._batch.raw)
        self._batch.extend(x, y)
        if first:
            self._rename_curves()
        self._schedule()

    def set_log(self, log: bool) -> None:
        """Scale the heights logarithmically, or not."""
        self._log = log
        self._follows_y = True
        self._canvas.left.set_log(log)
        self._schedule()

    def set_smoothing(self, weight: float) -> None:
        """Smooth all curves by a weight of 0 (not at all) to below 1; the raw ones stay behind them."""
        self._weight = weight
        for line in self._lines():
            line.set_smoothing(weight)
        self._schedule()

    def set_zoom(self, zoom: float) -> None:
        """Draw the curves for a picture of so many pixels per pixel of the window."""
        for line in self._lines():
            line.set_zoom(zoom)
        self._legend_is_old = True
        self.refresh()

    def mark_best(self, epoch: int | None, why: str = "") -> None:
        """Mark an epoch as the best one, with a tooltip that says why."""
        self._best_mark.explain(why)
        self._best = epoch
        self._schedule()

    def point_at(self, x: float | None) -> None:
        """Put the cross-hair at the epoch or batch nearest to a position; None removes it."""
        self._at = x
        self._read()

    def show_range(self, start: float, end: float) -> None:
        """Show a range of epochs."""
        self._follows_x = False
        self._canvas.view.setXRange(start, end, padding=0)
        self._schedule()

    def reset_view(self) -> None:
        """Show everything, and new figures as they arrive."""
        self._follows_x = self._follows_y = True
        self._schedule()

    def refresh(self) -> None:
        """Draw the curves again; nothing is drawn while the plot is not visible."""
        self._timer.stop()
        if self._legend_is_old:
            self._show_legend()
        if self._follows_x:
            self._canvas.view.setXRange(*self._whole(), padding=0)
        start, end = self._canvas.view.viewRange()[0]
        columns = self._canvas.columns()
        shown = [line.draw(start, end, columns, log=self._log) for line in self._lines()]
        if self._follows_y:
            low, high = self._heights(shown)
            free = max(1 - self._mark_part(), 0.2)
            self._canvas.view.setYRange(low, low + (high - low) / free, padding=0)
        self._mark_best()
        self._read()
        # Now: items that move while painting, as without this, would be painted a second time.
        self._canvas.scene().prepareForPaint()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what came while the plot was hidden."""
        super().showEvent(event)
        self._schedule()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def eventFilter(self, _canvas: QObject, event: QEvent) -> bool:
        """Show the focus at the edge of the card, and fill a new size."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.update()
        elif event.type() == QEvent.Type.Resize:
            self._canvas.bottom.showLabel(self._canvas.height() >= _ROOMY)
            self._schedule()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card, with a ring when the keyboard acts here."""
        super().paintEvent(event)
        if self._canvas.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(tokens_of(self.palette()).accent), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 7, 7)

    def _run(self, run_id: str, label: str) -> _Run:
        run = self._runs.get(run_id)
        if run is None:
            run = self._runs[run_id] = _Run(self._canvas, label)
            for line in run.lines:
                line.set_smoothing(self._weight)
            self._rename_curves()
        run.label = label
        return run

    def _lines(self) -> list[CurveLine]:
        return [self._batch, *(line for run in self._runs.values() for line in run.lines)]

    def _schedule(self) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _whole(self) -> tuple[float, float]:
        """The positions from the first to the last point, with a small margin."""
        ends = [line.raw.x[[0, -1]] for line in self._lines() if len(line.raw)]
        last = max((float(end[1]) for end in ends), default=1.0)
        first = 0.0 if len(self._batch.raw) else min((float(end[0]) for end in ends), default=0.0)
        if last <= first:
            return first - 1, last + 1  # one epoch alone lies between two whole ones
        air = _AIR * (last - first)
        return max(first - air, 0.0), max(last, 1.0) + air

    def _heights(self, shown: list[NDArray[np.float64]]) -> tuple[float, float]:
        """Lowest and highest figure to show, as heights in the plot."""
        if self._percent and not self._log:
            return -0.04, 1.06
        known = np.concatenate(shown) if shown else np.empty(0)
        known = known[np.isfinite(known)]
        if not len(known):
            return 0.0, 1.0
        low, high = float(known.min()), float(known.max())
        if len(known) >= _MANY and not self._log:
            usual = float(np.percentile(known, 98))
            if high - low > 3 * (usual - low) > 0:
                high = usual
        if not self._log and 0 < low < (high - low):
            low = 0.0  # an axis that begins at zero is not misread
        air = 0.05 * (high - low) or 0.1 * abs(high) or 0.1
        return low - air, high + air

    def _mark_part(self) -> float:
        """Fraction of the height, 0 to 1, that the words of the mark take: no curve lies below them."""
        if self._best is None:
            return 0.0
        return 1.5 * self.fontMetrics().height() / max(float(self._canvas.view.height()), 1.0)

    def _mark_best(self) -> None:
        run = next(iter(self._runs.values()), None)
        found = None
        if run is not None and self._best is not None:
            for line in (run.train, run.validation):
                point = line.nearest(self._best)
                if point is not None and point[0] == self._best:
                    found = (point[0], line.height_at(point[0]))
        if found is not None:
            found = (found[0], float(heights(np.array([found[1]]), log=self._log)[0]))
        if found is not None and not math.isfinite(found[1]):
            found = None
        self._best_mark.show_at(found, f"Best: epoch {self._best}", 1 - self._mark_part() / 2)

    def _read(self) -> None:
        """Move the cross-hair and put its values into words."""
        x, words, values = self._values(self._at)
        self._reading.show_words(words)
        stand = heights(np.array(values), log=self._log)
        self._cross.show_at(x if self._at is not None else None, stand[np.isfinite(stand)].tolist())

    def _values(self, at: float | None) -> tuple[float | None, list[Word], list[float]]:
        """The epoch or batch nearest to a position (None: the latest): where, words, heights drawn."""
        start, end = self._canvas.view.viewRange()[0]
        epochs = [line for run in self._runs.values() for line in run.lines if len(line.raw)]
        wanted = math.inf if at is None else at
        near = [point for line in epochs if (point := line.nearest(wanted))]
        x = min((point[0] for point in near), key=lambda place: abs(place - wanted), default=None)
        batch = self._batch.nearest(wanted)
        if batch is not None and (x is None or (at is not None and end - start < 2)):
            part = batch[0] - math.ceil(batch[0]) + 1
            word = f"Epoch {max(math.ceil(batch[0]), 1)} at {100 * part:.0f}%"
            words = [Word(word), Word(f"training {self._figure(batch[1])}")]
            return batch[0], words, [self._batch.height_at(batch[0])]
        if x is None:
            return None, [], []
        return self._epoch_values(x)

    def _epoch_values(self, x: float) -> tuple[float, list[Word], list[float]]:
        words, values = [Word(f"Epoch {x:g}")], []
        single = len(self._runs) == 1
        for run in self._runs.values():
            names = ("training" if single else run.label, "validation")
            for name, line in zip(names, run.lines, strict=True):
                point = line.nearest(x)
                if point is not None and point[0] == x:
                    figure = self._figure(point[1])
                    words.append(Word(f"{name} {figure}", figure, None if single else line.colour))
                    values.append(line.height_at(x))
        return x, words, values

    def _figure(self, value: float) -> str:
        if not math.isfinite(value):
            return "none"
        return percent(value) if self._percent else f"{value:.4g}"

    def _dress(self) -> None:
        tokens = tokens_of(self.palette())
        self._canvas.dress(tokens)  # its own palette may still be the old one
        self._best_mark.dress(tokens)
        self._cross.dress(tokens)
        self._rename_curves()

    def _rename_curves(self) -> None:
        """Give the curves their colours; the legend gets its entries with the next drawing."""
        tokens = tokens_of(self.palette())
        colours = [QColor(name) for name in curve_colours(tokens)]
        several = len(self._runs) > 1
        for place, run in enumerate(self._runs.values()):
            number = place if run.colour is None else run.colour
            run.train.set_colour(colours[number % len(colours)])
            run.validation.set_colour(colours[number % len(colours)] if several else colours[1])
        self._batch.set_colour(colours[0])
        self._legend_is_old = True
        self._schedule()

    def _show_legend(self) -> None:
        self._legend_is_old = False
        runs = list(self._runs.values())
        entries = [(run.train.pen, run.label if len(runs) > 1 else "Training") for run in runs]
        measured = next((run for run in runs if len(run.validation.raw)), None)
        if measured is not None:
            entries.append((measured.validation.pen, "Validation"))
        if len(self._batch.raw):
            entries.append((self._batch.pen, "Training, by batch"))
        self._legend.show_entries(entries)
        layout = self.layout()
        if layout is not None:
            layout.activate()  # at once: a picture may be taken before the next event

    def _on_pointed(self, x: float | None) -> None:
        self.point_at(x)
        self.pointed.emit(x)

    def _on_stepped(self, by: int) -> None:
        at, _, _ = self._values(self._at)
        if at is None:
            return
        start, end = self._canvas.view.viewRange()[0]
        step = 1.0 if end - start >= 2 else (end - start) / 50
        self._on_pointed(at if self._at is None else min(max(at + by * step, start), end))

    def _on_zoomed(self, heights_too: bool) -> None:
        self._follows_x = False
        self._follows_y = self._follows_y and not heights_too
        self._schedule()
        start, end = self._canvas.view.viewRange()[0]
        self.range_chosen.emit(start, end)

    def _on_reset_requested(self) -> None:
        self.reset_view()
        self.view_reset.emit()
