"""Every request about runs ends in words, and lists follow what changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.training.runs.store import RunStore
from desktop_app.core.training.settings.config import TrainingConfig
from desktop_app.core.training.settings.hyperparameters import default_hyperparameters
from desktop_app.workers.training.training_runs import TrainingRuns
from tests.workers.inline_lane import InlineLane


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
def runs(qapp, store):
    lists, ends, offers = [], [], []
    runs = TrainingRuns(
        InlineLane(),
        store,
        on_listed=lambda entries: lists.append([entry.record.name for entry in entries]),
        on_offer=offers.append,
        say=lambda sentence, ok: ends.append((sentence, ok)),
    )
    runs.lists, runs.ends, runs.offers = lists, ends, offers
    return runs


def test_runs_are_listed_without_a_word(runs, run_id):
    runs.refresh()
    assert runs.lists == [["Pets"]]
    assert runs.ends == []


def test_unused_data_is_deleted_once_after_the_first_list(runs, store, monkeypatch):
    done = []
    monkeypatch.setattr(store, "sweep_datasets", lambda: done.append(len(runs.lists)))
    runs.refresh()
    runs.refresh()
    assert done == [1]


def test_leftovers_are_cleared_once_before_the_first_list(runs, store, monkeypatch):
    done = []
    monkeypatch.setattr(store, "sweep", lambda: done.append(len(runs.lists)) or 0)
    runs.refresh()
    runs.refresh()
    assert done == [0]


def test_leftovers_that_cannot_be_cleared_keep_no_run_from_the_list(runs, store, run_id, monkeypatch):
    def fail():
        raise StorageError("The folder is closed.", "Open it.")

    monkeypatch.setattr(store, "sweep", fail)
    runs.refresh()
    assert runs.lists == [["Pets"]]
    ((said, wanted),) = runs.ends
    assert said == "The folder is closed. Open it."
    assert not wanted


def test_a_run_gets_another_name(runs, run_id):
    runs.rename(run_id, "Cats  and dogs")
    assert runs.ends == [("Renamed to Cats and dogs.", True)]
    assert runs.lists == [["Cats and dogs"]]


def test_a_name_that_cannot_be_is_said_and_the_old_one_listed(runs, run_id):
    runs.rename(run_id, " ")
    ((sentence, ok),) = runs.ends
    assert sentence.endswith(".")
    assert not ok
    assert runs.lists == [["Pets"]]


def test_what_is_removed_leaves_its_model(runs, store, run_id):
    folder = store.open(run_id)
    folder.write_record(folder.read_record().model_copy(update={"model_id": "pets"}))
    runs.remove(run_id)
    assert runs.offers == ["Removed Pets. Its model stays in Models."]
    assert runs.ends == []  # the offer says it


def test_removed_runs_come_back_one_after_the_other(runs, store, run_id):
    other = make_run(store, "Digits")
    runs.remove(run_id)
    runs.remove(other)
    assert runs.lists[-1] == []
    runs.undo_remove()
    assert runs.lists[-1] == ["Digits"]
    runs.undo_remove()
    assert sorted(runs.lists[-1]) == ["Digits", "Pets"]
    assert runs.offers == ["Removed Pets.", "Removed Digits.", "Removed Pets.", ""]
    assert runs.ends == [
        ("Restored Digits.", True),
        ("Restored Pets.", True),
    ]


def test_nothing_to_restore_is_said(runs):
    runs.undo_remove()
    assert runs.ends == [("There is no removed run to restore.", False)]
    assert runs.offers == [""]


def test_a_run_whose_place_is_taken_stays_on_offer(runs, store, run_id):
    runs.remove(run_id)
    (store.folder / run_id).mkdir()
    runs.undo_remove()
    assert not runs.ends[-1][1]
    assert runs.offers == ["Removed Pets."]
    (store.folder / run_id).rmdir()
    runs.undo_remove()
    assert runs.ends[-1] == ("Restored Pets.", True)


def test_a_run_at_work_is_not_removed(runs, store, run_id):
    with store.open(run_id).at_work():
        runs.remove(run_id)
    ((sentence, ok),) = runs.ends
    assert "at work" in sentence
    assert not ok
    assert runs.offers == []


def test_an_emptied_trash_offers_no_undo(runs, store, run_id):
    runs.remove(run_id)
    runs.empty_trash()
    assert runs.offers == ["Removed Pets.", ""]
    assert runs.ends[-1] == ("The trash is empty.", True)
    assert not list(store.trash.iterdir())


def test_what_is_not_there_is_said(runs):
    for act in (lambda: runs.remove("nothing"), lambda: runs.rename("nothing", "name")):
        act()
        sentence, ok = runs.ends[-1]
        assert "nothing" in sentence
        assert not ok


@pytest.mark.parametrize(
    ("broken", "ask"),
    [
        ("list", lambda runs: runs.refresh()),
        ("rename", lambda runs: runs.rename("run", "name")),
        ("remove", lambda runs: runs.remove("run")),
        ("restore_last", lambda runs: runs.undo_remove()),
        ("empty_trash", lambda runs: runs.empty_trash()),
    ],
)
def test_a_defect_ends_the_request_and_is_seen(runs, monkeypatch, broken, ask):
    def fail(*_arguments):
        raise RuntimeError("a defect")

    monkeypatch.setattr(RunStore, broken, fail)
    with pytest.raises(RuntimeError, match="a defect"):
        ask(runs)
    ((sentence, ok),) = runs.ends
    assert sentence.endswith("failed: a defect.")
    assert not ok
