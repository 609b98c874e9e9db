"""Layers that keep the shape and, but for PReLU and LayerScale, store nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.refusal import refuse
from desktop_app.core.library.inspection.keras.network.fields import (
    activation,
    constraint,
    either,
    initializer,
    integer,
    number,
    one_of,
    optional,
    regularizer,
    sequence,
)
from desktop_app.core.library.inspection.keras.network.rule import Config, Effect, Rule, Shape, same_shape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SEED = optional(integer(0, 2**63))
_NUMBERS = either(sequence(number, high=4096), number)
_FACTOR = either(sequence(number, low=2, high=2), number)
_FILL = {
    "fill_mode": one_of("reflect", "wrap", "constant", "nearest"),
    "fill_value": number,
    "interpolation": one_of("bilinear", "nearest"),
}
_RANDOM = {"seed": SEED, "data_format": one_of("channels_last")}


def _rescale(config: Config, inputs: Sequence[Shape]) -> Effect:
    """A list has a number for each channel; one of another length would repeat the picture."""
    for key in ("scale", "offset"):
        if isinstance(config[key], list) and len(config[key]) not in {1, inputs[0][-1]}:
            refuse("a Rescaling layer does not fit its input")
    return Effect(inputs[0])


def _p_relu(config: Config, inputs: Sequence[Shape]) -> Effect:
    shape = list(inputs[0])
    for axis in config["shared_axes"] or []:
        if axis > len(shape):
            refuse("a PReLU layer shares an axis that its input does not have")
        shape[axis - 1] = 1
    return Effect(inputs[0], (tuple(shape),))


def _layer_scale(config: Config, inputs: Sequence[Shape]) -> Effect:
    if config["projection_dim"] != inputs[0][-1]:
        refuse("a LayerScale layer does not fit its input")
    return Effect(inputs[0], ((config["projection_dim"],),))


RULES: Mapping[str, Rule] = {
    "Rescaling": Rule(_rescale, {"scale": _NUMBERS, "offset": _NUMBERS}, rescales=True),
    "Activation": Rule(same_shape, {"activation": activation}),
    "ReLU": Rule(same_shape, {"max_value": optional(number), "negative_slope": number, "threshold": number}),
    "LeakyReLU": Rule(same_shape, {"negative_slope": number}),
    "ELU": Rule(same_shape, {"alpha": number}),
    "Softmax": Rule(same_shape, {"axis": one_of(-1)}),
    "PReLU": Rule(
        _p_relu,
        {
            "alpha_initializer": initializer,
            "alpha_regularizer": regularizer,
            "alpha_constraint": constraint,
            "shared_axes": optional(sequence(integer(1, 8))),
        },
    ),
    "LayerScale": Rule(
        _layer_scale,
        {"init_values": number, "projection_dim": integer(1, 2**16)},
        module="keras.src.applications.convnext",
    ),
    "Dropout": Rule(
        same_shape,
        {
            "rate": number,
            "seed": SEED,
            "noise_shape": optional(sequence(optional(integer(1, 2**16)))),
        },
    ),
    "SpatialDropout2D": Rule(
        same_shape,
        {"rate": number, "seed": SEED, "data_format": one_of("channels_last")},
    ),
    "GaussianNoise": Rule(same_shape, {"stddev": number, "seed": SEED}),
    "GaussianDropout": Rule(same_shape, {"rate": number, "seed": SEED}),
    "Identity": Rule(same_shape),
    "RandomFlip": Rule(
        same_shape, {**_RANDOM, "mode": one_of("horizontal", "vertical", "horizontal_and_vertical")}
    ),
    "RandomRotation": Rule(same_shape, {**_RANDOM, **_FILL, "factor": _FACTOR, "value_range": _FACTOR}),
    "RandomZoom": Rule(
        same_shape,
        {**_RANDOM, **_FILL, "height_factor": _FACTOR, "width_factor": optional(_FACTOR)},
    ),
    "RandomTranslation": Rule(
        same_shape, {**_RANDOM, **_FILL, "height_factor": _FACTOR, "width_factor": _FACTOR}
    ),
    "RandomContrast": Rule(same_shape, {**_RANDOM, "factor": _FACTOR, "value_range": _FACTOR}),
    "RandomBrightness": Rule(same_shape, {**_RANDOM, "factor": _FACTOR, "value_range": _FACTOR}),
}
