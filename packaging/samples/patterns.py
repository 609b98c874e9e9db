"""Coats and skins: how the colour of a surface varies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from samples.noise import fractal, noise
from samples.scene import Colour, Pattern, linear

if TYPE_CHECKING:
    from samples.shapes import Array, Vector


def fur(grain: float = 0.22, size: float = 26.0, along: Vector = (0.45, 1.0, 1.0)) -> Pattern:
    """Hair that lies along the axis with the smallest factor in ``along``."""

    def draw(points: Array, colours: Array) -> Array:
        fine = noise(points * np.asarray(along, dtype=np.float32) * np.float32(size))
        broad = fractal(points * np.float32(2.3), 3)
        tone = 1 + grain * (fine - 0.5) * 2 + 0.25 * (broad - 0.5) * 2
        return colours * tone[:, None]

    return draw


def belly(colour: Colour, bottom: float, top: float, base: Pattern | None = None) -> Pattern:
    """Fade into another colour below; many animals are paler there."""

    def draw(points: Array, colours: Array) -> Array:
        ragged = points[:, 1] + (noise(points * 9) - 0.5) * (top - bottom) * 0.5
        share = np.clip((top - ragged) / (top - bottom), 0, 1)[:, None]
        mixed = colours * (1 - share) + linear(colour) * share
        return mixed if base is None else base(points, mixed)

    return draw


def spots(dark: Colour, size: float, cover: float = 0.4) -> Pattern:
    """Round blotches, as on a frog's back, only where the skin faces up enough to have them."""

    def draw(points: Array, colours: Array) -> Array:
        field = noise(points / np.float32(size))
        share = np.clip((field - (1 - cover)) * 9, 0, 1)[:, None] * 0.8
        return colours * (1 - share) + linear(dark) * share

    return draw
