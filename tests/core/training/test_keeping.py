"""A model comes into the library whole, in place of no other, and not when the run is cancelled."""

from __future__ import annotations

import pytest

from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.library.store import Library
from desktop_app.core.training import fit
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.records.events import BatchEnded, EpochEnded
from tests.core.training.tiny import make_data, stores_in, tiny_config
from tests.tiny_model import colour_card

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return make_data(tmp_path_factory.mktemp("data"))


def while_saving(monkeypatch, happens):
    """Let something happen once, after the first model's weights are written."""
    add = Library.add
    pending = [happens]

    def add_and_more(library, card, weights, **options):
        def write(path):
            weights(path)
            while pending:
                pending.pop()(library, card)

        return add(library, card, write, **options)

    monkeypatch.setattr(Library, "add", add_and_more)
    return lambda library, card: add(library, card, lambda path: path.write_bytes(b"another"))


def train(folder, data, control, **changes):
    runs, library = stores_in(folder)
    config = tiny_config(data, name="mine", epochs=1, **changes)
    return fit.train(config, lambda event: None, control.token, runs=runs, library=library)


def test_a_model_that_came_meanwhile_is_not_replaced(data, tmp_path, monkeypatch):
    add = while_saving(monkeypatch, lambda library, card: add(library, colour_card(card.id)))
    result = train(tmp_path, data, TrainingControl())
    runs, library = stores_in(tmp_path)
    assert (result.status, result.model_id) == ("finished", "mine-2")
    assert library.get("mine").weights.read_bytes() == b"another"
    assert load_classifier("mine-2", library)
    assert runs.get(result.run_id).record.model_id == "mine-2"


def test_two_runs_of_one_name_make_models_that_can_be_told_apart(data, tmp_path):
    results = [train(tmp_path, data, TrainingControl()) for _ in range(2)]
    _runs, library = stores_in(tmp_path)
    names = {result.model_id: library.get(result.model_id).name for result in results}
    assert names == {"mine": "mine", "mine-2": "mine (2)"}


def test_renaming_a_run_leaves_its_model_the_name_even_when_it_goes_on(data, tmp_path):
    runs, library = stores_in(tmp_path)
    control = TrainingControl()

    def stop_after_an_epoch(event):
        if isinstance(event, EpochEnded):
            control.stop()

    config = tiny_config(data, name="mine", epochs=3)
    stopped = fit.train(config, stop_after_an_epoch, control.token, runs=runs, library=library)
    runs.rename(stopped.run_id, "yours")
    resumed = fit.resume(
        stopped.run_id, lambda event: None, TrainingControl().token, runs=runs, library=library
    )
    assert (stopped.status, resumed.status, resumed.name) == ("stopped", "finished", "yours")
    assert [entry.name for entry in library.entries() if entry.model_id == resumed.model_id] == ["mine"]
    assert resumed.model_id == stopped.model_id


def test_cancel_while_the_model_is_saved_leaves_none(data, tmp_path, monkeypatch):
    control = TrainingControl()
    while_saving(monkeypatch, lambda _library, _card: control.cancel())
    result = train(tmp_path, data, control)
    runs, library = stores_in(tmp_path)
    assert (result.status, result.model_id) == ("cancelled", None)
    assert list(library.installed.iterdir()) == []
    assert runs.list() == ()


def test_cancel_after_the_model_is_kept_takes_it_back(data, tmp_path, monkeypatch):
    control = TrainingControl()
    add = Library.add

    def add_then_cancel(*given, **options):
        added = add(*given, **options)
        control.cancel()
        return added

    monkeypatch.setattr(Library, "add", add_then_cancel)
    result = train(tmp_path, data, control)
    _runs, library = stores_in(tmp_path)
    assert (result.status, result.model_id) == ("cancelled", None)
    assert list(library.installed.iterdir()) == []


def test_cancel_says_that_the_model_of_an_earlier_session_stays(data, tmp_path):
    runs, library = stores_in(tmp_path)

    def at_first_batch(order):
        control = TrainingControl()

        def watch(event):
            if isinstance(event, BatchEnded):
                getattr(control, order)()

        return watch, control.token

    first = fit.train(tiny_config(data, name="mine"), *at_first_batch("stop"), runs=runs, library=library)
    assert first.model_id == "mine"
    result = fit.resume(first.run_id, *at_first_batch("cancel"), runs=runs, library=library)
    assert (result.status, result.model_id) == ("cancelled", "mine")
    assert "Its earlier model mine stays in the library." in result.reason.text
    assert load_classifier("mine", library)
