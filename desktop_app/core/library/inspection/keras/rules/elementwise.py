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
from desktop_app.core.library.inspection.keras.network.rule import (
    Config,
    Effect,
    Rule,
    Shape,
    inner_axes,
    same_shape,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SEED = optional(integer(0, 2**63))
_NUMBERS = either(sequence(number, high=4096), number)


_DROPOUT = {"rate": number, "seed": SEED}
_NOISE_SHAPE = optional(sequence(optional(integer(1, 2**16))))


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


def _softmax(config: Config, inputs: Sequence[Shape]) -> Effect:
    inner_axes(config["axis"], inputs[0])
    return Effect(inputs[0])


def _scaled_sum(_config: Config, inputs: Sequence[Shape]) -> Effect:
    """``x + scale * y``: the sum of a block of Inception-ResNet."""
    if len(set(inputs)) != 1:
        refuse("a layer joins inputs of different shapes")
    return Effect(inputs[0])


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
    "Softmax": Rule(_softmax, {"axis": either(sequence(integer(-8, 8)), integer(-8, 8))}),
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
    "CustomScaleLayer": Rule(
        _scaled_sum,
        {"scale": number},
        module="keras.src.applications.inception_resnet_v2",
        several_inputs=True,
        least=2,
    ),
    "Dropout": Rule(same_shape, {**_DROPOUT, "noise_shape": _NOISE_SHAPE}),
    "AlphaDropout": Rule(same_shape, {**_DROPOUT, "noise_shape": _NOISE_SHAPE}),
    "SpatialDropout1D": Rule(same_shape, {**_DROPOUT, "data_format": one_of("channels_last")}),
    "SpatialDropout2D": Rule(same_shape, {**_DROPOUT, "data_format": one_of("channels_last")}),
    "GaussianNoise": Rule(same_shape, {"stddev": number, "seed": SEED}),
    "GaussianDropout": Rule(same_shape, _DROPOUT),
    "ActivityRegularization": Rule(same_shape, {"l1": number, "l2": number}),
    "Identity": Rule(same_shape),
}
