"""Weights as bytes with a scale for each channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from desktop_app.core.export.conversion.stock_network import CannotExport

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

FEWEST = 1024
"""Numbers from which on an array is worth it; small ones, such as biases, stay whole."""

WHOLE_IN_HALVES, WHOLE_IN_BYTES = 0.25, 0.05
"""Share of all numbers that float16 and int8 leave whole, the smallest arrays first.

The first and the depthwise layers are small and matter most: in the ImageNet networks in the box a
probability is 0.0039 off when all arrays are halved, and 0.0015 with these left; the file is 0.62 instead of
0.5 times as large. With int8 it is up to 0.24 off, or 0.09, and the file 0.27 or 0.30 times as large.
"""

MOST_HALF = float(np.finfo(np.float16).max)
"""The largest number of half precision: 65,504."""

_MOST = 127
"""The same to both sides of 0, which is then exact."""


class InBytes(NamedTuple):
    """Rounded weights.

    Attributes:
        values: int8, of the shape of the weights.
        scales: float32 ``(channels,)``: the weights are about ``values * scales`` along ``axis``.
        axis: The axis that the scales belong to.
    """

    values: NDArray[np.int8]
    scales: NDArray[np.float32]
    axis: int


def in_bytes(weights: NDArray[np.float32]) -> InBytes:
    """Round weights, with scales along the axis that loses least.

    Formats and layers differ in where they keep the channels; the smallest error finds them, mostly.

    Args:
        weights: Finite numbers of one dimension or more.
    """
    best, least = None, np.inf
    for axis in range(weights.ndim):
        others = tuple(each for each in range(weights.ndim) if each != axis)
        scales = np.abs(weights).max(axis=others, keepdims=True) / _MOST
        scales[scales == 0] = 1
        rounded = np.rint(weights / scales)
        # A scale for each number would be exact, and larger than the numbers.
        if 8 * scales.size > weights.size:
            continue
        error = float(np.square(rounded * scales - weights).sum(dtype=np.float64))
        if error < least:
            found = scales.reshape(-1).astype(np.float32)
            best, least = InBytes(rounded.astype(np.int8), found, axis), error
    if best is None:  # long in no direction: one scale, as that of a first axis of length 1 would be
        scale = np.float32(np.abs(weights).max() / _MOST or 1)
        channels = np.full(weights.shape[0], scale, np.float32)
        best = InBytes(np.rint(weights / scale).astype(np.int8), channels, 0)
    return best


def worth_rounding(sizes: Mapping[str, int], whole: float) -> set[str]:
    """Choose the arrays that are rounded.

    Args:
        sizes: The number of numbers of each array, by name.
        whole: The share of all numbers that may stay as they are.

    Returns:
        Names of the large ones, of `FEWEST` numbers at least.
    """
    left, chosen = whole * sum(sizes.values()), set()
    for name, size in sorted(sizes.items(), key=lambda entry: entry[1]):
        left -= size
        if left < 0 and size >= FEWEST:
            chosen.add(name)
    return chosen


def too_large() -> CannotExport:
    """Say that a weight does not fit into half precision."""
    return CannotExport(
        "This model cannot be written with float16: it has weights above 65,504.", "Choose float32."
    )


def nothing_smaller(precision: str) -> CannotExport:
    """Say that a precision would change nothing."""
    return CannotExport(
        f"This model cannot be written with {precision}: it has no weights that would become smaller.",
        "Choose float32.",
    )
