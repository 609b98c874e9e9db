"""A fit writes to the place that it is given and nowhere else: several fits are as many places."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop_app.core.datasets.splits.split_file import Split, read_split, write_split
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.training import fit
from desktop_app.core.training.loop import callbacks
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.records.events import BatchEnded, Finished
from desktop_app.core.training.runs.place import Place
from desktop_app.core.training.runs.run_folder import RunFolder
from tests.core.training.tiny import figures, make_data, stores_in, tiny_config
from tests.core.training.watched import Run

FOLDS = 3


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return make_data(tmp_path_factory.mktemp("data"))


def fold(folder, number, config):
    """A place for one fit of several."""
    run = RunFolder(folder / f"fold-{number}")
    run.begin(config, name=f"Fold {number}")
    return Place(run, folder / "scratch" / run.run_id, library=None)


def files(folder):
    return {path.relative_to(folder).parts[0] for path in folder.iterdir()}


def train_at(place, order="", at=BatchEnded):
    """Train, and give an order at the first event of a kind."""
    control = TrainingControl()
    events = []

    def note(event):
        events.append(event)
        if order and isinstance(event, at):
            getattr(control, order)()

    result = fit.train_at(place, note, control.token)
    assert isinstance(events[-1], Finished)
    return result


def turned(split, by):
    """The same pictures, used for other things."""
    parts = [row.part for row in split.rows]
    rows = [replace(row, part=part) for row, part in zip(split.rows, parts[by:] + parts[:by], strict=True)]
    return Split(split.folder, split.classes, tuple(rows))


def test_a_folder_is_begun_once(tmp_path, data):
    place = fold(tmp_path, 1, tiny_config(data))
    record = place.run.read_record()
    assert (record.run_id, record.name, record.state) == ("fold-1", "Fold 1", "running")
    with pytest.raises(StorageError, match="fold-1"):
        place.run.begin(tiny_config(data), name="Again")
    place.run.discard()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_several_fits_with_splits_of_their_own_are_several_runs(tmp_path, data):
    config = tiny_config(data, epochs=1)
    single = Run(tmp_path / "single", config)
    split = read_split(single.entry.folder / "split.csv")
    folder = tmp_path / "folds"
    results = []
    for number in range(FOLDS):
        place = fold(folder, number, config)
        write_split(turned(split, number), place.run.split_file)
        results.append(train_at(place))
    assert [result.status for result in results] == ["finished"] * FOLDS
    assert [result.model_id for result in results] == [None] * FOLDS
    runs = [RunFolder(folder / f"fold-{number}") for number in range(FOLDS)]
    assert figures(runs[0].path) == figures(single.entry.folder), "the same split gives the same numbers"
    assert len({str(figures(run.path)) for run in runs}) == FOLDS
    assert [run.read_evaluation() for run in runs] == [result.evaluation for result in results]
    assert files(folder) == {*(run.run_id for run in runs), "scratch"}
    assert list((folder / "scratch").iterdir()) == []
    assert len(single.runs.list()) == 1
    assert [entry.model_id for entry in single.library.entries() if entry.folder] == [single.result.model_id]


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_a_fit_goes_on_at_its_place(tmp_path, data, monkeypatch):
    monkeypatch.setattr(callbacks, "EVENTS_PER_SECOND", 1e9)
    config = tiny_config(data)
    whole, half = fold(tmp_path, 1, config), fold(tmp_path, 2, config)
    assert train_at(whole).status == "finished"
    assert train_at(half, "interrupt").status == "interrupted"
    assert train_at(half).status == "finished"
    assert figures(half.run.path) == figures(whole.run.path)


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(("order", "status"), [("cancel", "cancelled"), ("stop", "stopped")])
def test_a_fit_that_learned_nothing_leaves_its_place_empty(tmp_path, data, order, status):
    place = fold(tmp_path, 1, tiny_config(data))
    control = TrainingControl()
    getattr(control, order)()
    result = fit.train_at(place, lambda event: None, control.token)
    assert result.status == status
    assert not place.run.path.exists()


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_a_place_is_worked_on_by_one_fit(tmp_path, data):
    place = fold(tmp_path, 1, tiny_config(data))
    with place.run.at_work():
        result = train_at(place)
    assert (result.status, place.run.path.exists()) == ("failed", True)
    assert "at work already" in result.reason.text


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_what_was_stopped_within_its_first_epoch_is_evaluated_and_stays(tmp_path, data, monkeypatch):
    monkeypatch.setattr(callbacks, "EVENTS_PER_SECOND", 1e9)
    place = fold(tmp_path, 1, tiny_config(data))
    result = train_at(place, "stop")
    assert (result.status, result.epochs, result.model_id) == ("stopped", 0, None)
    assert place.run.read_evaluation() == result.evaluation


def test_a_task_that_there_is_not_makes_no_run(tmp_path, data):
    runs, library = stores_in(tmp_path)
    config = tiny_config(data).model_copy(update={"task": "telepathy"})
    result = fit.train(config, lambda event: None, TrainingControl().token, runs=runs, library=library)
    assert (result.status, result.reason.text) == ("failed", "There is no task 'telepathy'.")
    assert runs.list() == ()


def test_the_place_of_a_run_in_a_store_is_below_its_folders(tmp_path, data):
    runs, library = stores_in(tmp_path)
    run = runs.create(tiny_config(data))
    assert runs.place(run, library) == Place(run, tmp_path / "scratch" / run.run_id, library)
