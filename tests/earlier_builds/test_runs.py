"""Runs of earlier builds are listed and read, and those that are half way end as they would have then."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.datasets.splits.split_file import read_split
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.library.store import Library
from desktop_app.core.training import fit
from desktop_app.core.training.loop import callbacks
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.records.events import BatchEnded, Started, Warned
from desktop_app.core.training.runs.store import RunStore
from desktop_app.core.training.script.script import script_of
from tests.core.training.tiny import weights
from tests.earlier_builds.kept import moved

HALF_WAY = {"interrupted": (1, (2, 3)), "validating": (0, (2, 1)), "killed": (1, (2, 3))}
"""Epochs that are done, and the epoch and batch that come first."""

RESUMABLE = {"interrupted", "validating", "killed", "stopped"}
STATES = {
    "finished": "finished",
    "stopped": "stopped",
    "failed": "failed",
    "interrupted": "interrupted",
    "validating": "interrupted",
    "killed": "interrupted",
}


@pytest.fixture
def runs(root):
    return RunStore.default()


def resume(run_id):
    events = []
    result = fit.resume(run_id, events.append, TrainingControl().token)
    return result, events


def require_figures(history, rows):
    """Compare epochs with rows of a ``metrics.csv`` that the earlier build wrote."""
    assert [entry.epoch for entry in history] == [int(row["epoch"]) for row in rows]
    for entry, row in zip(history, rows, strict=True):
        for name, text in row.items():
            found = getattr(entry, name) if name in ("epoch", "learning_rate", "seconds") else entry.get(name)
            assert (found is None) == (text == ""), name
            if found is not None:
                assert found == pytest.approx(float(text), rel=1e-3, abs=1e-6), (entry.epoch, name)


def test_every_run_is_listed_as_it_was_left(runs, said):
    entries = {entry.record.run_id: entry for entry in runs.list()}
    assert entries.keys() == {said["runs"][name]["run_id"] for name in STATES}
    for name, state in STATES.items():
        entry = entries[said["runs"][name]["run_id"]]
        assert entry.problem == ""
        assert (entry.record.state, entry.resumable) == (state, name in RESUMABLE), name
        assert entry.record.environment["Sightline"] == "0.1.0"


def test_a_run_keeps_what_it_was_asked(runs, said, root):
    config = runs.get(said["runs"]["validating"]["run_id"]).record.config
    assert (config.name, config.recipe) == ("Validating", "mlp")
    assert config.data == root / "pictures" / "two"
    assert (config.validation_split, config.test_split, config.tensorboard) == (0.25, 0.25, False)
    values = config.hyperparameters
    assert (values.input_size, values.units, values.batch_size, values.epochs) == (8, 4, 4, 5)
    assert (values.optimizer, values.schedule, values.learning_rate) == ("sgd", "plateau", 0.01)
    assert (values.dropout, values.flip, values.rotation) == (0.3, True, 10.0)
    assert (values.early_stopping, values.momentum, values.seed) == (2, 0.9, 2)


@pytest.mark.parametrize("name", ["finished", "stopped"])
def test_the_figures_and_the_evaluation_of_a_run_are_read(runs, said, root, name):
    expected = said["runs"][name]
    entry = runs.get(expected["run_id"])
    assert entry.record.model_id == expected["model_id"]
    assert entry.record.best_epoch == expected["best_epoch"]
    assert entry.record.epochs_done == len(expected["figures"])
    assert entry.tested == pytest.approx(expected["accuracy"])
    best = expected["figures"][expected["best_epoch"] - 1]
    assert entry.validated == pytest.approx(float(best["val_accuracy"]))
    require_figures(entry.history, expected["figures"])
    found = runs.open(expected["run_id"]).read_evaluation()
    assert (found.part, found.accuracy, found.top_k) == (
        expected["part"],
        expected["accuracy"],
        expected["top_k"],
    )
    assert list(found.classes) == expected["classes"]
    assert found.confusion.dense().tolist() == expected["confusion"]
    assert [
        (mistake.path, mistake.truth, mistake.answer, mistake.probability) for mistake in found.mistakes
    ] == [(moved(path, root), *rest) for path, *rest in expected["mistakes"]]
    assert all(mistake.path.is_file() for mistake in found.mistakes)


def test_a_split_is_read(runs, said, root):
    split = read_split(runs.open(said["runs"]["finished"]["run_id"]).split_file)
    assert split.folder == root / "pictures" / "four"
    assert split.classes == ("black", "blue", "grün, hell", "red")
    assert len(split.rows) == 40
    assert {row.part for row in split.rows} == {"train", "validation", "test"}
    assert all(row.path.is_file() for row in split.rows)
    assert all(row.path.parent.name == split.classes[row.label] for row in split.rows)


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("name", sorted(HALF_WAY))
def test_a_run_that_is_half_way_ends_as_if_nothing_had_happened(runs, said, name, monkeypatch):
    monkeypatch.setattr(callbacks, "EVENTS_PER_SECOND", 1e9)
    expected = said["runs"][name]
    result, events = resume(expected["run_id"])
    assert (result.status, result.best_epoch) == ("finished", expected["best_epoch"]), result
    assert not [event for event in events if isinstance(event, Warned)]
    epochs, first_batch = HALF_WAY[name]
    assert len(next(event for event in events if isinstance(event, Started)).history) == epochs
    first = next(event for event in events if isinstance(event, BatchEnded))
    assert (first.epoch, first.step) == first_batch
    require_figures(runs.get(expected["run_id"]).history, expected["figures"])
    found = weights(Library.default(), result.model_id)
    assert found.keys() == expected["weights"].keys()
    for part, (total, squares) in expected["weights"].items():
        assert float(np.sum(found[part])) == pytest.approx(total, rel=1e-3, abs=1e-3), part
        assert float(np.sum(np.square(found[part]))) == pytest.approx(squares, rel=1e-3, abs=1e-3), part


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_a_stopped_run_resumes_and_replaces_its_model(runs, said):
    expected = said["runs"]["stopped"]
    result, events = resume(expected["run_id"])
    assert (result.status, result.model_id, result.epochs) == ("finished", expected["model_id"], 3), result
    assert not [event for event in events if isinstance(event, Warned)]
    assert len(runs.get(expected["run_id"]).history) == 3


def test_a_failed_run_says_why(runs, said):
    entry = runs.get(said["runs"]["failed"]["run_id"])
    assert "has pictures of one class only" in entry.record.message
    assert entry.record.advice


def test_a_run_is_renamed(runs, said):
    run_id = said["runs"]["finished"]["run_id"]
    before = runs.get(run_id)
    assert before.record.name == "Finished, four classes"
    renamed = runs.rename(run_id, "Another name")
    assert (renamed.record.name, renamed.problem, renamed.history) == ("Another name", "", before.history)


def test_a_removed_run_is_restored(runs, said):
    restored = runs.restore_last()
    assert (restored.record.run_id, restored.record.name) == (said["runs"]["removed"]["run_id"], "Removed")
    assert restored.problem == ""


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_every_run_with_a_split_has_a_script(runs):
    """A run that failed before its pictures were split has none, and says so."""
    for entry in runs.list():
        if (entry.folder / "split.csv").exists():
            text = script_of(entry, in_folder=False).text
            compile(text, "train.py", "exec")
            assert f"EPOCHS = {entry.record.config.hyperparameters.epochs}" in text
        else:
            with pytest.raises(SightlineError, match="ended before its pictures were split"):
                script_of(entry, in_folder=False)
