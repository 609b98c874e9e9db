"""Layers with other layers inside, and Sightline's own layer: what passes, what they are taken to do."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.inspection.containers.limits import STEP_OPERATIONS
from desktop_app.core.library.inspection.keras.loading import load_checked_model
from desktop_app.core.library.inspection.keras.rules.listing import find_rule
from desktop_app.core.library.inspection.keras.summary import inspect_archive
from tests.hostile_models.cases import with_layer
from tests.hostile_models.recurrent import UNITS, both_ways, both_ways_weights, lstm, own_layer
from tests.keras_file import SIDE, write_keras

STEPS, FEATURES = 5, 7
KINDS = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}
OPEN = {"units": 6, "use_bias": True, "return_sequences": False}


def effect(name, config, *shapes):
    return find_rule("keras.layers", name).effect(config, list(shapes or [(STEPS, FEATURES)]))


@pytest.mark.parametrize(("name", "gates"), KINDS.items())
def test_each_gate_has_weights_for_input_state_and_bias(name, gates):
    result = effect(name, OPEN)
    assert result.output == (6,)
    assert result.weights == ((7, 6 * gates), (6, 6 * gates), (6 * gates,))
    assert result.operations == STEPS * (STEP_OPERATIONS + gates * 6 * (7 + 6 + 1))
    assert effect(name, OPEN | {"return_sequences": True}).output == (STEPS, 6)
    assert len(effect(name, OPEN | {"use_bias": False}).weights) == 2


def test_a_gru_of_todays_kind_has_two_biases():
    assert effect("GRU", OPEN | {"reset_after": True}).weights[2] == (2, 18)


@pytest.mark.parametrize("shape", [(7,), (9, 7, 4), (4097, 3)])
def test_only_sequences_of_bearable_length_are_gone_through(shape):
    with pytest.raises(ModelError, match="sequence"):
        effect("LSTM", OPEN, shape)


@pytest.mark.parametrize(
    ("mode", "width"), [("concat", 2 * UNITS), ("sum", UNITS), ("mul", UNITS), ("ave", UNITS)]
)
def test_both_directions_are_joined(mode, width, tmp_path):
    config = both_ways()
    config["config"]["layers"][2]["config"]["merge_mode"] = mode
    summary = inspect_archive(write_keras(tmp_path / "m.keras", config, both_ways_weights))
    assert summary.outputs == width
    assert summary.parameters == 2 * 4 * UNITS * (SIDE * 3 + UNITS + 1)


@pytest.mark.parametrize(
    "backward",
    [
        lstm("backward", go_backwards=True, return_sequences=True),
        lstm("backward", go_backwards=True, units=UNITS + 1),
        lstm("backward", go_backwards=False),
    ],
)
def test_directions_that_do_not_fit_each_other_are_refused(backward, tmp_path):
    with pytest.raises(ModelError, match="two directions"):
        inspect_archive(write_keras(tmp_path / "m.keras", both_ways(backward=backward), both_ways_weights))


@pytest.mark.parametrize("damage", ["inbound_nodes", "name", "compile_config"])
def test_a_layer_inside_has_no_other_fields(damage, tmp_path):
    config = both_ways(forward=lstm("forward") | {damage: {"x": 1}})
    with pytest.raises(ModelError, match="refused"):
        inspect_archive(write_keras(tmp_path / "m.keras", config, both_ways_weights))


@pytest.mark.parametrize(
    "value", [None, [], 3, {"config": {}}, {"module": [], "class_name": "LSTM", "config": {}}]
)
def test_something_else_than_a_layer_inside_is_refused(value, tmp_path):
    config = both_ways()
    config["config"]["layers"][2]["config"]["backward_layer"] = value
    with pytest.raises(ModelError, match="refused"):
        inspect_archive(write_keras(tmp_path / "m.keras", config, both_ways_weights))


@pytest.mark.parametrize("name", [["x"], {"x": 1}])
def test_a_registered_name_that_is_no_word_is_refused(name, tmp_path):
    for record in (own_layer(), lstm("forward")):
        record["registered_name"] = name
        config = both_ways(forward=record) if "inbound_nodes" not in record else with_layer(record)
        with pytest.raises(ModelError, match="needs the custom object"):
            inspect_archive(write_keras(tmp_path / "m.keras", config, both_ways_weights))


def test_our_own_layer_passes(tmp_path):
    assert inspect_archive(write_keras(tmp_path / "m.keras", with_layer(own_layer()))).outputs == 3


@pytest.mark.parametrize(
    "changes", [{"depth_radius": 10**6}, {"depth_radius": 1.5}, {"alpha": "x"}, {"beta": None}, {"data": 1}]
)
def test_our_own_layer_with_other_values_is_refused(changes, tmp_path):
    with pytest.raises(ModelError, match="normalise"):
        inspect_archive(write_keras(tmp_path / "m.keras", with_layer(own_layer(**changes))))


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_our_own_layer_is_loaded_where_nobody_used_it_before(tmp_path):
    loaded = load_checked_model(write_keras(tmp_path / "m.keras", with_layer(own_layer(depth_radius=1))))
    layer = loaded.get_layer("normalise")
    assert (layer.depth_radius, layer.bias, layer.alpha, layer.beta) == (1, 2.0, 1e-4, 0.75)


def stacked_recurrence():
    """Every kind, one upon the other, alone and in both directions."""
    import keras

    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((6, 5, 3)),
            layers.Reshape((6, 15)),
            layers.Bidirectional(layers.GRU(3, return_sequences=True, dropout=0.1), merge_mode="ave"),
            layers.LSTM(4, return_sequences=True, go_backwards=True, kernel_regularizer="l2"),
            layers.GRU(3, reset_after=False, return_sequences=True),
            layers.SimpleRNN(4, use_bias=False, return_sequences=True),
            layers.Bidirectional(layers.LSTM(2, recurrent_dropout=0.1)),
            layers.Dense(3, activation="softmax"),
        ]
    )


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_recurrent_networks_of_others_load(tmp_path):
    model = stacked_recurrence()
    path = tmp_path / "model.keras"
    model.save(path)
    assert inspect_archive(path).parameters == sum(int(np.prod(w.shape)) for w in model.trainable_weights)
    picture = np.random.default_rng(0).uniform(0, 1, (2, 6, 5, 3)).astype("f4")
    before, after = (network(picture, training=False) for network in (model, load_checked_model(path)))
    np.testing.assert_allclose(before, after, atol=1e-6)
