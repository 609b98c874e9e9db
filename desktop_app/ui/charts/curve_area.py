"""The two plots of a run, the loss and the task's headline metric, which show the same range of epochs."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.core.training.records.history import best_epoch, why_best
from desktop_app.core.training.task import catalogue
from desktop_app.core.training.task.metric import LOSS
from desktop_app.ui.charts.curve_data import csv_text
from desktop_app.ui.charts.curve_export import SCALE, picture_of, save_as
from desktop_app.ui.charts.curve_plot import CurvePlot
from desktop_app.ui.charts.curve_toolbar import CurveToolbar
from desktop_app.ui.common.controls.side_by_side import SideBySide
from desktop_app.ui.common.controls.widgets import vertical

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop_app.core.training.records.events import BatchEnded, EpochMetrics
    from desktop_app.core.training.task.task import Task

_RUN = "run"
_LOWEST = 240
_NARROW = 760


class CurveArea(QWidget):
    """Loss and headline metric side by side in a wide window, one below the other in a narrow one."""

    said = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self._run_id, self._name = "curves", ""
        self._epochs: list[EpochMetrics] = []
        self._task = catalogue.TASKS[0]
        self._loss = CurvePlot(LOSS)
        self._shown = CurvePlot(self._task.shown)
        toolbar = self._toolbar = CurveToolbar()
        self._plots = SideBySide(self._loss, self._shown, _NARROW)
        layout = vertical(self, spacing=8)
        layout.addWidget(toolbar)
        layout.addWidget(self._plots, 1)
        toolbar.log_changed.connect(self._loss.set_log)
        toolbar.picture_requested.connect(self.save_picture)
        toolbar.table_requested.connect(self.save_table)
        for plot, other in permutations((self._loss, self._shown)):
            plot.setMinimumHeight(_LOWEST)
            toolbar.smoothing_changed.connect(plot.set_smoothing)
            toolbar.reset_requested.connect(plot.reset_view)
            plot.pointed.connect(other.point_at)
            plot.range_chosen.connect(other.show_range)
            plot.view_reset.connect(other.reset_view)

    @property
    def run_id(self) -> str:
        """Id of the run that is drawn."""
        return self._run_id

    @property
    def is_empty(self) -> bool:
        """Whether nothing of it has been drawn yet."""
        return not self._epochs and not len(self._loss.batches)

    def start(self, run_id: str, name: str, task: Task, history: Sequence[EpochMetrics]) -> None:
        """Draw a run from its beginning, or from the finished epochs of an earlier session.

        The batches of a run that is drawn already stay: no file has them.

        Args:
            run_id: Id of the run, which also names the files that are saved.
            name: Title of a saved picture.
            task: Task of the run.
            history: Finished epochs.
        """
        another = run_id != self._run_id
        self._run_id, self._name = run_id, name
        self._epochs, self._task = [], task
        for plot in (self._loss, self._shown):
            plot.clear(batches=another)
        self._shown.show_metric(task.shown)
        if another:
            self._toolbar.begin()
        for metrics in history:
            self.add_epoch(metrics)
        self.mark_best_of_history()

    def add_batch(self, event: BatchEnded) -> None:
        """Draw the figures of a batch."""
        x = event.epoch - 1 + event.step / event.steps
        for name, plot in self._by_name().items():
            plot.add_batch(x, event.figures[name])

    def add_epoch(self, metrics: EpochMetrics) -> None:
        """Draw the figures of an epoch."""
        self._epochs.append(metrics)
        for name, plot in self._by_name().items():
            plot.add_epoch(_RUN, self._name, metrics.epoch, metrics[name], metrics.validated.get(name))

    def mark_best(self, epoch: int | None) -> None:
        """Mark the epoch whose network is kept."""
        why = f"Best epoch so far, with {why_best(self._epochs, self._task)}: its network is kept."
        self._loss.mark_best(epoch, why)
        self._shown.mark_best(epoch, why)

    def mark_best_of_history(self) -> None:
        """Mark the best of the drawn epochs."""
        best = best_epoch(self._epochs, self._task)
        self.mark_best(None if best is None else best.epoch)

    def save_picture(self) -> None:
        """Ask where to save the plots as shown."""
        self._save("Save the curves as a picture", ".png", "Pictures (*.png)", self._picture)

    def save_table(self) -> None:
        """Ask where to save all figures."""
        self._save("Save the figures as a table", ".csv", "CSV tables (*.csv)", self._table)

    def _picture(self) -> bytes:
        plots = (self._loss, self._shown)
        for plot in plots:
            plot.set_zoom(SCALE)
        try:
            return picture_of(self._plots, self._name)
        finally:
            for plot in plots:
                plot.set_zoom(1)

    def _table(self) -> str:
        batches = {name: plot.batches for name, plot in self._by_name().items()}
        return csv_text(self._epochs, self._task, batches)

    def _by_name(self) -> dict[str, CurvePlot]:
        return {LOSS.name: self._loss, self._task.headline: self._shown}

    def _save(self, title: str, ending: str, kind: str, content: Callable[[], bytes | str]) -> None:
        told = save_as(self, title, f"{self._run_id}{ending}", kind, content)
        if told is not None:
            self.said.emit(*told)
