"""Runs of version 1 are read, brought up to date in their place, and resumed with the same numbers."""

from __future__ import annotations

import json

import numpy as np
import pytest

from desktop_app.core.training.records.progress import PROGRESS, Progress
from desktop_app.core.training.runs.checkpoint import Checkpoints
from desktop_app.core.training.runs.evaluation_file import EVALUATION
from desktop_app.core.training.runs.run_folder import RunError
from desktop_app.core.training.runs.run_record import RUN, RunRecord
from desktop_app.core.training.settings.config import TrainingConfig
from tests.core.training.earlier import (
    evaluation_of_version_1,
    make_run_version_1,
    progress_of_version_1,
)
from tests.core.training.epochs import epoch
from tests.core.training.tiny import stores_in, tiny_config


@pytest.fixture
def run(tmp_path):
    folder = stores_in(tmp_path)[0].create(tiny_config(tmp_path / "data"))
    make_run_version_1(folder.path)
    return folder


def version(path):
    return json.loads(path.read_bytes())["schema_version"]


def test_the_versions_are_those_of_the_models():
    assert RunRecord.model_fields["schema_version"].default == RUN.version
    assert TrainingConfig.model_fields["schema_version"].default == RUN.version
    assert Progress.model_fields["schema_version"].default == PROGRESS.version


def test_a_record_is_brought_up_to_date(run):
    path = run.path / "run.json"
    before = json.loads(path.read_bytes())
    assert (before["schema_version"], before["config"]["schema_version"]) == (1, 1)
    record = run.read_record()
    assert (record.config.task, record.run_id) == ("classification", run.run_id)
    after = json.loads(path.read_bytes())
    assert after["config"]["task"] == "classification"
    assert after == before | {
        "schema_version": 2,
        "config": before["config"] | {"schema_version": 2, "task": "classification"},
    }
    assert not (run.path / "run.lock").exists()
    assert RunRecord.model_validate(after) == record


def test_a_record_at_work_is_left_to_whom_works_on_it(run):
    path = run.path / "run.json"
    before = path.read_bytes()
    with run.at_work():
        record = run.read_record()
        assert path.read_bytes() == before
        run.write_record(record)
        assert version(path) == 2


@pytest.mark.parametrize("config", [None, 7, "x", []])
def test_a_record_without_a_configuration_is_not_valid_and_stays(run, config):
    path = run.path / "run.json"
    damaged = json.loads(path.read_bytes()) | {"config": config}
    path.write_text(json.dumps(damaged))
    with pytest.raises(RunError, match="not valid"):
        run.read_record()
    assert json.loads(path.read_bytes()) == damaged


@pytest.mark.parametrize("top_k", [None, 0.9])
def test_an_evaluation_is_brought_up_to_date(run, top_k):
    path = run.path / "evaluation.json"
    path.write_text(json.dumps(evaluation_of_version_1(run.path, top_k=top_k)))
    evaluation = run.read_evaluation()
    assert (evaluation.task, evaluation.accuracy, evaluation.top_k) == ("classification", 0.75, top_k)
    assert (evaluation.part, evaluation.pictures, evaluation.classes) == ("test", 4, ("a", "b"))
    assert evaluation.mistakes[0].path == run.path / "a.png"
    assert version(path) == EVALUATION.version
    assert run.read_evaluation() == evaluation


@pytest.mark.parametrize(
    "damage",
    [
        {"accuracy": None},
        {"accuracy": "x"},
        {"k": None},
        {"schema_version": 4},
        {"confusion": [[1, 1], [0]]},
        {"confusion": "x"},
        {"confusion": [[1, 2, 3], [1, 2, 3]]},
        {"confusion": []},
    ],
)
def test_an_evaluation_that_does_not_validate_stays_as_it_is(run, damage):
    path = run.path / "evaluation.json"
    path.write_text(json.dumps(evaluation_of_version_1(run.path) | damage))
    before = path.read_bytes()
    assert run.read_evaluation() is None
    assert path.read_bytes() == before


def test_a_table_of_epochs_of_version_1_is_read(run):
    (run.path / "metrics.csv").write_text(
        "epoch,loss,accuracy,top_k,val_loss,val_accuracy,val_top_k,learning_rate,seconds\n"
        "1,0.5,0.75,0.9,0.625,0.5,1.0,0.001,2.5\n"
    )
    (read,) = run.read_history()
    assert read == epoch(top_k=0.9, val_loss=0.625, val_accuracy=0.5, val_top_k=1.0)


def write_checkpoint(path, document):
    place = np.frombuffer(json.dumps(document).encode(), np.uint8)
    np.savez(path, **{"model/00000": np.ones(3, np.float32), "progress": place})


def test_a_checkpoint_is_upgraded_when_it_is_read(tmp_path):
    write_checkpoint(tmp_path / "last.npz", progress_of_version_1())
    before = (tmp_path / "last.npz").read_bytes()
    progress = Checkpoints(tmp_path).read_progress()
    first, second = progress.history
    assert first == epoch(val_loss=0.625, val_accuracy=0.5)
    assert second.figures == {"loss": 0.25, "accuracy": 1.0, "top_k": 1.0}
    assert (progress.step, progress.trained, progress.planned_steps) == (3, {"loss": 0.5}, 40)
    assert (tmp_path / "last.npz").read_bytes() == before, "the next checkpoint takes its place"


@pytest.mark.parametrize("history", [7, [7], [{}], "x", [{"epoch": 1, "learning_rate": 1.0, "seconds": {}}]])
def test_a_damaged_history_in_a_checkpoint_is_said_in_words(tmp_path, history):
    write_checkpoint(tmp_path / "last.npz", progress_of_version_1() | {"history": history})
    with pytest.raises(RunError, match=r"last\.npz cannot be used"):
        Checkpoints(tmp_path).read_progress()


def test_a_checkpoint_of_a_newer_version_is_refused_by_name(tmp_path):
    path = tmp_path / "last.npz"
    write_checkpoint(path, {"schema_version": 3})
    with pytest.raises(RunError) as raised:
        Checkpoints(tmp_path).read_progress()
    assert str(raised.value) == f"{path} was made by a newer Sightline (schema 3); update Sightline."
