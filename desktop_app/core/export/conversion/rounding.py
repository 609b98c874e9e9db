"""Weights as bytes with a scale for each channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from desktop_app.core.export.conversion.stock_network import CannotExport

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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

_AT_ONCE = 4_194_304
"""Numbers that are rounded at once, about."""

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


def in_halves(weights: NDArray[np.float32]) -> NDArray[np.float16]:
    """Round weights to half precision.

    Raises:
        CannotExport: A weight is beyond the largest number that it has.
    """
    if max(float(weights.max()), -float(weights.min())) > MOST_HALF:
        raise too_large()
    return np.asarray(weights.astype(np.float16))


def in_bytes(weights: NDArray[np.float32]) -> InBytes:
    """Round weights, with scales along the axis that loses least.

    Formats and layers differ in where they keep the channels; the smallest error finds them, mostly.

    Args:
        weights: Finite numbers of one dimension or more.
    """
    best, scales, least = 0, None, np.inf
    for axis in range(weights.ndim):
        # A scale for each number would be exact, and larger than the numbers.
        if 8 * weights.shape[axis] > weights.size:
            continue
        tried = _scales(weights, axis)
        error = sum(
            float(np.square(rounded * scale - part).sum(dtype=np.float64))
            for part, scale, rounded in _rounded(weights, tried, axis)
        )
        if error < least:
            best, scales, least = axis, tried, error
    if scales is None:  # long in no direction: one scale, as that of a first axis of length 1 would be
        largest = max(float(weights.max()), -float(weights.min()))
        scales = np.full(weights.shape[0], np.float32(largest / _MOST or 1), np.float32)
    values = np.empty(weights.shape, np.int8)
    start = 0
    for part, _scale, rounded in _rounded(weights, scales, best):
        values[start : start + len(part)] = rounded
        start += len(part)
    return InBytes(values, scales, best)


def _scales(weights: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """What one of 127 steps stands for, for each channel."""
    others = tuple(each for each in range(weights.ndim) if each != axis)
    largest = np.maximum(weights.max(axis=others), -weights.min(axis=others))
    scales = (largest / _MOST).astype(np.float32)
    scales[scales == 0] = 1
    return np.asarray(scales)


def _rounded(
    weights: NDArray[np.float32], scales: NDArray[np.float32], axis: int
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]]:
    """Parts of some rows, with their scales and their whole numbers: a copy of all would be large."""
    rows = max(1, _AT_ONCE * len(weights) // max(1, weights.size))
    for start in range(0, len(weights), rows):
        part = weights[start : start + rows]
        shape = [1] * weights.ndim
        shape[axis] = -1
        scale = (scales[start : start + rows] if axis == 0 else scales).reshape(shape)
        yield part, scale, np.rint(part / scale)


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
