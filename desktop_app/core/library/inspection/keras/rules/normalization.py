"""Layers that normalise."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.refusal import refuse
from desktop_app.core.library.inspection.keras.network.fields import (
    boolean,
    either,
    integer,
    nothing,
    number,
    one_of,
    optional,
    sequence,
)
from desktop_app.core.library.inspection.keras.network.rule import (
    Config,
    Effect,
    Rule,
    Shape,
    channels_last,
    inner_axes,
    picture,
)
from desktop_app.core.library.inspection.keras.rules.convolution import parameters
from desktop_app.core.networks import own_layers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_AXIS = integer(-8, 8)
_AXES = either(sequence(_AXIS), _AXIS)
_STATISTICS = optional(either(sequence(number, high=4096), number))


def _scale_and_shift(config: Config, inputs: Sequence[Shape]) -> Effect:
    """Gamma and beta along the channels: group normalisation."""
    channels_last(config["axis"], inputs[0])
    return Effect(inputs[0], ((inputs[0][-1],),) * (bool(config["scale"]) + bool(config["center"])))


def _layer(config: Config, inputs: Sequence[Shape]) -> Effect:
    """Gamma and beta along any axes of a picture: layer normalisation."""
    axes = inner_axes(config["axis"], inputs[0])
    shift = config["center"] and not config.get("rms_scaling", False)
    shape = tuple(inputs[0][axis] for axis in axes)
    return Effect(inputs[0], (shape,) * (bool(config["scale"]) + bool(shift)), scratch=math.prod(inputs[0]))


def _root_mean_square(config: Config, inputs: Sequence[Shape]) -> Effect:
    axes = inner_axes(config["axis"], inputs[0])
    return Effect(inputs[0], (tuple(inputs[0][axis] for axis in axes),), scratch=math.prod(inputs[0]))


def _group(config: Config, inputs: Sequence[Shape]) -> Effect:
    if config["groups"] != -1 and inputs[0][-1] % config["groups"]:
        refuse("a normalisation's groups do not divide its channels")
    return _scale_and_shift(config, inputs)


def _unit(config: Config, inputs: Sequence[Shape]) -> Effect:
    inner_axes(config["axis"], inputs[0])
    return Effect(inputs[0])


def _batch(config: Config, inputs: Sequence[Shape]) -> Effect:
    channels_last(config["axis"], inputs[0])
    count = 2 + bool(config["scale"]) + bool(config["center"])
    return Effect(inputs[0], ((inputs[0][-1],),) * count)


def _fixed(config: Config, inputs: Sequence[Shape]) -> Effect:
    """Mean and variance either stand in the configuration or are stored, with a count."""
    channels_last(config["axis"], inputs[0])
    given = config["mean"] is not None
    if given != (config["variance"] is not None):
        refuse("a normalisation has a mean without a variance")
    channels = (inputs[0][-1],)
    return Effect(inputs[0], () if given else (channels, channels, ()))


def _local_response(_config: Config, inputs: Sequence[Shape]) -> Effect:
    """Each number is divided by a sum over its neighbour channels, on a CPU by way of a square matrix."""
    height, width, channels = picture(inputs[0])
    square = channels * channels
    return Effect(inputs[0], scratch=square + 2 * math.prod(inputs[0]), operations=height * width * square)


_AFFINE = {"epsilon": number, "center": boolean, "scale": boolean, **parameters("beta", "gamma")}

RULES: Mapping[str, Rule] = {
    "BatchNormalization": Rule(
        _batch,
        {
            **_AFFINE,
            **parameters("moving_mean", "moving_variance"),
            "axis": _AXIS,
            "momentum": number,
            "synchronized": boolean,
            "renorm": one_of(False),
            "renorm_clipping": nothing,
            "renorm_momentum": number,
        },
    ),
    "LayerNormalization": Rule(_layer, {**_AFFINE, "axis": _AXES, "rms_scaling": boolean}),
    "GroupNormalization": Rule(_group, {**_AFFINE, "axis": _AXIS, "groups": integer(-1, 65536)}),
    "RMSNormalization": Rule(_root_mean_square, {"axis": _AXES, "epsilon": number, **parameters("scale")}),
    "UnitNormalization": Rule(_unit, {"axis": _AXES}),
    "Normalization": Rule(
        _fixed,
        {"axis": _AXES, "invert": boolean, "mean": _STATISTICS, "variance": _STATISTICS},
        rescales=True,
    ),
    own_layers.LRN: Rule(
        _local_response,
        {"depth_radius": integer(0, 64), "bias": number, "alpha": number, "beta": number},
        module=own_layers.MODULE,
    ),
}
