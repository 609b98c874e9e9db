"""Another task goes through everything that a training keeps and shows: nothing is tied to accuracy."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.training.records.events import BatchEnded, EpochEnded, EpochMetrics, Started
from desktop_app.core.training.records.history import best_epoch, from_csv, to_csv, watched_loss, why_best
from desktop_app.core.training.records.progress import Progress
from desktop_app.core.training.runs.checkpoint import Checkpoints
from desktop_app.core.training.task import catalogue
from desktop_app.core.training.task.classification import CLASSIFICATION
from tests.core.training.task.made_up import GUESSING
from tests.core.training.tiny import make_data, stores_in, tiny_config
from tests.core.training.watched import Run


def guessed(number, val_mae, val_loss, loss=1.0):
    known = {"loss": loss, "mae": 1.0, "val_loss": val_loss, "val_mae": val_mae}
    return EpochMetrics(
        number, 0.001, 1.5, {name: value for name, value in known.items() if value is not None}
    )


HISTORY = (guessed(1, 0.5, 3.0), guessed(2, 0.4, 2.0), guessed(3, 0.4, 1.0), guessed(4, 0.4, 1.0))
UNCHECKED = (guessed(1, None, None), guessed(2, None, None, loss=0.5))


def test_the_best_epoch_is_what_the_task_calls_best():
    assert best_epoch(HISTORY, GUESSING).epoch == 3
    assert why_best(HISTORY, GUESSING) == "the lowest validation mean error"
    assert best_epoch(UNCHECKED, GUESSING).epoch == 2
    assert why_best(UNCHECKED, GUESSING) == "the lowest training loss"
    assert best_epoch((*UNCHECKED, guessed(3, 9.0, 9.0)), GUESSING).epoch == 3
    assert [watched_loss(epoch) for epoch in (HISTORY[0], UNCHECKED[1])] == [3.0, 0.5]


@pytest.mark.parametrize("history", [HISTORY, UNCHECKED, ()])
def test_its_history_survives_as_a_table_with_its_columns(history):
    text = to_csv(history, GUESSING)
    header = next(csv.reader(text.splitlines()))
    assert header == ["epoch", "loss", "mae", "val_loss", "val_mae", "learning_rate", "seconds"]
    assert from_csv(text) == history


def test_its_history_survives_in_a_checkpoint(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    progress = Progress(history=HISTORY, step=3, trained={"loss": 0.5, "mae": 0.25})
    checkpoints.save_best(3, [np.ones(2)], progress)
    assert checkpoints.read_progress_of_best() == progress


@pytest.mark.parametrize("checked", [True, False])
def test_a_run_says_its_figures(guessing, tmp_path, checked):
    runs, _library = stores_in(tmp_path)
    config = tiny_config(tmp_path / "data").model_copy(update={"task": guessing.kind})
    folder = runs.create(config)
    metrics = {"val_mae": 0.4} if checked else {}
    record = folder.read_record().model_copy(update={"metrics": metrics | {"test_mae": 0.6}})
    folder.write_record(record)
    folder.write_history(HISTORY, guessing)
    entry = runs.get(folder.run_id)
    assert json.loads((folder.path / "run.json").read_bytes())["config"]["task"] == "guessing"
    assert (entry.task, entry.history, entry.problem) == (guessing, HISTORY, "")
    assert (entry.validated, entry.tested) == (0.4, 0.6)


def test_its_evaluation_survives(guessing, tmp_path):
    runs, _library = stores_in(tmp_path)
    folder = runs.create(tiny_config(tmp_path / "data"))
    evaluation = guessing.evaluate(
        [np.array([[1.0], [2.0]])], np.array([1.5, 2.5]), part="test", classes=(), paths=()
    )
    folder.write_evaluation(evaluation)
    assert folder.read_evaluation() == evaluation
    assert evaluation.sentence == "mae 0.5 on 2 test pictures"


def test_a_run_whose_task_is_not_known_is_listed_with_its_problem(tmp_path):
    runs, _library = stores_in(tmp_path)
    config = tiny_config(tmp_path / "data").model_copy(update={"task": "telepathy"})
    run_id = runs.create(config).run_id
    entry = runs.get(run_id)
    assert entry.problem == "There is no task 'telepathy'."
    assert (entry.record.run_id, entry.task) == (run_id, CLASSIFICATION)


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_a_network_learns_it(guessing, tmp_path):
    data = make_data(tmp_path / "data")
    run = Run(tmp_path, tiny_config(data).model_copy(update={"task": guessing.kind}))
    assert run.result.status == "finished", run.result
    (started,) = run.of(Started)
    assert (started.task, run.of(BatchEnded)[0].figures.keys()) == ("guessing", {"loss", "mae"})
    entry = run.entry
    figures = {"loss", "mae", "val_loss", "val_mae"}
    assert [epoch.figures.keys() for epoch in entry.history] == [figures, figures]
    assert [event.metrics for event in run.of(EpochEnded)] == list(entry.history)
    assert entry.record.best_epoch == best_epoch(entry.history, guessing).epoch
    assert entry.tested == run.result.evaluation.metrics["mae"]
    assert run.library.get(run.result.model_id).card.metrics == {"mae": entry.tested}
    assert run.result.reason.text.startswith("Done. Mae ")
    assert f"(best: epoch {entry.record.best_epoch} of 2)." in run.result.reason.text
    log = (entry.folder / "log.txt").read_text()
    assert f"mae {entry.history[0]['mae']:.4f}; validation: loss" in log


def test_every_task_is_found_by_its_kind():
    assert [catalogue.get(task.kind) for task in catalogue.TASKS] == list(catalogue.TASKS)
    with pytest.raises(SightlineError, match="no task 'telepathy'") as raised:
        catalogue.get("telepathy")
    assert raised.value.advice == "The tasks are: classification, multi-label."


@pytest.mark.parametrize("task", [*catalogue.TASKS, GUESSING])
def test_a_task_is_of_one_piece(task):
    names = [metric.name for metric in task.metrics]
    assert names[0] == "loss"
    assert task.shown.name == task.headline
    assert set(task.best) | {task.headline} <= set(names)
    for classes in (2, 4, 20):
        assert {metric.name for metric in task.metrics_for(classes)} <= set(names)
