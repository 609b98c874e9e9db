"""A run that is interrupted and resumed ends as the uninterrupted one does, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.datasets.splits.split_file import read_split
from desktop_app.core.training import fit
from desktop_app.core.training.loop import callbacks
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.records.events import BatchEnded, CheckpointSaved, EpochEnded, Started, Warned
from tests.core.training.earlier import make_run_version_1
from tests.core.training.tiny import figures, make_data, stores_in, tiny_config, weights
from tests.torture import training as promise

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine", "every_batch_told")]


@pytest.fixture
def every_batch_told(monkeypatch):
    monkeypatch.setattr(callbacks, "EVENTS_PER_SECOND", 1e9)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return make_data(tmp_path_factory.mktemp("data"))


def train(folder, config, *, interrupt=lambda event: False, run_id=None):
    """Train or resume in ``folder``; ``interrupt(event)`` says when to interrupt."""
    runs, library = stores_in(folder)
    control = TrainingControl()
    events = []

    def note(event):
        events.append(event)
        if interrupt(event):
            control.interrupt()

    if run_id is None:
        result = fit.train(config, note, control.token, runs=runs, library=library)
    else:
        result = fit.resume(run_id, note, control.token, runs=runs, library=library)
    return result, events


def in_batch(epoch, step):
    return lambda event: isinstance(event, BatchEnded) and (event.epoch, event.step) == (epoch, step)


@pytest.fixture(scope="module")
def reference(data, tmp_path_factory, engine):
    """What the uninterrupted run of a configuration gives: its figures and its weights; computed once."""
    known = {}

    def get(**changes):
        key = tuple(sorted(changes.items()))
        if key not in known:
            folder = tmp_path_factory.mktemp("reference")
            result, _events = train(folder, tiny_config(data, **changes))
            assert result.status == "finished", result
            runs, library = stores_in(folder)
            known[key] = (figures(runs.get(result.run_id).folder), weights(library, result.model_id))
        return known[key]

    return get


def require_same(folder, result, expected):
    runs, library = stores_in(folder)
    rows, arrays = expected
    assert figures(runs.get(result.run_id).folder) == rows
    found = weights(library, result.model_id)
    assert found.keys() == arrays.keys()
    for name, values in arrays.items():
        assert np.array_equal(found[name], values), name


@pytest.mark.parametrize("stand", [(1, 2), (2, 1)])
def test_a_run_that_version_1_left_half_way_goes_on_with_the_same_numbers(data, tmp_path, reference, stand):
    first, _events = train(tmp_path, tiny_config(data), interrupt=in_batch(*stand))
    assert first.status == "interrupted"
    make_run_version_1(tmp_path / "runs" / first.run_id)
    second, events = train(tmp_path, None, run_id=first.run_id)
    assert second.status == "finished", second
    assert not [event for event in events if isinstance(event, Warned)]
    require_same(tmp_path, second, reference())


def test_the_same_seed_gives_the_same_curve_and_weights(data, tmp_path, reference):
    result, _events = train(tmp_path, tiny_config(data))
    require_same(tmp_path, result, reference())
    assert reference(seed=1) != reference()


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(in_batch(1, 2), id="within the first epoch"),
        pytest.param(in_batch(1, 3), id="after the last batch of an epoch"),
        pytest.param(lambda event: isinstance(event, Started), id="before the first batch"),
    ],
)
def test_a_resumed_run_ends_as_if_it_had_not_been_interrupted(data, tmp_path, reference, moment):
    config = tiny_config(data)
    result, _events = train(tmp_path, config, interrupt=moment)
    assert result.status == "interrupted", result
    assert result.model_id is None
    run_folder = stores_in(tmp_path)[0].get(result.run_id).folder
    split = (run_folder / "split.csv").read_bytes()
    again, _events = train(tmp_path, config, run_id=result.run_id)
    assert again.status == "finished", again
    assert (run_folder / "split.csv").read_bytes() == split
    require_same(tmp_path, again, reference())


def test_an_interruption_while_validating_does_not_train_the_epoch_again(
    data, tmp_path, reference, monkeypatch
):
    control = TrainingControl()
    seen = []
    validated = callbacks.BatchWatch.validation_batch_ended

    def interrupt(watch):
        control.interrupt()
        validated(watch)

    runs, library = stores_in(tmp_path)
    monkeypatch.setattr(callbacks.BatchWatch, "validation_batch_ended", interrupt)
    result = fit.train(tiny_config(data), seen.append, control.token, runs=runs, library=library)
    assert result.status == "interrupted"
    assert result.epochs == 0
    monkeypatch.undo()
    again, events = train(tmp_path, None, run_id=result.run_id)
    assert not [event for event in events if isinstance(event, BatchEnded) and event.epoch == 1]
    require_same(tmp_path, again, reference())


def test_checkpoints_within_an_epoch_are_as_good(data, tmp_path, reference, monkeypatch):
    monkeypatch.setattr(callbacks, "CHECKPOINT_SECONDS", 0.0)
    result, events = train(tmp_path, tiny_config(data), interrupt=in_batch(2, 2))
    saved = [(event.epoch, event.step) for event in events if isinstance(event, CheckpointSaved)]
    assert saved[:3] == [(1, 1), (1, 2), (1, 0)]
    again, _events = train(tmp_path, None, run_id=result.run_id)
    require_same(tmp_path, again, reference())


def test_the_plateau_schedule_and_early_stopping_continue_where_they_were(data, tmp_path, reference):
    changes = {
        "schedule": "plateau",
        "learning_rate": 1e-7,
        "epochs": 9,
        "early_stopping": 6,
        "optimizer": "sgd",
    }
    expected = reference(**changes)
    assert 1 < len(expected[0]) <= 9

    def interrupt(event):
        return isinstance(event, EpochEnded) and event.metrics.epoch == 2

    result, _events = train(tmp_path, tiny_config(data, **changes), interrupt=interrupt)
    again, events = train(tmp_path, None, run_id=result.run_id)
    assert len(next(event for event in events if isinstance(event, Started)).history) == 2
    require_same(tmp_path, again, expected)


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        pytest.param(in_batch(2, 2), " Epoch 2 starts again.", id="within an epoch"),
        pytest.param(in_batch(1, 3), "", id="before the validation"),
    ],
)
def test_with_fewer_pictures_the_epoch_begins_again_and_the_schedule_stays(tmp_path, moment, told):
    data = make_data(tmp_path / "data")
    config = tiny_config(data, epochs=4, schedule="exponential")
    result, _events = train(tmp_path, config, interrupt=moment)
    run_folder = stores_in(tmp_path)[0].get(result.run_id).folder
    for row in read_split(run_folder / "split.csv").rows[1:6]:
        assert row.part == "train"
        row.path.unlink()
    again, events = train(tmp_path, None, run_id=result.run_id)
    assert (again.status, again.epochs) == ("finished", 4)
    warnings = [event.message for event in events if isinstance(event, Warned)]
    assert f"There are 7 training pictures now, not 12 as before.{told}" in warnings
    batches = [(event.epoch, event.step) for event in events if isinstance(event, BatchEnded)]
    assert batches == [(epoch, step) for epoch in (2, 3, 4) for step in (1, 2)]
    planned = [10 * 0.01 ** (done / 12) for done in ((6, 8, 10) if told else (4, 6, 8))]
    rates = [float(row["learning_rate"]) * 1000 for row in figures(run_folder)][1:]
    assert rates == pytest.approx(planned, rel=1e-3)


@pytest.mark.parametrize("epoch", [1, 2])
def test_a_damaged_checkpoint_is_said_and_the_best_epoch_kept(data, tmp_path, epoch):
    result, _events = train(tmp_path, tiny_config(data), interrupt=in_batch(epoch, 1))
    runs, library = stores_in(tmp_path)
    path = runs.get(result.run_id).folder / "checkpoints" / "last.npz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    again, events = train(tmp_path, None, run_id=result.run_id)
    warnings = [event.message for event in events if isinstance(event, Warned)]
    assert not any(isinstance(event, BatchEnded) for event in events)
    if epoch == 1:
        assert again.status == "failed"
        assert "last.npz cannot be used" in again.reason.text
        assert again.reason.advice
    else:
        assert (again.status, again.best_epoch) == ("stopped", 1)
        assert any("last.npz cannot be used" in warning for warning in warnings)
        assert again.evaluation.pictures == 6
        assert library.get(again.model_id).card


def test_what_cannot_be_resumed_is_said_in_words(data, tmp_path):
    result, _events = train(tmp_path, tiny_config(data, epochs=1))
    again, events = train(tmp_path, None, run_id=result.run_id)
    assert again.status == "failed"
    assert "cannot be resumed: it is finished" in again.reason.text
    assert len(events) == 1
    unknown, _events = train(tmp_path, None, run_id="nothing")
    assert "no run 'nothing'" in unknown.reason.text


def test_a_kill_does_no_harm():
    assert "1 kills" in promise.run(1)
