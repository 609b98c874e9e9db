"""The curves of one run, or of several in one plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop_app.core.training.records.history import why_best
from desktop_app.core.training.task import catalogue
from desktop_app.core.training.task.metric import LOSS
from desktop_app.ui.charts.curve_legend import shortened
from desktop_app.ui.charts.curve_plot import CurvePlot
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.picker import Picker
from desktop_app.ui.common.controls.widgets import horizontal, vertical
from desktop_app.ui.runs.run_words import moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop_app.core.training.records.events import EpochMetrics
    from desktop_app.core.training.runs.run_entry import RunEntry
    from desktop_app.core.training.task.metric import Metric
    from desktop_app.core.training.task.task import Task

_HEIGHT = 260
_BEGINNING = 7
"""Letters of a name that are left where the start time distinguishes it from others in the legend."""


class RunCurves(QWidget):
    """The headline metric or the loss over the epochs; for one run on both splits, for several on validation.

    Runs of different tasks are compared by their loss; a metric shows the runs with the first one's task.
    """

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[RunEntry, ...] = ()
        self._metrics = (catalogue.TASKS[0].shown, LOSS)
        self._plots = tuple(CurvePlot(metric) for metric in self._metrics)
        self._picker = Picker("Figure to plot")
        for number, metric in enumerate(self._metrics):
            self._picker.addItem(metric.title, number)
        self._picker.activated.connect(self._show_figure)
        self._what = ElidedLabel(muted=True)
        top = horizontal(spacing=8)
        top.addWidget(self._what, 1)
        top.addWidget(self._picker)
        layout = vertical(self, spacing=8)
        layout.addLayout(top)
        for plot in self._plots:
            plot.setFixedHeight(_HEIGHT)
            layout.addWidget(plot)
        self._show_figure()

    def show_runs(self, entries: Sequence[RunEntry], colours: Mapping[str, int]) -> None:
        """Plot one run, or of several those that have a colour, in that colour.

        Args:
            entries: The runs.
            colours: Numbers of the colours by the runs' ids.
        """
        single = len(entries) == 1
        shown = tuple(entry for entry in entries if single or entry.record.run_id in colours)
        left_out = len(entries) - len(shown)
        more = f", {left_out} more not shown" if left_out else ""
        self._what.setText("" if single else f"Comparing {len(shown)} runs on their validation sets{more}")
        if shown == self._entries:
            return
        before, self._entries = self._entries, shown
        ids = [entry.record.run_id for entry in shown]
        if not single or [entry.record.run_id for entry in before] != ids:
            for plot in self._plots:
                plot.clear()
        if shown:
            # Only the epochs of unbalanced runs have the balanced accuracy; all have the plain one.
            self._show_task(min(shown, key=lambda entry: entry.record.unbalanced).task)
        names = _names(shown)
        for entry in shown:
            for metric, plot in zip(self._metrics, self._plots, strict=True):
                train, validation = _points(entry.history, metric)
                if not single:
                    train, validation = validation or train, []
                run_id = entry.record.run_id
                plot.set_epochs(run_id, names[run_id], train, validation, None if single else colours[run_id])
        for plot in self._plots:
            plot.mark_best(shown[0].record.best_epoch if single else None, _why_best(shown) if single else "")

    def _show_task(self, task: Task) -> None:
        self._metrics = (task.shown, LOSS)
        for number, (metric, plot) in enumerate(zip(self._metrics, self._plots, strict=True)):
            plot.show_metric(metric)
            self._picker.setItemText(number, metric.title)

    def _show_figure(self) -> None:
        for number, plot in enumerate(self._plots):
            plot.setVisible(number == self._picker.currentData())


def _why_best(entries: Sequence[RunEntry]) -> str:
    why = why_best(entries[0].history, entries[0].task)
    return f"Best epoch, with {why}: its network is kept."


def _names(entries: Sequence[RunEntry]) -> dict[str, str]:
    """Names for the legend by id, with the start time where two would be the same."""
    known = [shortened(entry.record.name) for entry in entries]
    return {
        entry.record.run_id: name
        if known.count(name) == 1
        else f"{shortened(entry.record.name, _BEGINNING)} {moment(entry.record.created, exact=True)}"
        for entry, name in zip(entries, known, strict=True)
    }


def _points(
    history: Sequence[EpochMetrics], metric: Metric
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Epochs and figures, on the training split and on the validation split."""
    name = metric.name
    train, validation = (
        [(float(epoch.epoch), figures[name]) for epoch, figures in known if name in figures]
        for known in (
            [(epoch, epoch.trained) for epoch in history],
            [(epoch, epoch.validated) for epoch in history],
        )
    )
    return train, validation
