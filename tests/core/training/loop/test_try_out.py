"""A picture is answered after every epoch by the network as it stands."""

from __future__ import annotations

import pytest
from PIL import Image

from desktop_app.core.training import fit
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.records.events import EpochEnded, Started, TriedOut
from tests.core.training.tiny import make_data, stores_in, tiny_config, weights
from tests.small_backbone import narrow

__all__ = ["narrow"]

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


def train(folder, config, picture=None, other=None):
    """Train, with a picture that is requested at the start, and another one after the first epoch."""
    runs, library = stores_in(folder)
    control, events = TrainingControl(), []

    def watch(event):
        events.append(event)
        if isinstance(event, Started) and picture is not None:
            control.try_out(picture)
        if isinstance(event, TriedOut) and other is not None:
            control.try_out(other)

    result = fit.train(config, watch, control.token, runs=runs, library=library)
    assert result.status == "finished", result
    return result, library, events


def test_the_answer_is_the_networks_after_each_epoch(tmp_path):
    data = make_data(tmp_path / "data")
    config = tiny_config(data, epochs=3)
    picture = data / "class 0" / "0.png"
    result, library, events = train(tmp_path / "tried", config, picture)
    tried = [event for event in events if isinstance(event, TriedOut)]
    assert [event.epoch for event in tried] == [1, 2, 3]
    assert {event.path for event in tried} == {picture}
    assert all(event.label in {"class 0", "class 1"} and 0.5 <= event.probability <= 1 for event in tried)
    plain, plain_library, _events = train(tmp_path / "plain", config)
    for name, values in weights(plain_library, plain.model_id).items():
        assert (values == weights(library, result.model_id)[name]).all(), name


@pytest.mark.usefixtures("narrow")
def test_a_head_is_asked_through_the_features_and_the_whole_network_when_fine_tuned(tmp_path):
    data = make_data(tmp_path / "data", count=8)
    config = tiny_config(
        data, recipe="vgg19-transfer", input_size=32, random_weights=True, epochs=2, fine_tune_epochs=1
    )
    _result, _library, events = train(tmp_path, config, data / "class 1" / "0.png")
    tried = [event for event in events if isinstance(event, TriedOut)]
    assert [event.epoch for event in tried] == [1, 2, 3]
    assert all(0.5 <= event.probability <= 1 for event in tried)


def test_a_picture_that_cannot_be_read_says_why_once_and_can_be_replaced(tmp_path):
    data = make_data(tmp_path / "data")
    broken, good = tmp_path / "broken.png", tmp_path / "good.png"
    broken.write_bytes(b"no picture")
    Image.new("RGB", (20, 10), "red").save(good)
    _result, _library, events = train(tmp_path, tiny_config(data, epochs=3), broken, good)
    first, *later = [event for event in events if isinstance(event, TriedOut)]
    assert (first.path, first.label) == (broken, "")
    assert first.problem.endswith(".")
    assert [(event.path, event.problem) for event in later] == [(good, ""), (good, "")]


def test_nothing_is_tried_without_a_request(tmp_path):
    data = make_data(tmp_path / "data")
    _result, _library, events = train(tmp_path, tiny_config(data, epochs=1))
    assert any(isinstance(event, EpochEnded) for event in events)
    assert not any(isinstance(event, TriedOut) for event in events)
