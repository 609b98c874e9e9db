"""Every request about runs ends in words, and lists follow what changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.training.runs.store import RunStore
from desktop_app.core.training.settings.config import TrainingConfig
from desktop_app.core.training.settings.hyperparameters import default_hyperparameters
from desktop_app.workers.training.runs_worker import RunsWorker


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "runs", tmp_path / "trash")


@pytest.fixture
def run_id(store):
    return make_run(store, "Pets")


def make_run(store, name):
    config = TrainingConfig(
        data=Path("pets"), recipe="mlp", hyperparameters=default_hyperparameters(), name=name
    )
    return store.create(config).run_id


@pytest.fixture
def worker(qapp, store):
    worker = RunsWorker(store)
    worker.lists, worker.ends, worker.offers = [], [], []
    worker.listed.connect(lambda runs: worker.lists.append([entry.record.name for entry in runs]))
    worker.ended.connect(lambda sentence, ok: worker.ends.append((sentence, ok)))
    worker.undo_available.connect(worker.offers.append)
    return worker


def test_runs_are_listed_without_a_word(worker, run_id):
    worker.refresh()
    assert worker.lists == [["Pets"]]
    assert worker.ends == []


def test_unused_data_is_deleted_once_after_the_first_list(worker, store, monkeypatch):
    done = []
    monkeypatch.setattr(store, "sweep_datasets", lambda: done.append(len(worker.lists)))
    worker.refresh()
    worker.refresh()
    assert done == [1]


def test_leftovers_are_cleared_once_before_the_first_list(worker, store, monkeypatch):
    done = []
    monkeypatch.setattr(store, "sweep", lambda: done.append(len(worker.lists)) or 0)
    worker.refresh()
    worker.refresh()
    assert done == [0]


def test_leftovers_that_cannot_be_cleared_keep_no_run_from_the_list(worker, store, run_id, monkeypatch):
    def fail():
        raise StorageError("The folder is closed.", "Open it.")

    monkeypatch.setattr(store, "sweep", fail)
    worker.refresh()
    assert worker.lists == [["Pets"]]
    ((said, wanted),) = worker.ends
    assert said == "The folder is closed. Open it."
    assert not wanted


def test_a_run_gets_another_name(worker, run_id):
    worker.rename(run_id, "Cats  and dogs")
    assert worker.ends == [("Renamed to Cats and dogs.", True)]
    assert worker.lists == [["Cats and dogs"]]


def test_a_name_that_cannot_be_is_said_and_the_old_one_listed(worker, run_id):
    worker.rename(run_id, " ")
    ((sentence, ok),) = worker.ends
    assert sentence.endswith(".")
    assert not ok
    assert worker.lists == [["Pets"]]


def test_what_is_removed_leaves_its_model(worker, store, run_id):
    folder = store.open(run_id)
    folder.write_record(folder.read_record().model_copy(update={"model_id": "pets"}))
    worker.remove(run_id)
    assert worker.offers == ["Removed Pets. Its model stays in Models."]
    assert worker.ends == []  # the offer says it


def test_removed_runs_come_back_one_after_the_other(worker, store, run_id):
    other = make_run(store, "Digits")
    worker.remove(run_id)
    worker.remove(other)
    assert worker.lists[-1] == []
    worker.undo_remove()
    assert worker.lists[-1] == ["Digits"]
    worker.undo_remove()
    assert sorted(worker.lists[-1]) == ["Digits", "Pets"]
    assert worker.offers == ["Removed Pets.", "Removed Digits.", "Removed Pets.", ""]
    assert worker.ends == [
        ("Restored Digits.", True),
        ("Restored Pets.", True),
    ]


def test_nothing_to_restore_is_said(worker):
    worker.undo_remove()
    assert worker.ends == [("There is no removed run to restore.", False)]
    assert worker.offers == [""]


def test_a_run_whose_place_is_taken_stays_on_offer(worker, store, run_id):
    worker.remove(run_id)
    (store.folder / run_id).mkdir()
    worker.undo_remove()
    assert not worker.ends[-1][1]
    assert worker.offers == ["Removed Pets."]
    (store.folder / run_id).rmdir()
    worker.undo_remove()
    assert worker.ends[-1] == ("Restored Pets.", True)


def test_a_run_at_work_is_not_removed(worker, store, run_id):
    with store.open(run_id).at_work():
        worker.remove(run_id)
    ((sentence, ok),) = worker.ends
    assert "at work" in sentence
    assert not ok
    assert worker.offers == []


def test_an_emptied_trash_offers_no_undo(worker, store, run_id):
    worker.remove(run_id)
    worker.empty_trash()
    assert worker.offers == ["Removed Pets.", ""]
    assert worker.ends[-1] == ("The trash is empty.", True)
    assert not list(store.trash.iterdir())


def test_what_is_not_there_is_said(worker):
    for act in (lambda: worker.remove("nothing"), lambda: worker.rename("nothing", "name")):
        act()
        sentence, ok = worker.ends[-1]
        assert "nothing" in sentence
        assert not ok


@pytest.mark.parametrize(
    ("broken", "ask"),
    [
        ("list", lambda worker: worker.refresh()),
        ("rename", lambda worker: worker.rename("run", "name")),
        ("remove", lambda worker: worker.remove("run")),
        ("restore_last", lambda worker: worker.undo_remove()),
        ("empty_trash", lambda worker: worker.empty_trash()),
    ],
)
def test_a_defect_ends_the_request_and_is_seen(worker, monkeypatch, broken, ask):
    def fail(*_arguments):
        raise RuntimeError("a defect")

    monkeypatch.setattr(RunStore, broken, fail)
    with pytest.raises(RuntimeError, match="a defect"):
        ask(worker)
    ((sentence, ok),) = worker.ends
    assert sentence.endswith("failed: a defect.")
    assert not ok
