"""The two plots of a run follow its task."""

from __future__ import annotations

import csv

import pytest

from desktop_app.core.training.records.events import BatchEnded, EpochMetrics
from desktop_app.core.training.task.classification import CLASSIFICATION
from desktop_app.ui.charts.curve_area import CurveArea
from tests.core.training.epochs import epoch
from tests.core.training.task.made_up import GUESSING


@pytest.fixture
def area(qtbot, light):
    made = CurveArea()
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show()
    return made


def titles(area):
    return [plot._title.text() for plot in (area._loss, area._shown)]


def guessed(number, error):
    return EpochMetrics(number, 0.001, 1.5, {"loss": 1.0, "mae": 2.0, "val_loss": error**2, "val_mae": error})


def test_another_task_has_its_own_metric_in_the_second_plot(area):
    assert titles(area) == ["Loss", "Accuracy"]
    area.start("run-1", "Numbers", GUESSING, [guessed(1, 0.5), guessed(2, 0.25)])
    area.add_epoch(guessed(3, 0.75))
    area.mark_best_of_history()
    area.add_batch(BatchEnded(4, 5, 10, {"loss": 0.5, "mae": 1.5}, 100.0, None))
    for plot in (area._loss, area._shown):
        plot.refresh()
    assert titles(area) == ["Loss", "Mean error"]
    assert area._shown._canvas.accessibleName() == "Mean error: curves"
    area._shown.point_at(2)
    assert area._shown.reading == "Epoch 2 · training 2 · validation 0.25"
    assert area._shown._best == 2
    rows = list(csv.DictReader(area._table().splitlines()))
    assert [row["kind"] for row in rows] == ["epoch", "epoch", "epoch", "batch"]
    assert (rows[1]["mae"], rows[1]["val_mae"], rows[3]["epoch"], rows[3]["mae"]) == (
        *("2.0", "0.25"),
        *("3.500000", "1.5"),
    )
    assert "accuracy" not in rows[0]


def test_the_next_run_of_a_classifier_has_percentages_again(area):
    area.start("run-1", "Numbers", GUESSING, [guessed(1, 0.5)])
    area.start("run-2", "Pets", CLASSIFICATION, [epoch(accuracy=0.75)])
    area._shown.refresh()
    assert titles(area) == ["Loss", "Accuracy"]
    assert area._shown.reading == "Epoch 1 · training 75.0%"
