"""The results of a model that gives several labels at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, Qt

from desktop_app.ui.training.result.label_score_model import COLUMNS
from desktop_app.ui.training.result.result_step import ResultStep
from tests.ui.fake_training import training_result
from tests.ui.test_accessibility import nameless
from tests.ui.test_layout import clipped, overlapping
from tests.ui.training.result.label_evaluation import NAMES, label_evaluation
from tests.ui.training.result.test_result_step import evaluation as of_classes

TITLES = [column.title for column in COLUMNS]


@pytest.fixture(scope="module")
def found():
    return label_evaluation()


@pytest.fixture
def step(qtbot, light, training, found):
    made = ResultStep(training)
    qtbot.addWidget(made)
    made.resize(1100, 1000)
    made.show()
    made.show_result(training_result(name="My pets", model_id="pets", evaluation=found))
    QCoreApplication.processEvents()
    return made


def cells(step, row):
    model = step._labels._table.model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def captions(step):
    model = step._mistakes._model
    return [model.data(model.index(row)) for row in range(model.rowCount())]


def test_the_figures_are_those_of_labels(step, found):
    assert step._accuracy.text() == f"{100 * found.metrics['mean_ap']:.1f}%"
    assert step._basis.text() == "mean average precision on 200 new pictures"
    assert "all labels right on" in step._by_class.text()
    assert "Micro F1" in step._by_class.toolTip()
    assert not step._matrix.isVisible()
    assert not step._interval.isVisible()
    assert step._labels.isVisible()


def test_each_label_has_a_row_and_the_worst_can_come_first(step, found):
    rows = [cells(step, row) for row in range(len(NAMES))]
    assert [row[0] for row in rows] == list(NAMES)
    score = found.labels[0]
    expected = [
        f"{100 * share:.1f}%" for share in (score.precision, score.recall, score.f1, score.average_precision)
    ]
    assert rows[0][1:] == [f"{score.pictures}", *expected, f"{score.threshold:.2f}"]
    step._labels._table.sortByColumn(TITLES.index("AP"), Qt.SortOrder.AscendingOrder)
    worst = min(found.labels, key=lambda score: score.average_precision)
    assert cells(step, 0)[0] == worst.name


def test_the_slider_moves_precision_and_recall(step, found):
    step._labels._table.selectRow(1)
    assert step._labels._name.text() == "Threshold of dog"
    before = cells(step, 1)
    step._labels._slider.setValue(5)
    after = cells(step, 1)
    wanted = found.labels[1].at(0.05)
    assert after[TITLES.index("Threshold")] == "0.05"
    assert after[TITLES.index("Recall")] == f"{100 * wanted.recall:.1f}%" != before[TITLES.index("Recall")]
    assert after[TITLES.index("AP")] == before[TITLES.index("AP")]
    assert f"{wanted.found} of {wanted.pictures} pictures found" in step._labels._counts.text()
    assert "change it in Models" in step._labels._keep.text()
    step._labels._slider.setValue(round(found.labels[1].threshold * 100))
    assert cells(step, 1) == before
    assert "Models" not in step._labels._keep.text()


def test_choosing_a_label_shows_its_mistakes(step, found):
    everything = captions(step)
    step._labels._table.selectRow(0)
    assert step._mistakes._title.text() == "Most confident mistakes about cat"
    shown = captions(step)
    assert len(shown) == 8
    assert set(shown) == {"cat missed", "no cat, but given"}
    step._mistakes._all.click()
    assert captions(step) == everything
    assert step._labels._hint.isVisible()


def test_thresholds_chosen_on_the_same_pictures_are_said(step):
    held = label_evaluation(part="validation")
    step.show_result(training_result(name="My pets", model_id="pets", evaluation=held))
    assert step._basis.text().endswith("validation pictures, which also chose the best epoch")
    assert "chosen on these very pictures" in step._caution.text()


def test_a_classifier_after_it_has_its_matrix(step):
    step.show_result(training_result(name="Two", model_id="two", evaluation=of_classes()))
    QCoreApplication.processEvents()
    assert step._matrix.isVisible()
    assert not step._labels.isVisible()
    assert "macro F1" in step._by_class.text()
    step.show_result(training_result(name="My pets", model_id="pets", evaluation=label_evaluation()))
    assert not step._matrix.isVisible()


@pytest.mark.parametrize("width", [420, 860, 1400])
def test_it_fits_and_has_names(step, width):
    step._labels._table.selectRow(3)
    step.resize(width, 1200)
    QCoreApplication.processEvents()
    assert not nameless(step)
    assert not clipped(step)
    assert not overlapping(step)
