"""Renders a scene by sphere tracing (Hart, 1996) with sun, sky light, soft shadows and a soft backdrop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from samples.scene import encoded, linear

if TYPE_CHECKING:
    from samples.scene import Body, Scene
    from samples.shapes import Array

_CHUNK = 40_000
_NEAR = 0.0015


def render(scene: Scene, width: int, height: int, oversampling: int = 2) -> Image.Image:
    """Draw a picture.

    Args:
        scene: What to draw.
        width: The picture's width in pixels.
        height: Likewise.
        oversampling: Rays along each side of a pixel.
    """
    wide, high = width * oversampling, height * oversampling
    eye, rays = _rays(scene, wide, high)
    behind = np.empty((wide * high, 3), dtype=np.float32)
    front = np.zeros((wide * high, 3), dtype=np.float32)
    cover = np.zeros(wide * high, dtype=np.float32)
    for start in range(0, len(rays), _CHUNK):
        part = slice(start, start + _CHUNK)
        behind[part] = _backdrop(scene, eye, rays[part])
        hit, distance = _trace(scene, eye, rays[part])
        if hit.any():
            where = np.flatnonzero(hit) + start
            front[where] = _shade(scene, eye, rays[where], distance[hit])
            cover[where] = 1
    picture = _soften(behind.reshape(high, wide, 3), scene.blur * wide)
    mask = cover.reshape(high, wide, 1)
    picture = picture * (1 - mask) + front.reshape(high, wide, 3) * mask
    if oversampling > 1:
        picture = picture.reshape(height, oversampling, width, oversampling, 3).mean(axis=(1, 3))
    grain = np.random.default_rng(3).normal(0, 0.006, picture.shape[:2])[..., None]
    levels = np.clip(encoded(picture) + grain, 0, 1) * 255
    return Image.fromarray(levels.round().astype(np.uint8))


def _rays(scene: Scene, wide: int, high: int) -> tuple[Array, Array]:
    eye, target = (np.asarray(v, dtype=np.float32) for v in (scene.camera.eye, scene.camera.target))
    forward = _unit(target - eye)
    right = _unit(np.cross(forward, np.array([0, 1, 0], dtype=np.float32)))
    up = np.cross(right, forward)
    x = (np.arange(wide, dtype=np.float32) + 0.5) / wide * 2 - 1
    y = (1 - (np.arange(high, dtype=np.float32) + 0.5) / high * 2) * (high / wide)
    across, along = (grid.reshape(-1, 1) for grid in np.meshgrid(x, y))
    directions = forward * scene.camera.zoom + right * across + up * along
    return eye, _unit(directions)


def _trace(scene: Scene, eye: Array, rays: Array) -> tuple[Array, Array]:
    """Walk along the rays; return which ones hit, and how far away."""
    entry, leave, meets = _bounds(scene, eye, rays)
    distance = entry
    hit = np.zeros(len(rays), dtype=bool)
    active = np.flatnonzero(meets)
    for _ in range(110):
        if not len(active):
            break
        gap = _distance(scene.bodies, eye + rays[active] * distance[active, None])
        distance[active] += gap * np.float32(0.8)
        arrived = gap < _NEAR
        hit[active[arrived]] = True
        active = active[~arrived & (distance[active] < leave[active])]
    return hit, distance


def _bounds(scene: Scene, origin: Array, rays: Array) -> tuple[Array, Array, Array]:
    """Cut the rays down to the sphere that holds all bodies."""
    offset = origin - np.asarray(scene.center, dtype=np.float32)
    half = np.einsum("ij,ij->i", rays, np.broadcast_to(offset, rays.shape))
    root = half**2 - (np.sum(offset**2, axis=-1) - np.float32(scene.radius) ** 2)
    width = np.sqrt(np.maximum(root, 0))
    return np.maximum(-half - width, 0.01), -half + width, (root > 0) & (-half + width > 0)


def _distance(bodies: list[Body], points: Array) -> Array:
    nearest = None
    for body in bodies:
        merged = None
        for part in body.parts:
            gap = part.shape(points)
            merged = gap if merged is None else _merge(merged, gap, body.blend)
        nearest = merged if nearest is None else np.minimum(nearest, merged)
    return nearest


def _merge(first: Array, second: Array, blend: float) -> Array:
    """Take the smaller distance, with a polynomial fillet (Quilez, "smooth minimum")."""
    if blend <= 0:
        return np.minimum(first, second)
    overlap = np.maximum(blend - np.abs(first - second), 0) / blend
    return np.minimum(first, second) - overlap**2 * np.float32(blend / 4)


def _shade(scene: Scene, eye: Array, rays: Array, distance: Array) -> Array:
    points = eye + rays * distance[:, None]
    normals = _normals(scene, points)
    colours, gloss, mirror = _materials(scene.bodies, points)
    light = _lit(scene, points, normals, _shadow(scene, points, normals))
    result = colours * light
    sun = _unit(np.asarray(scene.light.direction, dtype=np.float32))
    half = _unit(sun - rays)
    shine = np.maximum(np.einsum("ij,ij->i", normals, half), 0)
    facing = np.maximum(-np.einsum("ij,ij->i", normals, rays), 0)
    edge = (1 - facing) ** 5
    highlight = gloss * (shine ** (12 + 160 * gloss)) * (0.4 + 1.8 * gloss)
    reflected = rays - 2 * np.einsum("ij,ij->i", rays, normals)[:, None] * normals
    share = np.clip(mirror + (0.6 * gloss * edge), 0, 1)[:, None]
    sky = _environment(scene, reflected)
    return result * (1 - share) + sky * share + highlight[:, None] * linear(scene.light.sun)


def _environment(scene: Scene, directions: Array) -> Array:
    """Approximate what a mirror would show: sky above, ground below."""
    up = np.clip(directions[:, 1:2] * 2.5 + 0.5, 0, 1)
    return linear(scene.light.sky) * up * 1.1 + linear(scene.light.bounce) * (1 - up) * 0.6


def _lit(scene: Scene, points: Array, normals: Array, shadow: Array) -> Array:
    sun = _unit(np.asarray(scene.light.direction, dtype=np.float32))
    facing = np.clip((normals @ sun + 0.08) / 1.08, 0, 1) * shadow
    up = (normals[:, 1] * 0.5 + 0.5)[:, None]
    around = linear(scene.light.sky) * up + linear(scene.light.bounce) * (1 - up)
    open_air = _openness(scene, points, normals)[:, None]
    return (
        linear(scene.light.sun) * (facing * scene.light.sun_strength)[:, None]
        + around * open_air * scene.light.ambient
    )


def _openness(scene: Scene, points: Array, normals: Array) -> Array:
    """Darken creases: ambient occlusion by three probes along the normal."""
    hidden = np.zeros(len(points), dtype=np.float32)
    size = np.float32(scene.radius)
    for reach, weight in ((0.03, 1.6), (0.09, 0.9), (0.22, 0.5)):
        probe = points + normals * (reach * size)
        gap = _distance(scene.bodies, probe)
        if scene.ground is not None:
            gap = np.minimum(gap, probe[:, 1] - scene.ground)
        hidden += weight * np.maximum(reach * size - gap, 0) / (reach * size)
    return np.clip(1 - hidden * 0.4, 0.15, 1)


def _shadow(scene: Scene, points: Array, normals: Array) -> Array:
    """Follow the way to the sun; near misses give a half shadow."""
    sun = np.broadcast_to(_unit(np.asarray(scene.light.direction, dtype=np.float32)), points.shape)
    origin = points + normals * np.float32(0.012 * scene.radius)
    _, leave, meets = _bounds(scene, origin, sun)
    light = np.ones(len(points), dtype=np.float32)
    travelled = np.full(len(points), 0.01 * scene.radius, dtype=np.float32)
    active = np.flatnonzero(meets)
    for _ in range(36):
        if not len(active):
            break
        gap = _distance(scene.bodies, origin[active] + sun[active] * travelled[active, None])
        light[active] = np.minimum(light[active], np.clip(9 * gap / travelled[active], 0, 1))
        travelled[active] += np.clip(gap, 0.008 * scene.radius, 0.15 * scene.radius)
        active = active[(light[active] > 0.02) & (travelled[active] < leave[active])]
    return light * light * (3 - 2 * light)


def _normals(scene: Scene, points: Array) -> Array:
    result = np.zeros_like(points)
    step = np.float32(0.0008 * scene.radius)
    for corner in ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)):
        direction = np.asarray(corner, dtype=np.float32)
        result += direction * _distance(scene.bodies, points + direction * step)[:, None]
    return _unit(result)


def _materials(bodies: list[Body], points: Array) -> tuple[Array, Array, Array]:
    """Mix the materials of the parts by how near they are."""
    total = np.full(len(points), 1e-9, dtype=np.float32)
    colours = np.zeros((len(points), 3), dtype=np.float32)
    gloss, mirror = np.zeros_like(total), np.zeros_like(total)
    for body in bodies:
        softness = max(body.blend * 0.18, 0.002)
        for part in body.parts:
            weight = np.exp(-np.clip(part.shape(points) / softness, -8, 30)).astype(np.float32)
            colour = np.broadcast_to(linear(part.colour), points.shape)
            colour = colour if part.pattern is None else part.pattern(points, colour)
            total += weight
            colours += weight[:, None] * colour
            gloss += weight * np.float32(part.gloss)
            mirror += weight * np.float32(part.mirror)
    return colours / total[:, None], gloss / total, mirror / total


def _backdrop(scene: Scene, eye: Array, rays: Array) -> Array:
    """Draw sky and ground, with the bodies' shadow on the ground."""
    colours = scene.backdrop(eye, rays)
    if scene.ground is None or scene.shadow <= 0:
        return colours
    down = rays[:, 1] < -1e-4
    distance = np.where(down, (scene.ground - eye[1]) / np.where(down, rays[:, 1], -1), np.inf)
    points = eye + rays * np.where(down, distance, 0)[:, None]
    near = down & (np.linalg.norm(points - np.asarray(scene.center), axis=1) < 3 * scene.radius)
    if near.any():
        spot = points[near].astype(np.float32)
        upright = np.broadcast_to(np.array([0, 1, 0], dtype=np.float32), spot.shape)
        sun = _shadow(scene, spot, upright)
        shade = (0.35 + 0.65 * sun) * (0.45 + 0.55 * _openness(scene, spot, upright))
        colours[near] *= (1 - scene.shadow * (1 - shade))[:, None]
    return colours


def _soften(picture: Array, radius: float) -> Array:
    """Blur like a lens that is focused on something nearer."""
    if radius <= 0:
        return picture
    for size in (radius, radius * 0.7):
        for axis in (0, 1):
            picture = _box_blur(picture, max(round(size), 1), axis)
    return picture


def _box_blur(picture: Array, radius: int, axis: int) -> Array:
    """Average over ``2 * radius + 1`` pixels along one axis, repeating the edge."""
    margin = [(radius + 1, radius) if number == axis else (0, 0) for number in range(3)]
    sums = np.cumsum(np.pad(picture, margin, mode="edge"), axis=axis, dtype=np.float64)
    length = picture.shape[axis]
    high = np.take(sums, range(2 * radius + 1, 2 * radius + 1 + length), axis=axis)
    low = np.take(sums, range(length), axis=axis)
    return ((high - low) / (2 * radius + 1)).astype(np.float32)


def _unit(vectors: Array) -> Array:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True).astype(np.float32)
