"""Skies, seas, meadows, roads: what is behind and below."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from samples.noise import fractal, noise
from samples.scene import Backdrop, Colour, linear

if TYPE_CHECKING:
    from samples.shapes import Array


def sky(
    zenith: Colour = (0.25, 0.5, 0.85),
    horizon: Colour = (0.75, 0.86, 0.96),
    clouds: float = 0.5,
    seed: float = 0.0,
) -> Backdrop:
    """A sky with fair-weather clouds; ``clouds`` from 0 to 1 is how much they cover."""

    def draw(_eye: Array, rays: Array) -> Array:
        height = np.clip(rays[:, 1], 0, 1)[:, None]
        blue = linear(horizon) + (linear(zenith) - linear(horizon)) * np.clip(height * 1.6, 0, 1) ** 0.6
        if clouds <= 0:
            return blue.astype(np.float32)
        # Clouds lie on a plane overhead; near the horizon they crowd together.
        over = rays[:, [0, 2]] / (np.maximum(rays[:, 1:2], 0) + 0.25)
        field = fractal((over * 2.4 + seed).astype(np.float32), 5)
        cover = np.clip((field - (0.75 - 0.4 * clouds)) * 5, 0, 1)[:, None] * np.clip(
            rays[:, 1:2] * 6 + 0.25, 0, 1
        )
        white = (
            linear((0.98, 0.98, 0.99))
            * (0.82 + 0.18 * fractal((over * 5 + seed).astype(np.float32), 3))[:, None]
        )
        return (blue * (1 - cover) + white * cover).astype(np.float32)

    return draw


def over_ground(above: Backdrop, below: Backdrop, haze: float = 0.0) -> Backdrop:
    """Join a sky and a ground at the horizon.

    Args:
        above: Drawn where the view goes up.
        below: Drawn where it goes down.
        haze: How much the ground fades towards the horizon, 0 to 1.
    """

    def draw(eye: Array, rays: Array) -> Array:
        colours = above(eye, rays)
        down = rays[:, 1] < 0
        if down.any():
            lower = below(eye, rays[down])
            fade = haze * np.exp(rays[down, 1] * 25)[:, None]
            colours[down] = lower * (1 - fade) + colours[down] * fade
        return colours

    return draw


def _on_plane(eye: Array, rays: Array, height: float = 0.0) -> tuple[Array, Array]:
    """Where the rays meet the ground, ``(N, 2)``, and how far away."""
    distance = (height - eye[1]) / np.minimum(rays[:, 1], -1e-3)
    points = eye + rays * distance[:, None]
    return points[:, [0, 2]].astype(np.float32), distance.astype(np.float32)


def meadow(
    light: Colour = (0.48, 0.6, 0.25),
    dark: Colour = (0.24, 0.36, 0.12),
    scale: float = 1.0,
) -> Backdrop:
    """Grass: patches of two colours with the streaks of blades."""

    def draw(eye: Array, rays: Array) -> Array:
        spots, distance = _on_plane(eye, rays)
        patches = fractal(spots * np.float32(0.9 * scale), 3)
        blades = noise(spots * np.array([42, 11], dtype=np.float32) * np.float32(scale))
        blades += noise(spots * np.array([90, 26], dtype=np.float32) * np.float32(scale))
        detail = np.exp(-distance / 14)
        mix = np.clip(patches * 1.6 - 0.3 + (blades - 1) * 0.45 * detail, 0, 1)[:, None]
        return (linear(dark) * (1 - mix) + linear(light) * mix).astype(np.float32)

    return draw


def plain_ground(colour: Colour, contrast: float = 0.25, scale: float = 3.0) -> Backdrop:
    """Sand, asphalt or bare soil."""

    def draw(eye: Array, rays: Array) -> Array:
        spots, _ = _on_plane(eye, rays)
        tone = 1 + contrast * (fractal(spots * np.float32(scale), 5) - 0.5) * 2
        return (linear(colour) * tone[:, None]).astype(np.float32)

    return draw


def sea(
    colour: Colour = (0.1, 0.32, 0.5), crest: Colour = (0.55, 0.72, 0.82), scale: float = 1.0
) -> Backdrop:
    """Water in a light breeze, brighter towards the horizon where it mirrors the sky."""

    def draw(eye: Array, rays: Array) -> Array:
        spots, distance = _on_plane(eye, rays)
        swell = fractal(spots * np.array([0.7, 2.1], dtype=np.float32) * np.float32(scale), 3)
        ripples = fractal(spots * np.array([3.1, 8.3], dtype=np.float32) * np.float32(scale), 3)
        waves = (
            0.6 * swell + 0.4 * ripples * np.exp(-distance / 40) + 0.2 * (1 - np.exp(-distance / 40)) - 0.42
        ) * 2.2
        flat = np.clip(1 + rays[:, 1] * 4.5, 0, 1) ** 3
        mix = np.clip(waves * (1 - 0.6 * flat) + 0.45 * flat, 0, 1)[:, None]
        return (linear(colour) * (1 - mix) + linear(crest) * mix).astype(np.float32)

    return draw


def foliage(
    light: Colour = (0.45, 0.58, 0.28),
    dark: Colour = (0.1, 0.2, 0.07),
    scale: float = 5.0,
    seed: float = 0.0,
) -> Backdrop:
    """Trees and bushes far out of focus."""

    def draw(_eye: Array, rays: Array) -> Array:
        spots = np.column_stack([rays[:, 0] / np.maximum(-rays[:, 2], 0.2), rays[:, 1]]).astype(np.float32)
        big = fractal(spots * np.float32(scale) + np.float32(seed), 3)
        small = noise(spots * np.float32(scale * 6) + np.float32(seed))
        mix = np.clip((big - 0.32) * 1.8 + (small - 0.5) * 0.3, 0, 1)[:, None]
        return (linear(dark) * (1 - mix) + linear(light) * mix).astype(np.float32)

    return draw


def tree_line(above: Backdrop, trees: Backdrop, height: float = 0.16, ragged: float = 0.08) -> Backdrop:
    """Put trees between the horizon and the sky; heights as slopes of the view."""

    def draw(eye: Array, rays: Array) -> Array:
        colours = above(eye, rays)
        spots = np.column_stack([rays[:, 0] * 9, np.zeros(len(rays))]).astype(np.float32)
        top = height + ragged * (fractal(spots, 4) - 0.5) * 2
        below = rays[:, 1] < top
        if below.any():
            colours[below] = trees(eye, rays[below])
        return colours

    return draw
