from __future__ import annotations

import pytest

from desktop_app.core.networks import memory_need
from desktop_app.core.networks.memory_need import needed_bytes
from desktop_app.core.training import fit
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.records.events import BatchEnded
from tests.core.training.tiny import make_data, stores_in, tiny_config

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


def network(*, trainable=True):
    import keras

    layers = keras.layers
    picture = keras.Input((10, 10, 3))
    deep = layers.Conv2D(5, 1)(layers.Conv2D(4, 1)(picture))
    model = keras.Model(picture, layers.Flatten()(deep))
    model.trainable = trainable
    return model


def test_the_need_is_that_of_the_answers_kept_and_of_the_weights():
    convolutions, flat, weights = 100 * 4 + 100 * 5, 500, (3 * 4 + 4) + (4 * 5 + 5)
    kept, in_work = 4 * (convolutions + flat), 4 * 500
    assert needed_bytes(network(), 7) == 7 * (kept + in_work) + 3 * 4 * weights


def test_what_is_frozen_keeps_nothing():
    assert needed_bytes(network(trainable=False), 7) == 7 * 2 * 4 * 500


def test_vgg19_fits_where_it_is_frozen():
    recipe = catalogue.get("vgg19-transfer")
    values = recipe.defaults().changed({"random_weights": True, "input_size": 64})
    built = recipe.build(values, 2)
    one = 64 * 64 * 64 * 4
    assert needed_bytes(built.backbone, 1) == 2 * one
    assert needed_bytes(built.full, 1) < 3 * one + 2**23


@pytest.mark.parametrize(
    ("free", "said", "offered"),
    [
        (3_000, "for batches of 4 pictures of 16 x 16", [{"batch_size": 2}, {"input_size": 8}]),
        (500, "for this network, whatever the batch size", [{"input_size": 8}]),
    ],
)
def test_a_training_that_does_not_fit_is_refused_with_what_to_try(tmp_path, monkeypatch, free, said, offered):
    monkeypatch.setattr(memory_need, "free_memory", lambda: free)
    monkeypatch.setattr(memory_need, "needed_bytes", lambda _model, batch_size: 1_000 * batch_size)
    runs, library = stores_in(tmp_path)
    events = []
    config = tiny_config(make_data(tmp_path / "data"), input_size=16)
    result = fit.train(config, events.append, TrainingControl().token, runs=runs, library=library)
    assert result.status == "failed"
    assert f"not enough memory {said}" in result.reason.text
    assert [retry.changes for retry in result.retry] == offered
    assert not any(isinstance(event, BatchEnded) for event in events)


def test_where_the_system_does_not_say_it_is_tried(monkeypatch):
    monkeypatch.setattr(memory_need, "free_memory", lambda: 0)
    memory_need.require_memory(network(), 10**9)
