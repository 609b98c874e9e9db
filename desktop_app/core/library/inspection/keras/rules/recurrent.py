"""Recurrent layers, alone and in both directions: they go through a sequence step by step."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from desktop_app.core.library.inspection.containers.limits import (
    MAX_RECURRENT_UNITS,
    MAX_STEPS,
    STEP_OPERATIONS,
)
from desktop_app.core.library.inspection.containers.refusal import refuse, short
from desktop_app.core.library.inspection.keras.network.fields import (
    activation,
    boolean,
    constraint,
    initializer,
    integer,
    number,
    one_of,
    regularizer,
)
from desktop_app.core.library.inspection.keras.network.graph import expect_all
from desktop_app.core.library.inspection.keras.network.records import (
    built_for,
    check_keys,
    check_record,
    class_path,
)
from desktop_app.core.library.inspection.keras.network.rule import Config, Effect, Rule, Shape
from desktop_app.core.library.inspection.keras.rules.convolution import parameters
from desktop_app.core.library.inspection.keras.rules.elementwise import SEED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from desktop_app.core.library.inspection.keras.network.fields import Check

_MODULE = "keras.layers"
_WRAPPED_KEYS = ("module", "class_name", "config", "registered_name", "build_config", "shared_object_id")
_SEQUENTIAL: Mapping[str, Check] = {
    "return_sequences": boolean,
    "return_state": one_of(False),
    "go_backwards": boolean,
    "stateful": one_of(False),
    "unroll": one_of(False),
    "zero_output_for_mask": boolean,
}
_CELL: Mapping[str, Check] = {
    "units": integer(1, MAX_RECURRENT_UNITS),
    "activation": activation,
    "use_bias": boolean,
    "activity_regularizer": regularizer,
    "dropout": number,
    "recurrent_dropout": number,
    "seed": SEED,
    **parameters("kernel", "bias"),
    "recurrent_initializer": initializer,
    "recurrent_regularizer": regularizer,
    "recurrent_constraint": constraint,
}


def _walk(gates: int) -> Callable[[Config, Sequence[Shape]], Effect]:
    """Effect of a layer whose cell has so many gates, each with weights of its own."""

    def effect(config: Config, inputs: Sequence[Shape]) -> Effect:
        if len(inputs[0]) != 2:
            refuse("a recurrent layer gets something that is not a sequence")
        steps, features = inputs[0]
        if steps > MAX_STEPS:
            refuse("a recurrent layer gets a sequence that is too long")
        units = config["units"]
        width = gates * units
        weights: tuple[Shape, ...] = ((features, width), (units, width))
        if config["use_bias"]:
            # A GRU of today's kind has a second bias, for the recurrent part.
            weights += ((2, width) if config.get("reset_after") else (width,),)
        every = config["return_sequences"]
        return Effect(
            (steps, units) if every else (units,),
            weights,
            # The sequence with its steps in front and step by step, what the gates make of it, the results.
            scratch=steps * (2 * features + width + 2 * units),
            operations=steps * (STEP_OPERATIONS + sum(map(math.prod, weights))),
        )

    return effect


RECURRENT: Mapping[str, Rule] = {
    "LSTM": Rule(
        _walk(4),
        {**_SEQUENTIAL, **_CELL, "recurrent_activation": activation, "unit_forget_bias": boolean},
        learns=True,
    ),
    "GRU": Rule(
        _walk(3),
        {**_SEQUENTIAL, **_CELL, "recurrent_activation": activation, "reset_after": boolean},
        learns=True,
    ),
    "SimpleRNN": Rule(_walk(1), {**_SEQUENTIAL, **_CELL}, learns=True),
}


def _wrapped(record: Any, where: str) -> None:
    """The record of a recurrent layer inside another layer."""
    check_record(record)
    check_keys(record, _WRAPPED_KEYS, where)
    module, name = class_path(record)
    if module != _MODULE or name not in RECURRENT:
        refuse(f"{where} contains {short(name)} of {short(module)}, which is not a recurrent layer")
    RECURRENT[name].check(record["config"], where)


def _inner(record: Mapping[str, Any], inputs: Sequence[Shape]) -> Effect:
    config = record["config"]
    # Keras builds it for the shape that stands in its own record, before it is called.
    expect_all(built_for(dict(record)), inputs, config["name"])
    return RECURRENT[record["class_name"]].effect(config, inputs)


def _both_ways(config: Config, inputs: Sequence[Shape]) -> Effect:
    records = [config["layer"], config["backward_layer"]]
    forward, backward = (_inner(record, inputs) for record in records)
    first, second = (record["config"]["go_backwards"] for record in records)
    if first == second or forward.output != backward.output:
        refuse("the two directions of a Bidirectional layer do not fit each other")
    *places, units = forward.output
    output = (*places, 2 * units if config["merge_mode"] == "concat" else units)
    # Both hold their results, in their own number format, which may be twice as wide.
    scratch = 2 * (forward.scratch + backward.scratch + 2 * math.prod(forward.output))
    return Effect(
        output,
        forward.weights + backward.weights,
        scratch,
        forward.operations + backward.operations,
    )


RULES: Mapping[str, Rule] = {
    **RECURRENT,
    "Bidirectional": Rule(
        _both_ways,
        {
            "merge_mode": one_of("concat", "sum", "mul", "ave"),
            "layer": _wrapped,
            "backward_layer": _wrapped,
        },
        learns=True,
    ),
}
