"""Step 4: how good the model is, its mistakes, and the way to use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.core.foundation.text import breakable, counted, percent
from desktop_app.core.training.records.events import EpochEnded, Started
from desktop_app.core.training.records.intervals import INTERVAL_SOURCE
from desktop_app.core.training.task.classification import ACCURACY
from desktop_app.core.training.task.classification_evaluation import ClassificationEvaluation
from desktop_app.core.training.task.multi_label import MEAN_AP
from desktop_app.core.training.task.multi_label_evaluation import MultiLabelEvaluation
from desktop_app.ui.charts.confusion_view import DRAWN, ConfusionView
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.side_by_side import SideBySide
from desktop_app.ui.common.controls.widgets import button, heading, horizontal, label, vertical
from desktop_app.ui.common.folders import show_folder
from desktop_app.ui.training.result.confused_pairs import ConfusedPairs
from desktop_app.ui.training.result.label_mistakes import about_labels
from desktop_app.ui.training.result.label_results import LabelResults
from desktop_app.ui.training.result.mistake_grid import MistakeGrid
from desktop_app.ui.training.result.result_words import (
    BY_CLASS,
    BY_LABEL,
    basis,
    basis_of_labels,
    by_class,
    caution,
    headline,
    interval,
    label_caution,
    label_figures,
    top_k,
)
from desktop_app.ui.training.run.run_end import RunEnd

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.classify.confusion import Confusion
    from desktop_app.core.training.records.events import EpochMetrics, TrainingEvent
    from desktop_app.core.training.records.result import TrainingResult
    from desktop_app.core.training.task.multi_label_evaluation import LabelScore
    from desktop_app.workers.training.training_service import TrainingService

_NARROW = 720
_LEAST_FOUND = 5


class ResultStep(QWidget):
    """Accuracy, confusion matrix and the most confident mistakes of a `TrainingResult`.

    Signals:
        classify_requested: Id of the model to classify with.
        pictures_opened: List of paths to classify, and the id of the model that got them wrong.
        retry_requested: Changes of the hyper-parameters (a dict) to train again with.
        export_requested: Id of the model to export.
        again_requested: The user wants to change the settings and train again.
        said: Sentence for the status bar, and whether it reports a failure.
        similar_requested: Path of a picture whose like the user wants to see.
    """

    classify_requested = Signal(str)
    pictures_opened = Signal(object, str)
    retry_requested = Signal(object)
    export_requested = Signal(str)
    again_requested = Signal()
    said = Signal(str, bool)
    similar_requested = Signal(object)

    def __init__(self, service: TrainingService) -> None:
        super().__init__()
        self._classes: tuple[str, ...] = ()
        self._confusion: Confusion | None = None
        self._evaluated: MultiLabelEvaluation | None = None
        self._model_id = ""
        self._folder: Path | None = None
        self._learned: dict[int, float | None] = {}
        self._name = heading(factor=1.2, wrap=True)
        self._accuracy = heading(factor=3.2)
        self._basis = label(wrap=True)
        self._interval = label(tone="muted", wrap=True)
        self._interval.setToolTip(INTERVAL_SOURCE)
        self._top_k = label(tone="muted", wrap=True)
        self._by_class = label(tone="muted", wrap=True)
        self._by_class.setToolTip(BY_CLASS)
        self._found = label(wrap=True)
        self._caution = label(tone="warning", wrap=True)
        self._caution.hide()
        self._use = button("Classify with this model", "classify", look="primary")
        self._use.setMinimumHeight(40)
        self._use.clicked.connect(lambda: self.classify_requested.emit(self._model_id))
        self._export = button("Export…", "export", tip="Write the model for other programs")
        self._export.clicked.connect(lambda: self.export_requested.emit(self._model_id))
        self._again = button("Train again…", "refresh", tip="Change the settings and train another model")
        self._again.clicked.connect(self.again_requested)
        self._open = button("Open folder", "folder", tip="The log, the figures of all epochs and the split")
        self._open.clicked.connect(self._on_open_clicked)
        self._title = heading("Confusion matrix", factor=1.1)
        self._matrix = ConfusionView()
        self._pairs = ConfusedPairs()
        self._pairs.cell_chosen.connect(self._matrix.choose)
        self._reading = ElidedLabel(muted=True)
        self._labels = LabelResults()
        self._mistakes = MistakeGrid(service)
        self._no_model = RunEnd()
        self._no_model.retry_requested.connect(self.retry_requested)
        self._figures = self._make_figures()
        self._errors = self._make_errors()
        self._sides = SideBySide(self._figures, self._errors, _NARROW)
        layout = vertical(self, spacing=24)
        for part in (self._no_model, self._sides, self._labels, self._mistakes):
            layout.addWidget(part)
        service.event_arrived.connect(self._on_event_arrived)
        self._matrix.cell_chosen.connect(self._on_cell_chosen)
        self._matrix.cell_read.connect(lambda words: self._reading.setText(words or _READING))
        self._mistakes.similar_requested.connect(self.similar_requested)
        self._mistakes.all_requested.connect(self._on_all_requested)
        self._labels.label_chosen.connect(self._on_label_chosen)
        self._mistakes.pictures_opened.connect(lambda paths: self.pictures_opened.emit(paths, self._model_id))
        for part in (self._sides, self._labels, self._mistakes):
            part.hide()

    def lead_keyboard(self) -> None:
        """Put the keyboard on the button that uses the model."""
        self._use.setFocus()

    def show_result(self, result: TrainingResult) -> None:
        """Show the outcome of a run."""
        model, evaluation = result.model_id, result.evaluation
        classified = isinstance(evaluation, ClassificationEvaluation)
        labelled = isinstance(evaluation, MultiLabelEvaluation)
        self._model_id = model or ""
        self._no_model.setVisible(model is None)
        self._sides.setVisible(model is not None)
        self._errors.setVisible(classified)
        self._labels.setVisible(model is not None and labelled)
        self._mistakes.setVisible(model is not None and (classified or labelled))
        if model is None:
            self._no_model.show_result(result)
            return
        self._name.setText(breakable(result.name))
        for part in self._only_classified():
            part.setVisible(classified)
        if evaluation is None:
            why = result.problem or "There were no pictures to measure its accuracy on."
            self._basis.setText(" ".join(filter(None, (why, result.problem and result.reason.advice))))
        elif isinstance(evaluation, MultiLabelEvaluation):
            self._show_labels(evaluation, self._learned.get(result.best_epoch or 0))
        elif not isinstance(evaluation, ClassificationEvaluation):
            self._basis.setText(evaluation.sentence)
        else:
            self._show_evaluation(evaluation)
            self._show_caution(caution(evaluation, self._learned.get(result.best_epoch or 0)))

    def _show_caution(self, words: str) -> None:
        self._caution.setText(words)
        self._caution.setVisible(bool(words))

    def _show_labels(self, evaluation: MultiLabelEvaluation, learned: float | None) -> None:
        """Show how well each of several labels is found."""
        self._accuracy.setText(percent(evaluation.metrics[MEAN_AP.name]))
        self._basis.setText(basis_of_labels(evaluation))
        self._by_class.setText(label_figures(evaluation))
        self._by_class.setToolTip(BY_LABEL)
        for part in (self._accuracy, self._by_class):
            part.show()
        self._show_caution(label_caution(evaluation, learned))
        self._evaluated = evaluation
        self._labels.show_evaluation(evaluation)
        self._show_all_of_labels(evaluation)

    def _show_all_of_labels(self, evaluation: MultiLabelEvaluation) -> None:
        made = sum(_mistakes_about(score) for score in evaluation.labels)
        perfect = f"No mistakes on {counted(evaluation.pictures, 'picture')}."
        self._mistakes.show_mistakes(about_labels(evaluation), made, perfect)

    def _on_label_chosen(self, chosen: int | None) -> None:
        if self._evaluated is None:
            return
        if chosen is None:
            self._show_all_of_labels(self._evaluated)
        else:
            score = self._evaluated.labels[chosen]
            self._mistakes.show_of_label(score.name, chosen, _mistakes_about(score))

    def _on_all_requested(self) -> None:
        self._matrix.choose(None)
        self._labels.choose_none()

    def _on_event_arrived(self, event: TrainingEvent) -> None:
        """Remember the run's folder, and the figure of each epoch on the training pictures."""
        if isinstance(event, Started):
            self._folder = event.folder
            self._learned = {metrics.epoch: _learned_by(metrics) for metrics in event.history}
        elif isinstance(event, EpochEnded):
            self._learned[event.metrics.epoch] = _learned_by(event.metrics)

    def _show_evaluation(self, evaluation: ClassificationEvaluation) -> None:
        confusion = self._confusion = evaluation.confusion
        self._by_class.setToolTip(BY_CLASS)
        self._accuracy.setText(headline(evaluation))
        self._basis.setText(basis(evaluation))
        self._interval.setText(interval(evaluation) if evaluation.pictures else "")
        self._interval.setVisible(not confusion.out_of_balance)
        self._by_class.setText(by_class(evaluation) if evaluation.pictures else "")
        self._found.setText(f"{evaluation.least_found(_LEAST_FOUND)}.")
        self._found.setVisible(confusion.out_of_balance and confusion.only_answer is None)
        self._top_k.setText(top_k(evaluation))
        self._top_k.setVisible(evaluation.top_k is not None)
        self._reading.setText(_READING)
        count = len(confusion)
        self._classes = evaluation.classes if len(evaluation.classes) == count else ()
        names = self._classes or tuple(f"Class {number}" for number in range(1, count + 1))
        self._matrix.show_matrix(confusion, names)
        self._pairs.show_confusion(confusion, names)
        drawn = count <= DRAWN
        self._title.setVisible(drawn)
        self._reading.setVisible(drawn)
        made = evaluation.pictures - confusion.right
        perfect = f"No mistakes on {counted(evaluation.pictures, 'picture')}."
        self._mistakes.show_mistakes(evaluation.mistakes, made, perfect)

    def _on_open_clicked(self) -> None:
        if self._folder is not None:
            self.said.emit(*show_folder(self._folder))

    def _on_cell_chosen(self, cell: tuple[int, int] | None) -> None:
        if cell is None or cell[0] == cell[1] or not self._classes or self._confusion is None:
            self._mistakes.show_all()
        else:
            truth, predicted = cell
            made = self._confusion.count(truth, predicted)
            self._mistakes.show_only(self._classes[truth], self._classes[predicted], made)

    def _only_classified(self) -> list[QWidget]:
        """What only a classifier has, from top to bottom."""
        figures = (self._accuracy, self._interval, self._by_class, self._top_k, self._found, self._caution)
        return list(figures)

    def _make_figures(self) -> QWidget:
        result = QWidget()
        layout = vertical(result, spacing=4)
        layout.addWidget(self._name)
        layout.addWidget(self._accuracy)
        layout.addWidget(self._basis)
        for part in self._only_classified()[1:]:
            layout.addWidget(part)
        layout.addSpacing(12)
        layout.addWidget(self._use, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addSpacing(4)
        more = horizontal(spacing=8)
        more.addWidget(self._export)
        more.addWidget(self._again)
        more.addWidget(self._open)
        more.addStretch(1)
        layout.addLayout(more)
        layout.addStretch(1)
        return result

    def _make_errors(self) -> QWidget:
        result = QWidget()
        layout = vertical(result, spacing=4)
        layout.addWidget(self._title)
        layout.addWidget(self._reading)
        layout.addWidget(self._matrix)
        layout.addWidget(self._pairs)
        layout.addStretch(1)
        return result


def _learned_by(metrics: EpochMetrics) -> float | None:
    """The accuracy on the training pictures; of several labels the mean average precision."""
    accuracy = metrics.get(ACCURACY.name)
    return metrics.get(MEAN_AP.name) if accuracy is None else accuracy


def _mistakes_about(score: LabelScore) -> int:
    return score.wrong + score.pictures - score.found


_READING = "Point at a cell to read it, click to see its mistakes."
