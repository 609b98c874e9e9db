"""Which pixel values a network wants, as far as the layers before its first convolution tell."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.refusal import short
from desktop_app.core.library.inspection.result.network_summary import Scaling
from desktop_app.core.library.inspection.result.pixel_scaling import Step, each, judge, together

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop_app.core.library.inspection.keras.network.graph import Layer
    from desktop_app.core.networks.pixels import Affine

    Numbers = tuple[float, ...]
    Statistics = Callable[[int], "tuple[Numbers, Numbers] | None"]


def scaling_of(scalers: Sequence[Layer] | None, channels: int, stored: Statistics) -> Scaling:
    """Work out which pixels the layers in front of a network are made for.

    Args:
        scalers: The layers that scale pixels, in order, before the first one that learns; None where there
            are several ways past them.
        channels: Number of the picture's channels.
        stored: Function from a number of channels to the mean and variance of the file's only Normalization
            layer; None where there is none or more than one.

    Returns:
        What they say. A reason without a likely preprocessing says that they do something with the pixels of
        which nothing follows, so that names tell nothing either.
    """
    if scalers is None:
        return Scaling(reason="computes with the pixels in more than one way")
    steps: list[Step] = []
    for layer in scalers:
        step = _step(layer, channels, stored)
        if step is None:
            # What comes before it may still tell that only 0..255 makes sense.
            found = judge(steps)
            unknown = Scaling(reason=f"{short(layer.name)} computes with the pixels in another way")
            return found if found.decided else unknown
        steps.append(Step(layer.name, *step))
    return judge(steps)


def whole_scaling(scalers: Sequence[Layer], channels: int, stored: Statistics) -> Affine | None:
    """What the scaling layers together do to pixels; None where one does something else; see `scaling_of`."""
    steps: list[Step] = []
    for layer in scalers:
        step = _step(layer, channels, stored)
        if step is None:
            return None
        steps.append(Step(layer.name, *step))
    return together(steps)


def _step(layer: Layer, channels: int, stored: Statistics) -> tuple[Numbers, Numbers] | None:
    """Scale and offset of one layer; None where it does something else."""
    config = layer.config
    if layer.kind == "Rescaling":
        return _numbers(config.get("scale", 1.0)), _numbers(config.get("offset", 0.0))
    if layer.kind == "Normalization":
        if config.get("invert"):
            return None
        if config.get("mean") is None:
            statistics = stored(channels)
        else:
            statistics = _numbers(config["mean"]), _numbers(config["variance"])
        if statistics is None or len(statistics[0]) not in {1, channels}:
            return None
        mean, variance = statistics
        scale = tuple(1 / max(math.sqrt(max(each, 0.0)), 1e-7) for each in variance)
        return scale, each(lambda center, factor: -center * factor, mean, scale)
    return _arithmetic(layer.kind, layer.operands)


def _arithmetic(kind: str, operands: tuple[float | Numbers | None, ...]) -> tuple[Numbers, Numbers] | None:
    """Scale and offset of arithmetic with a number, or with one for each channel."""
    numbers = [each if isinstance(each, tuple) or each is None else (float(each),) for each in operands]
    match kind, numbers:
        case "Add", [None, tuple() as more] | [tuple() as more, None]:
            return (1.0,), tuple(map(float, more))
        case "Subtract", [None, tuple() as less]:
            return (1.0,), tuple(-float(each) for each in less)
        case "Multiply", [None, tuple() as times] | [tuple() as times, None]:
            return tuple(map(float, times)), (0.0,)
        case "Divide" | "TrueDivide", [None, tuple() as parts] if all(parts):
            return tuple(1 / each for each in parts), (0.0,)
    return None


def _numbers(value: object) -> Numbers:
    return tuple(map(float, value)) if isinstance(value, list) else (float(str(value)),)
