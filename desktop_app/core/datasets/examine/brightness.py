"""One scale of brightness for all pictures of a data set that have more than 8 bits."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.datasets.report import NumberRange
from desktop_app.core.images.decoding.levels import Levels
from desktop_app.core.images.decoding.number_facts import SHARES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.images.decoding.number_facts import NumberFacts

STEPS = 64
_OUTLYING_FILES = 0.005
"""Share of the files whose brightest numbers may be cut off, so that a broken one does not darken all."""

_LEFT_EMPTY = 8
"""A range of which only so small a part (one in 8) is used gives way to that of the numbers themselves."""

_OFFSET_SHARE = 0.25
"""Share of white up to which the darkest numbers are an offset that is not worth being shown as black."""

_LOW, _HIGH = SHARES.index(0.001), SHARES.index(0.999)


def alike(numbers: Sequence[NumberFacts]) -> bool:
    """Whether all files have the same scale by themselves, and use it.

    Args:
        numbers: Facts about each picture of more than 8 bits, one at least.
    """
    first = numbers[0]
    if any((facts.black, facts.white) != (first.black, first.white) for facts in numbers):
        return False
    return any(facts.declared for facts in numbers) or _fills(_own_range(numbers), first)


def common_levels(numbers: Sequence[NumberFacts]) -> Levels:
    """The scale for all of them.

    That is the one that all have by themselves, or that their files declare between them; else their own
    numbers from the darkest to the brightest, a few outliers apart. Black stays 0 when they begin near it.

    Args:
        numbers: See `alike`.
    """
    if alike(numbers):
        return Levels(numbers[0].black, numbers[0].white)
    if all(facts.declared for facts in numbers):
        return Levels(min(facts.black for facts in numbers), max(facts.white for facts in numbers))
    low, high = _own_range(numbers)
    if 0 <= low <= _OFFSET_SHARE * high:
        low = 0.0
    if low >= high:
        return Levels(numbers[0].black, max(facts.white for facts in numbers))
    if not any(facts.floating for facts in numbers):
        return Levels(floor(low), ceil(high))
    return Levels(float(f"{low:.4g}"), float(f"{high:.4g}"))


def number_range(numbers: Sequence[NumberFacts], levels: Levels | None) -> NumberRange:
    """Count the numbers of all pictures together.

    Args:
        numbers: See `alike`.
        levels: The scale for all of them; None when each has its own.
    """
    low, high = _own_range(numbers)
    if levels is not None:
        low, high = min(low, *levels), max(high, *levels)
    edges = np.linspace(low, high if high > low else low + 1, STEPS + 1)
    below = np.zeros(STEPS + 1)
    for facts in numbers:
        below += np.interp(edges, facts.quantiles, SHARES, left=0, right=1)
    shares = np.diff(below) / len(numbers)
    black, white = (None, None) if levels is None else levels
    return NumberRange(
        float(edges[0]), float(edges[-1]), tuple(float(share) for share in shares), black, white, len(numbers)
    )


def _own_range(numbers: Sequence[NumberFacts]) -> tuple[float, float]:
    quantiles = np.array([facts.quantiles for facts in numbers])
    high = np.quantile(quantiles[:, _HIGH], 1 - _OUTLYING_FILES, method="higher")
    low = np.quantile(quantiles[:, _LOW], _OUTLYING_FILES, method="lower")
    return float(low), float(high)


def _fills(used: tuple[float, float], facts: NumberFacts) -> bool:
    return used[1] - min(used[0], facts.black) > (facts.white - facts.black) / _LEFT_EMPTY
