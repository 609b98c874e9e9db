"""Which pixel values a network wants, as far as the layers before its first convolution tell."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.refusal import short
from desktop_app.core.library.inspection.result.network_summary import Scaling

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop_app.core.library.inspection.keras.network.graph import Layer
    from desktop_app.core.networks.pixels import Preprocessing

    Numbers = tuple[float, ...]
    Statistics = Callable[[int], "tuple[Numbers, Numbers] | None"]

_RANGES: dict[Preprocessing, tuple[float, float]] = {"none": (0, 255), "unit": (0, 1), "symmetric": (-1, 1)}
_FARTHEST = 8.0
"""What networks learn from lies around zero; ImageNet mean and deviation give -2.1 to 2.6."""
_NARROWEST = 0.3
"""Pixels that all lie within such a range, black and white, can hardly be told apart."""
_SHIFT = 32.0
"""A network that subtracts at least this from its pixels, and does not divide, gets them in 0..255."""


@dataclass(frozen=True, slots=True)
class _Affine:
    """``scale * x + offset`` for each channel."""

    scale: Numbers = (1.0,)
    offset: Numbers = (0.0,)

    def then(self, scale: Numbers, offset: Numbers) -> _Affine:
        return _Affine(
            _each(lambda before, factor: before * factor, self.scale, scale),
            _each(
                lambda moved, more: moved + more,
                _each(lambda before, factor: before * factor, self.offset, scale),
                offset,
            ),
        )

    def ends(self, low: float, high: float) -> tuple[float, float]:
        """Smallest and largest result for pixels from ``low`` to ``high``, over all channels."""
        count = max(len(self.scale), len(self.offset))
        scale, offset = _wide(self.scale, count), _wide(self.offset, count)
        found = [a * end + b for a, b in zip(scale, offset, strict=True) for end in (low, high)]
        return min(found), max(found)

    def suits(self, preprocessing: Preprocessing) -> bool:
        """Whether a network could have learned from the results."""
        start, end = _RANGES[preprocessing]
        low, high = self.ends(start, end)
        width = max(map(abs, self.scale)) * (end - start)
        if not math.isfinite(low) or not math.isfinite(high):
            return False
        if preprocessing == "none" and low <= -_SHIFT and width >= _SHIFT and max(-low, high) <= end:
            return True
        return width >= _NARROWEST and max(-low, high) <= _FARTHEST


def scaling_of(scalers: Sequence[Layer], channels: int, stored: Statistics) -> Scaling:
    """Work out which pixels the layers in front of a network are made for.

    Args:
        scalers: The layers that scale pixels, in order, before the first one that learns.
        channels: Number of the picture's channels.
        stored: Function from a number of channels to the mean and variance of the file's only Normalization
            layer; None where there is none or more than one.
    """
    affine = _Affine()
    for layer in scalers:
        step = _step(layer, channels, stored)
        if step is None:
            return Scaling()
        affine = affine.then(*step)
        if affine.suits("none") and not affine.suits("unit") and not affine.suits("symmetric"):
            low, high = affine.ends(*_RANGES["none"])
            return Scaling(True, "none", f"{short(layer.name)} turns 0..255 into {low:.3g}..{high:.3g}")
    if not scalers or affine.ends(0, 1) == (0, 1):
        return Scaling()
    fitting = [choice for choice in _RANGES if affine.suits(choice)]
    if not fitting:
        return Scaling()
    best = min(fitting, key=lambda choice: abs(sum(affine.ends(*_RANGES[choice]))))
    low, high = affine.ends(*_RANGES[best])
    return Scaling(False, best, f"{short(scalers[-1].name)} then gives {low:.3g} to {high:.3g}")


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
        return scale, _each(lambda center, factor: -center * factor, mean, scale)
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


def _wide(values: Numbers, count: int) -> Numbers:
    return values * count if len(values) == 1 else values


def _each(function: Callable[[float, float], float], one: Numbers, other: Numbers) -> Numbers:
    count = max(len(one), len(other))
    return tuple(map(function, _wide(one, count), _wide(other, count)))
