"""Smooth random textures that are the same on every machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from samples.shapes import Array

_SIDE = 64
_LATTICE = np.random.default_rng(20).random((_SIDE, _SIDE, _SIDE), dtype=np.float32)


def noise(points: Array) -> Array:
    """Interpolate random values between whole coordinates.

    Args:
        points: ``(N, 3)`` or ``(N, 2)``.

    Returns:
        ``(N,)`` in 0..1.
    """
    if points.shape[1] == 2:
        points = np.column_stack([points, np.zeros(len(points), dtype=points.dtype)])
    whole = np.floor(points).astype(np.int32)
    part = (points - whole).astype(np.float32)
    part *= part * (3 - 2 * part)
    low, high = whole % _SIDE, (whole + 1) % _SIDE
    value = np.zeros(len(points), dtype=np.float32)
    for corner in range(8):
        upper = [bool(corner & bit) for bit in (1, 2, 4)]
        index = tuple((high if up else low)[:, axis] for axis, up in enumerate(upper))
        weight = np.ones(len(points), dtype=np.float32)
        for axis, up in enumerate(upper):
            weight *= part[:, axis] if up else 1 - part[:, axis]
        value += weight * _LATTICE[index]
    return value


def fractal(points: Array, octaves: int = 4) -> Array:
    """Add noise of halving size and strength; 0..1 with a mean of one half."""
    total = np.zeros(len(points), dtype=np.float32)
    for octave in range(octaves):
        total += noise(points * np.float32(2.03**octave) + np.float32(7.1 * octave)) * np.float32(0.5**octave)
    return total / np.float32(2 - 0.5 ** (octaves - 1))
