"""Convolutions and dense layers, over the rows of a sequence or over a picture."""

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
    one_of,
    optional,
    regularizer,
    sequence,
)
from desktop_app.core.library.inspection.keras.network.rule import Config, Effect, Rule, Shape, spatial
from desktop_app.core.library.inspection.keras.rules.quantization import (
    LORA,
    QUANTIZED,
    quantized_weights,
)

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
    **LORA,
}


def _window(axes: int, *paddings: str) -> dict[str, Check]:
    """Fields of a window that slides along so many axes."""
    sides = sequence(_SIDE, low=axes, high=axes)
    return {
        "kernel_size": sides,
        "strides": sides,
        "padding": one_of("valid", "same", *paddings),
        "data_format": _FORMAT,
        "dilation_rate": sides,
    }


def slide(config: Config, size: Sequence[int], sides: Sequence[int]) -> tuple[int, ...]:
    """Number of positions of a window along each axis.

    Raises:
        ModelError: It is larger than its input.
    """
    dilation = config.get("dilation_rate", [1] * len(size))
    strides = config["strides"] or size
    places = []
    for side, window, stride, spread in zip(sides, size, strides, dilation, strict=True):
        reach = (window - 1) * spread + 1
        full = config["padding"] in {"same", "causal"}
        places.append(-(-side // stride) if full else (side - reach) // stride + 1)
        if places[-1] < 1:
            refuse("a layer's window is larger than its input")
    return tuple(places)


def _bias(config: Config, units: int) -> tuple[Shape, ...]:
    return ((units,),) if config["use_bias"] else ()


def _conv(config: Config, inputs: Sequence[Shape]) -> Effect:
    size = config["kernel_size"]
    *sides, channels = spatial(inputs[0], len(size))
    filters, groups = config["filters"], config["groups"]
    if channels % groups or filters % groups:
        refuse("a convolution's groups do not divide its channels")
    kernel = (*size, channels // groups, filters)
    return Effect((*slide(config, size, sides), filters), (kernel, *_bias(config, filters)))


def _transposed(config: Config, inputs: Sequence[Shape]) -> Effect:
    size, filters = config["kernel_size"], config["filters"]
    *sides, channels = spatial(inputs[0], len(size))
    more = config["output_padding"] or [None] * len(size)
    output = []
    for side, window, stride, spread, extra in zip(
        sides, size, config["strides"], config["dilation_rate"], more, strict=True
    ):
        reach = (window - 1) * spread + 1
        valid = config["padding"] == "valid"
        if extra is None:
            output.append(side * stride + (max(reach - stride, 0) if valid else 0))
        else:
            output.append((side - 1) * stride + reach - (0 if valid else 2 * (reach // 2)) + extra)
        if output[-1] < 1:
            refuse("a layer's window is larger than its input")
    kernel = (*size, filters, channels)
    return Effect(
        (*output, filters),
        (kernel, *_bias(config, filters)),
        operations=math.prod(sides) * math.prod(kernel) + math.prod(output) * filters,
    )


def _depthwise(config: Config, inputs: Sequence[Shape]) -> Effect:
    size, multiplier = config["kernel_size"], config["depth_multiplier"]
    *sides, channels = spatial(inputs[0], len(size))
    kernel = (*size, channels, multiplier)
    places = slide(config, size, sides)
    return Effect((*places, channels * multiplier), (kernel, *_bias(config, channels * multiplier)))


def _separable(config: Config, inputs: Sequence[Shape]) -> Effect:
    size = config["kernel_size"]
    *sides, channels = spatial(inputs[0], len(size))
    multiplier, filters = config["depth_multiplier"], config["filters"]
    ones = (1,) * len(size)
    kernels = ((*size, channels, multiplier), (*ones, channels * multiplier, filters))
    places = slide(config, size, sides)
    between = math.prod(places) * channels * multiplier
    return Effect((*places, filters), (*kernels, *_bias(config, filters)), scratch=between)


def _dense(config: Config, inputs: Sequence[Shape]) -> Effect:
    *places, features = inputs[0]
    units = config["units"]
    kernel = (features, units)
    bias = _bias(config, units)
    stored = quantized_weights(config, kernel, (units,))
    if stored is None:
        return Effect((*places, units), (kernel, *bias))
    return Effect(
        (*places, units),
        (stored[0], *bias, *stored[1:]),
        math.prod(kernel),
        math.prod(places) * math.prod(kernel),
    )


_FILTERS: dict[str, Check] = {"filters": integer(1, MAX_UNITS)}
_MULTIPLIER: dict[str, Check] = {"depth_multiplier": integer(1, 1024)}


def _layers(axes: int, *paddings: str) -> dict[str, Rule]:
    """Rules of the convolutions along so many axes; ``paddings`` are further ways of padding."""
    window = _window(axes, *paddings)
    kernel = {**window, **_ACTIVE, **parameters("kernel", "bias")}
    depthwise = {**_window(axes), **_ACTIVE, **parameters("depthwise", "bias"), **_MULTIPLIER}
    separable = {
        **window,
        **_ACTIVE,
        **parameters("depthwise", "pointwise", "bias"),
        **_MULTIPLIER,
        **_FILTERS,
    }
    transposed = {
        **kernel,
        **_window(axes),
        **_FILTERS,
        "output_padding": optional(sequence(integer(0, 1024), low=axes, high=axes)),
    }
    return {
        f"Conv{axes}D": Rule(_conv, {**kernel, **_FILTERS, "groups": integer(1, MAX_UNITS)}, learns=True),
        f"DepthwiseConv{axes}D": Rule(_depthwise, depthwise, learns=True),
        f"SeparableConv{axes}D": Rule(_separable, separable, learns=True),
        f"Conv{axes}DTranspose": Rule(_transposed, transposed, learns=True, counts_itself=True),
    }


RULES: Mapping[str, Rule] = {
    **_layers(1, "causal"),
    **_layers(2),
    "Dense": Rule(
        _dense,
        {**_ACTIVE, **QUANTIZED, **parameters("kernel", "bias"), "units": integer(1, MAX_UNITS)},
        learns=True,
    ),
}
