"""Which pixel values a network wants, as far as the arithmetic before its first convolution tells."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from desktop_app.core.library.inspection.containers.refusal import short
from desktop_app.core.library.inspection.result.network_summary import Scaling
from desktop_app.core.networks.pixels import Affine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from desktop_app.core.networks.pixels import Preprocessing

    Numbers = tuple[float, ...]

_RANGES: dict[Preprocessing, tuple[float, float]] = {"none": (0, 255), "unit": (0, 1), "symmetric": (-1, 1)}
_FARTHEST = 8.0
"""What networks learn from lies around zero; ImageNet mean and deviation give -2.1 to 2.6."""
_NARROWEST = 0.3
"""Pixels that all lie within such a range, black and white, can hardly be told apart."""
_SHIFT = 32.0
"""A network that subtracts at least this from its pixels, and does not divide, gets them in 0..255."""


class Step(NamedTuple):
    """``scale * x + offset`` for all channels, or for each.

    Attributes:
        name: What the file calls it.
        scale: One number, or one for each channel.
        offset: One number, or one for each channel.
    """

    name: str
    scale: Numbers
    offset: Numbers


@dataclass(frozen=True, slots=True)
class _Affine:
    """All steps so far."""

    scale: Numbers = (1.0,)
    offset: Numbers = (0.0,)

    def then(self, scale: Numbers, offset: Numbers) -> _Affine:
        return _Affine(
            each(lambda before, factor: before * factor, self.scale, scale),
            each(
                lambda moved, more: moved + more,
                each(lambda before, factor: before * factor, self.offset, scale),
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


def judge(steps: Iterable[Step]) -> Scaling:
    """Work out which pixels the arithmetic in front of a network is made for.

    Args:
        steps: The arithmetic, in order, before the first layer that learns.
    """
    affine, last = _Affine(), ""
    for name, scale, offset in steps:
        affine, last = affine.then(scale, offset), name
        if affine.suits("none") and not affine.suits("unit") and not affine.suits("symmetric"):
            low, high = affine.ends(*_RANGES["none"])
            return Scaling(True, "none", f"{short(name)} turns 0..255 into {low:.3g}..{high:.3g}")
    if not last or affine.ends(0, 1) == (0, 1):
        return Scaling()
    fitting = [choice for choice in _RANGES if affine.suits(choice)]
    if not fitting:
        return Scaling(reason=f"{short(last)} suits none of the usual pixels")
    best = min(fitting, key=lambda choice: abs(sum(affine.ends(*_RANGES[choice]))))
    low, high = affine.ends(*_RANGES[best])
    return Scaling(False, best, f"{short(last)} then gives {low:.3g} to {high:.3g}")


def together(steps: Iterable[Step]) -> Affine:
    """What all steps together do."""
    affine = _Affine()
    for _name, scale, offset in steps:
        affine = affine.then(scale, offset)
    return Affine(affine.scale, affine.offset)


def _wide(values: Numbers, count: int) -> Numbers:
    return values * count if len(values) == 1 else values


def each(function: Callable[[float, float], float], one: Numbers, other: Numbers) -> Numbers:
    """A function of the numbers of each channel; one number stands for all channels."""
    count = max(len(one), len(other))
    return tuple(map(function, _wide(one, count), _wide(other, count)))
