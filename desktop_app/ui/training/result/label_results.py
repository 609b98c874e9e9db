"""How well each of several labels is found, and what another threshold would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.core.training.task.label_scores import STEPS
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.slider import Slider
from desktop_app.ui.common.controls.widgets import heading, horizontal, label, vertical
from desktop_app.ui.training.result.label_score_model import LabelScoreModel, told
from desktop_app.ui.training.result.label_score_table import LabelScoreTable

if TYPE_CHECKING:
    from desktop_app.core.training.task.multi_label_evaluation import MultiLabelEvaluation

_CHOOSE = "Choose a label to see its mistakes, and what another threshold would give."
_KEEP = "Only a look: to keep another threshold, change it in Models."


class LabelResults(QWidget):
    """A table of labels, and a slider for the threshold of the one that is chosen.

    Signals:
        label_chosen: Index of the label whose mistakes the user wants to see; None for all.
    """

    label_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._evaluation: MultiLabelEvaluation | None = None
        self._chosen: int | None = None
        self._model = LabelScoreModel()
        self._table = LabelScoreTable(self._model)
        self._table.label_chosen.connect(self._on_chosen)
        self._hint = label(_CHOOSE, tone="muted", wrap=True)
        self._name = ElidedLabel("")
        self._slider = Slider("Threshold")
        self._slider.setRange(0, STEPS)
        self._slider.setPageStep(STEPS // 10)
        self._slider.valueChanged.connect(self._on_moved)
        self._value = label()
        self._value.setMinimumWidth(self._value.fontMetrics().horizontalAdvance("0.00 "))
        self._counts = label(wrap=True)
        self._keep = label(tone="muted", wrap=True)
        self._trial = QWidget()
        inner = vertical(self._trial, spacing=4)
        inner.addWidget(self._name)
        row = horizontal(spacing=12)
        row.addWidget(self._slider, 1)
        row.addWidget(self._value)
        inner.addLayout(row)
        inner.addWidget(self._counts)
        inner.addWidget(self._keep)
        layout = vertical(self, spacing=8)
        layout.addWidget(heading("Labels", factor=1.1))
        layout.addWidget(self._table)
        layout.addWidget(self._hint)
        layout.addWidget(self._trial)

    def show_evaluation(self, evaluation: MultiLabelEvaluation) -> None:
        """Show another model's labels; none is chosen."""
        self._evaluation = evaluation
        self._chosen = None
        self._table.sortByColumn(-1, self._table.horizontalHeader().sortIndicatorOrder())
        self._model.show_scores(evaluation.labels)
        self._table.share_width()
        self._show_trial()

    def choose_none(self) -> None:
        """Choose no label."""
        self._table.clearSelection()

    def _on_chosen(self, chosen: int | None) -> None:
        self._chosen = chosen
        self._show_trial()
        self.label_chosen.emit(chosen)

    def _show_trial(self) -> None:
        """Show the slider of the label that is chosen, at its present threshold."""
        score = None if self._chosen is None else self._model.score(self._chosen)
        self._hint.setVisible(score is None)
        self._trial.setVisible(score is not None and bool(score.hits))
        if score is None:
            return
        self._name.setText(f"Threshold of {score.name}")
        self._slider.setAccessibleName(f"Threshold of {score.name}")
        self._slider.blockSignals(True)
        self._slider.setValue(round(score.threshold * STEPS))
        self._slider.blockSignals(False)
        self._show_counts()

    def _on_moved(self, step: int) -> None:
        if self._chosen is not None:
            self._model.set_threshold(self._chosen, step / STEPS)
            self._show_counts()

    def _show_counts(self) -> None:
        assert self._chosen is not None
        assert self._evaluation is not None
        score, own = self._model.score(self._chosen), self._evaluation.labels[self._chosen].threshold
        self._value.setText(f"{score.threshold:.2f}")
        self._counts.setText(f"{told(score)}.")
        other = round(score.threshold * STEPS) != round(own * STEPS)
        self._keep.setText(f"The model uses {own:.2f}. {_KEEP}" if other else f"The model uses {own:.2f}.")
