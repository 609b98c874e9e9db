from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.training.loop.optimizers import (
    last_learning_rate,
    make_optimizer,
    set_learning_rate,
)
from desktop_app.core.training.settings.hyperparameters import default_hyperparameters
from desktop_app.core.training.task.classification import compile_model

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


def values(**changes):
    return default_hyperparameters().changed(changes)


def model_with(outputs, **changes):
    import keras

    activation = "sigmoid" if outputs == 1 else "softmax"
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(outputs, activation=activation)])
    optimizer = make_optimizer(values(**changes), schedule="constant", peak=0.1, steps=10)
    compile_model(model, optimizer, values(**changes), max(outputs, 2))
    return model


@pytest.mark.parametrize("name", ["adam", "adamw", "sgd", "rmsprop"])
@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_every_optimiser_learns(name, decay):
    model = model_with(2, optimizer=name, weight_decay=decay)
    inputs, labels = np.eye(3, dtype=np.float32)[:2], np.eye(2, dtype=np.float32)
    losses = [model.train_on_batch(inputs, labels, return_dict=True)["loss"] for _step in range(20)]
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("name", ["adam", "adamw"])
@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_adam_goes_where_that_of_keras_goes(name, decay):
    import keras

    model = model_with(2, optimizer=name, weight_decay=decay)
    theirs = keras.models.clone_model(model)
    theirs.set_weights(model.get_weights())
    kind = {"adam": keras.optimizers.Adam, "adamw": keras.optimizers.AdamW}[name]
    optimizer = kind(0.1, weight_decay=decay if name == "adamw" else decay or None)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    theirs.compile(optimizer, model.loss)
    random = np.random.default_rng(1)
    for _step in range(10):
        inputs = random.normal(size=(5, 3)).astype(np.float32)
        labels = np.eye(2, dtype=np.float32)[random.integers(2, size=5)]
        model.train_on_batch(inputs, labels)
        theirs.train_on_batch(inputs, labels)
    for ours, other in zip(
        model.get_weights() + [np.array(value) for value in model.optimizer.variables],
        theirs.get_weights() + [np.array(value) for value in theirs.optimizer.variables],
        strict=True,
    ):
        assert ours == pytest.approx(other, rel=1e-4, abs=1e-5)


def test_adam_scales_the_loss_of_small_numbers():
    import keras

    model = model_with(2, optimizer="adam")
    model.compile(keras.optimizers.LossScaleOptimizer(model.optimizer), model.loss)
    inputs, labels = np.eye(3, dtype=np.float32)[:2], np.eye(2, dtype=np.float32)
    losses = [model.train_on_batch(inputs, labels) for _step in range(20)]
    assert losses[-1] < losses[0]


def test_weight_decay_spares_the_bias():
    model = model_with(2, optimizer="sgd", weight_decay=0.5, momentum=0.0)
    kernel, bias = model.layers[0].kernel, model.layers[0].bias
    bias.assign([1.0, 1.0])
    before = np.array(kernel)
    model.optimizer.apply_gradients([(np.zeros((3, 2), np.float32), kernel), (np.zeros(2, np.float32), bias)])
    assert np.array(bias) == pytest.approx([1.0, 1.0])
    assert np.array(kernel) == pytest.approx(before * 0.95)


def test_the_rate_can_be_changed_and_read():
    model = model_with(2)
    set_learning_rate(model, 0.025)
    assert last_learning_rate(model) == 0.025


@pytest.mark.parametrize("mixed", [False, True])
def test_the_rate_is_that_of_the_last_step_not_of_the_one_after_the_end(mixed):
    import keras

    model = model_with(2)
    optimizer = make_optimizer(values(optimizer="sgd"), schedule="one-cycle", peak=0.1, steps=4)
    if mixed:
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    compile_model(model, optimizer, values(), 2)
    optimizer.build(model.trainable_variables)
    for _step in range(4):
        model.train_on_batch(np.eye(3, dtype=np.float32)[:2], np.eye(2, dtype=np.float32))
    assert last_learning_rate(model) == pytest.approx(0.1 * (1 - 3 / 4) / 0.8)
    assert int(getattr(optimizer, "inner_optimizer", optimizer).iterations) == 4
