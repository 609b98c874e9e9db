"""Convolutions, pooling and dense layers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.refusal import refuse
from desktop_app.core.library.inspection.keras.network.fields import (
    MAX_UNITS,
    Check,
    activation,
    boolean,
    constraint,
    initializer,
    integer,
    nothing,
    one_of,
    optional,
    pair,
    regularizer,
)
from desktop_app.core.library.inspection.keras.network.rule import Config, Effect, Rule, Shape, picture

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SIDE = integer(1, 1024)
_FORMAT = one_of("channels_last")


def parameters(*names: str) -> dict[str, Check]:
    """Fields that say how weights start and how training holds them, for each named weight."""
    kinds = {"initializer": initializer, "regularizer": regularizer, "constraint": constraint}
    return {f"{name}_{kind}": check for name in names for kind, check in kinds.items()}


_ACTIVE: dict[str, Check] = {
    "activation": activation,
    "use_bias": boolean,
    "activity_regularizer": regularizer,
    "quantization_config": nothing,
    "lora_rank": nothing,
    "lora_alpha": nothing,
}
_WINDOW: dict[str, Check] = {
    "kernel_size": pair(_SIDE),
    "strides": pair(_SIDE),
    "padding": one_of("valid", "same"),
    "data_format": _FORMAT,
    "dilation_rate": pair(_SIDE),
}


def _slide(config: Config, size: Sequence[int], height: int, width: int) -> tuple[int, int]:
    """Number of positions of a window along height and width."""
    dilation = config.get("dilation_rate", [1, 1])
    strides = config["strides"] or size
    sides = []
    for side, window, stride, spread in zip((height, width), size, strides, dilation, strict=True):
        reach = (window - 1) * spread + 1
        places = -(-side // stride) if config["padding"] == "same" else (side - reach) // stride + 1
        if places < 1:
            refuse("a layer's window is larger than its input")
        sides.append(places)
    return sides[0], sides[1]


def _bias(config: Config, units: int) -> tuple[Shape, ...]:
    return ((units,),) if config["use_bias"] else ()


def _conv(config: Config, inputs: Sequence[Shape]) -> Effect:
    height, width, channels = picture(inputs[0])
    filters, groups = config["filters"], config["groups"]
    if channels % groups or filters % groups:
        refuse("a convolution's groups do not divide its channels")
    kernel = (*config["kernel_size"], channels // groups, filters)
    places = _slide(config, config["kernel_size"], height, width)
    return Effect((*places, filters), (kernel, *_bias(config, filters)))


def _depthwise(config: Config, inputs: Sequence[Shape]) -> Effect:
    height, width, channels = picture(inputs[0])
    multiplier = config["depth_multiplier"]
    kernel = (*config["kernel_size"], channels, multiplier)
    places = _slide(config, config["kernel_size"], height, width)
    return Effect((*places, channels * multiplier), (kernel, *_bias(config, channels * multiplier)))


def _separable(config: Config, inputs: Sequence[Shape]) -> Effect:
    height, width, channels = picture(inputs[0])
    multiplier, filters = config["depth_multiplier"], config["filters"]
    kernels = ((*config["kernel_size"], channels, multiplier), (1, 1, channels * multiplier, filters))
    places = _slide(config, config["kernel_size"], height, width)
    between = math.prod(places) * channels * multiplier
    return Effect((*places, filters), (*kernels, *_bias(config, filters)), scratch=between)


def _dense(config: Config, inputs: Sequence[Shape]) -> Effect:
    *places, features = inputs[0]
    units = config["units"]
    return Effect((*places, units), ((features, units), *_bias(config, units)))


def _pool(config: Config, inputs: Sequence[Shape]) -> Effect:
    height, width, channels = picture(inputs[0])
    return Effect((*_slide(config, config["pool_size"], height, width), channels))


def _global_pool(config: Config, inputs: Sequence[Shape]) -> Effect:
    _, _, channels = picture(inputs[0])
    return Effect((1, 1, channels) if config["keepdims"] else (channels,))


_POOL = Rule(
    _pool,
    {
        "pool_size": pair(_SIDE),
        "strides": optional(pair(_SIDE)),
        "padding": one_of("valid", "same"),
        "data_format": _FORMAT,
    },
)
_GLOBAL_POOL = Rule(_global_pool, {"data_format": _FORMAT, "keepdims": boolean})

RULES: Mapping[str, Rule] = {
    "Conv2D": Rule(
        _conv,
        {
            **_WINDOW,
            **_ACTIVE,
            **parameters("kernel", "bias"),
            "filters": integer(1, MAX_UNITS),
            "groups": integer(1, MAX_UNITS),
        },
        learns=True,
    ),
    "DepthwiseConv2D": Rule(
        _depthwise,
        {
            **_WINDOW,
            **_ACTIVE,
            **parameters("depthwise", "bias"),
            "depth_multiplier": integer(1, 1024),
        },
        learns=True,
    ),
    "SeparableConv2D": Rule(
        _separable,
        {
            **_WINDOW,
            **_ACTIVE,
            **parameters("depthwise", "pointwise", "bias"),
            "depth_multiplier": integer(1, 1024),
            "filters": integer(1, MAX_UNITS),
        },
        learns=True,
    ),
    "Dense": Rule(
        _dense, {**_ACTIVE, **parameters("kernel", "bias"), "units": integer(1, MAX_UNITS)}, learns=True
    ),
    "MaxPooling2D": _POOL,
    "AveragePooling2D": _POOL,
    "GlobalMaxPooling2D": _GLOBAL_POOL,
    "GlobalAveragePooling2D": _GLOBAL_POOL,
}
