"""Layers inside layers, and Sightline's own layer in places where it does not belong."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from tests.hostile_models.cases import NOWHERE, case, function, pool, with_layer
from tests.keras_file import SIDE, functional, layer, write_keras

UNITS = 2
FEATURES = SIDE * 3
OWN = {"depth_radius": 2, "bias": 2.0, "alpha": 1e-4, "beta": 0.75}
MODULE = "desktop_app.core.library.own_layers"
REGISTERED = "sightline>LocalResponseNormalization"
_PLAIN = (
    "kernel_initializer", "recurrent_initializer", "bias_initializer", "kernel_regularizer",
    "recurrent_regularizer", "bias_regularizer", "activity_regularizer", "kernel_constraint",
    "recurrent_constraint", "bias_constraint", "seed",
)  # fmt: skip


def lstm(name: str = "lstm", **changes: Any) -> dict[str, Any]:
    """Describe an LSTM as it stands inside another layer."""
    record = layer("LSTM", name, [])
    record["config"] |= dict.fromkeys(_PLAIN) | {
        "units": UNITS, "activation": "tanh", "recurrent_activation": "sigmoid", "use_bias": True,
        "unit_forget_bias": True, "dropout": 0.0, "recurrent_dropout": 0.0, "return_sequences": False,
        "return_state": False, "go_backwards": False, "stateful": False, "unroll": False,
        "zero_output_for_mask": False, **changes,
    }  # fmt: skip
    del record["name"], record["inbound_nodes"]
    return record | {"build_config": {"input_shape": [None, SIDE, FEATURES]}}


def both_ways(
    forward: dict[str, Any] | None = None, backward: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Describe a network that reads the rows of a picture in both directions."""
    forward = forward or lstm("forward")
    backward = backward or lstm("backward", go_backwards=True)
    rows = layer("Reshape", "rows", ["picture"], target_shape=[SIDE, FEATURES])
    both = layer(
        "Bidirectional", "both", ["rows"], merge_mode="concat", layer=forward, backward_layer=backward
    )
    return functional([rows, both], "both", [None, SIDE, SIDE, 3])


def both_ways_weights(file: Any) -> None:
    for direction in ("forward_layer", "backward_layer"):
        for number, shape in enumerate(((FEATURES, 4 * UNITS), (UNITS, 4 * UNITS), (4 * UNITS,))):
            file[f"layers/bidirectional/{direction}/cell/vars/{number}"] = np.zeros(shape, "f4")


def own_layer(**changes: Any) -> dict[str, Any]:
    """Describe Sightline's own layer."""
    record = layer("LocalResponseNormalization", "normalise", ["picture"], module=MODULE, **OWN | changes)
    return record | {"registered_name": REGISTERED}


@case
def lambda_in_both_directions(path):
    inner = layer("Lambda", "run", [], function={"class_name": "__lambda__", "config": {"value": ""}})
    del inner["name"], inner["inbound_nodes"]
    write_keras(path, both_ways(forward=inner), both_ways_weights)


@case
def custom_object_in_both_directions(path):
    inner = lstm("forward") | {"module": NOWHERE, "registered_name": "evil>LSTM"}
    write_keras(path, both_ways(forward=inner), both_ways_weights)


@case
def function_as_recurrent_activation(path):
    inner = lstm("forward", recurrent_activation=function())
    write_keras(path, both_ways(forward=inner), both_ways_weights)


@case
def another_build_shape_in_both_directions(path):
    inner = lstm("forward") | {"build_config": {"input_shape": [None, SIDE, FEATURES + 1]}}
    write_keras(path, both_ways(forward=inner), both_ways_weights)


@case
def both_directions_are_one(path):
    inner = lstm("forward") | {"shared_object_id": 7}
    write_keras(path, both_ways(inner, copy.deepcopy(inner)), both_ways_weights)


@case
def unrolled_recurrence(path):
    write_keras(path, both_ways(forward=lstm("forward", unroll=True)), both_ways_weights)


@case
def state_that_stays(path):
    write_keras(path, both_ways(forward=lstm("forward", stateful=True)), both_ways_weights)


@case
def too_many_recurrent_units(path):
    write_keras(path, both_ways(forward=lstm("forward", units=1025)), both_ways_weights)


@case
def long_sequence(path):
    rows = layer("Reshape", "rows", ["picture"], target_shape=[SIDE * SIDE, 3])
    record = layer("LSTM", "walk", ["rows"]) | {"config": lstm("walk")["config"]}
    write_keras(path, functional([rows, record], "walk", [None, SIDE, SIDE, 3]), both_ways_weights)


@case
def own_registration_under_a_known_name(path):
    record = layer("ReLU", "run", ["picture"], max_value=None, negative_slope=0.0, threshold=0.0)
    write_keras(path, with_layer(record | {"registered_name": REGISTERED}))


@case
def own_layer_without_its_registration(path):
    write_keras(path, with_layer(own_layer() | {"registered_name": None}))


@case
def own_layer_under_another_registration(path):
    write_keras(path, with_layer(own_layer() | {"registered_name": "evil>LocalResponseNormalization"}))


@case
def other_things_of_our_own_modules(path):
    record = layer("load_checked_model", "run", ["picture"], module="desktop_app.core.library.inspection")
    write_keras(path, with_layer(record))


@case
def square_of_many_channels(path):
    fold = layer("Reshape", "fold", ["picture"], target_shape=[1, 1, SIDE * FEATURES])
    record = own_layer()
    record["inbound_nodes"][0]["args"][0]["config"]["keras_history"][0] = "fold"
    layers = [fold, record, pool("normalise")]
    write_keras(path, functional(layers, "pool", [None, SIDE, SIDE, 3]), lambda file: None)
