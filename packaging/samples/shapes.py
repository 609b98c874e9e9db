"""Solid shapes as signed distance functions: negative inside, positive outside, metres from the surface.

The formulas follow Hart, "Sphere tracing" (1996), and the common constructions of implicit modelling. Some
distances are estimates that never exceed the true one by much; the renderer takes shorter steps for that.
Axes: x to the right, y up, z towards the viewer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Vector = tuple[float, float, float]
Shape = Callable[[Array], Array]
"""Maps points ``(N, 3)`` to distances ``(N,)``."""


def ball(center: Vector, radius: float) -> Shape:
    """A sphere."""
    return ellipsoid(center, (radius, radius, radius))


def ellipsoid(center: Vector, radii: Vector) -> Shape:
    """An ellipsoid along the axes; `turned` turns it."""
    middle, size = _vector(center), _vector(radii)

    def distance(points: Array) -> Array:
        scaled = (points - middle) / size
        length = np.sqrt(np.einsum("ij,ij->i", scaled, scaled)) + 1e-9
        slope = scaled / size
        return length * (length - 1) / (np.sqrt(np.einsum("ij,ij->i", slope, slope)) + 1e-9)

    return distance


def limb(start: Vector, end: Vector, start_radius: float, end_radius: float | None = None) -> Shape:
    """A line with thickness, which may change from one round end to the other."""
    first, axis = _vector(start), _vector(end) - _vector(start)
    growth = (start_radius if end_radius is None else end_radius) - start_radius
    length_squared = float(axis @ axis)

    def distance(points: Array) -> Array:
        offset = points - first
        along = np.clip(offset @ axis / length_squared, 0, 1)
        return _norm(offset - along[:, None] * axis) - (start_radius + growth * along)

    return distance


def chain(points: Sequence[Vector], radii: Sequence[float]) -> Shape:
    """A bent limb through several points, such as a leg or a neck; one radius for each point."""
    limbs = [
        limb(points[number], points[number + 1], radii[number], radii[number + 1])
        for number in range(len(points) - 1)
    ]
    return lambda places: np.minimum.reduce([part(places) for part in limbs])


def box(center: Vector, half: Vector, rounding: float = 0.0) -> Shape:
    """A box along the axes with rounded edges; ``half`` includes the rounding."""
    middle, inner = _vector(center), _vector(half) - np.float32(rounding)

    def distance(points: Array) -> Array:
        beyond = np.abs(points - middle) - inner
        inside = np.minimum(beyond.max(axis=1), 0)
        return _norm(np.maximum(beyond, 0)) + inside - rounding

    return distance


def disc(center: Vector, axis: str, radius: float, half: float, rounding: float = 0.0) -> Shape:
    """A cylinder along ``x``, ``y`` or ``z`` with rounded rims."""
    middle, along = _vector(center), "xyz".index(axis)
    across = [number for number in range(3) if number != along]

    def distance(points: Array) -> Array:
        offset = points - middle
        sides = np.hypot(offset[:, across[0]], offset[:, across[1]]) - (radius - rounding)
        return _corner(sides, np.abs(offset[:, along]) - (half - rounding)) - rounding

    return distance


def slab(
    profile: Sequence[tuple[float, float]],
    half: float,
    rounding: float = 0.0,
    *,
    depth: Callable[[Array], Array] | None = None,
) -> Shape:
    """A polygon in x and y, given depth in z, with rounded edges.

    Args:
        profile: Corners in order.
        half: Half the depth.
        rounding: Radius of the edges.
        depth: Maps points to a factor on the depth, such as narrower towards the bow.
    """
    corners = np.asarray(profile, dtype=np.float32)

    def distance(points: Array) -> Array:
        flat = _polygon(points[:, 0], points[:, 1], corners) + rounding
        factor = 1.0 if depth is None else depth(points)
        return _corner(flat, np.abs(points[:, 2]) - (half * factor - rounding)) - rounding

    return distance


def turned(shape: Shape, pivot: Vector, *, x: float = 0, y: float = 0, z: float = 0) -> Shape:
    """Turn a shape about a point, by degrees around x, then y, then z."""
    middle, matrix = _vector(pivot), rotation(x, y, z)
    return lambda points: shape((points - middle) @ matrix + middle)


def moved(shape: Shape, by: Vector) -> Shape:
    """Move a shape."""
    offset = _vector(by)
    return lambda points: shape(points - offset)


def mirrored(shape: Shape, axis: str = "z") -> Shape:
    """Repeat the half with the positive coordinate on the other side."""
    number = "xyz".index(axis)

    def distance(points: Array) -> Array:
        folded = points.copy()
        folded[:, number] = np.abs(folded[:, number])
        return shape(folded)

    return distance


def rotation(x: float, y: float, z: float) -> Array:
    """Build the matrix that turns row vectors back by degrees around x, then y, then z."""
    (cx, sx), (cy, sy), (cz, sz) = (
        (math.cos(math.radians(angle)), math.sin(math.radians(angle))) for angle in (x, y, z)
    )
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return (about_z @ about_y @ about_x).astype(np.float32)


def _vector(values: Sequence[float]) -> Array:
    return np.asarray(values, dtype=np.float32)


def _norm(vectors: Array) -> Array:
    return np.sqrt(np.einsum("ij,ij->i", vectors, vectors))


def _corner(first: Array, second: Array) -> Array:
    """Join two distances at a right angle."""
    outside = np.hypot(np.maximum(first, 0), np.maximum(second, 0))
    return outside + np.minimum(np.maximum(first, second), 0)


def _polygon(x: Array, y: Array, corners: Array) -> Array:
    nearest = np.full(x.shape, np.inf, dtype=np.float32)
    inside = np.zeros(x.shape, dtype=bool)
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        ex, ey = bx - ax, by - ay
        wx, wy = x - ax, y - ay
        along = np.clip((wx * ex + wy * ey) / (ex * ex + ey * ey), 0, 1)
        nearest = np.minimum(nearest, (wx - ex * along) ** 2 + (wy - ey * along) ** 2)
        crosses = (ay <= y) != (by <= y)
        if ey:
            inside ^= crosses & (wx < wy * (ex / ey))
    return np.where(inside, -1, 1) * np.sqrt(nearest)
