"""An airplane and a ship."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from samples import scenery
from samples.noise import fractal
from samples.scene import Body, Camera, Colour, Light, Part, Scene
from samples.shapes import (
    Array,
    Shape,
    box,
    disc,
    ellipsoid,
    limb,
    mirrored,
    moved,
    rotation,
    slab,
    turned,
)

GLASS: Colour = (0.09, 0.12, 0.16)


def ship() -> Scene:
    """A cargo ship at sea, seen from the side."""

    def bow(points: Array) -> Array:
        # Narrow to a point at the right end and a little at the stern.
        forward = np.clip((points[:, 0] - 0.9) / 2.2, 0, 1)
        return np.clip(1 - forward**1.6, 0.03, 1) * np.clip(
            1 - ((-points[:, 0] - 2.4) / 2) ** 2 * 0.2, 0.5, 1
        )

    hull_profile = [(-2.9, -0.25), (2.45, -0.25), (3.15, 0.72), (2.4, 0.62), (-2.3, 0.5), (-3.05, 0.6)]
    waist = [(-2.95, -0.28), (2.47, -0.28), (2.72, 0.12), (-2.95, 0.12)]
    hull = slab(hull_profile, 0.55, 0.03, depth=bow)
    red = slab(waist, 0.565, 0.03, depth=bow)
    containers = []
    palette: list[Colour] = [
        (0.75, 0.3, 0.2),
        (0.2, 0.42, 0.62),
        (0.82, 0.62, 0.22),
        (0.3, 0.5, 0.36),
        (0.8, 0.8, 0.78),
    ]
    for column in range(6):
        for level in range(1 + (column * 7 + 3) % 3):
            x, y = -0.95 + column * 0.52, 0.68 + level * 0.24
            colour = palette[(column * 3 + level * 2) % 5]
            containers.append(Part(box((x, y, 0), (0.245, 0.112, 0.38), 0.01), colour, 0.2))
    house = [
        Part(box((-2.05, 0.95, 0), (0.46, 0.5, 0.42), 0.02), (0.95, 0.95, 0.94), 0.3),
        Part(box((-1.98, 1.52, 0), (0.36, 0.14, 0.5), 0.02), (0.95, 0.95, 0.94), 0.3),
        Part(box((-1.9, 1.54, 0), (0.3, 0.055, 0.51), 0.01), GLASS, 0.8, 0.3),
        Part(box((-2.05, 1.12, 0), (0.38, 0.035, 0.43), 0.005), GLASS, 0.8, 0.3),
        Part(box((-2.05, 0.86, 0), (0.38, 0.035, 0.43), 0.005), GLASS, 0.8, 0.3),
        Part(disc((-2.38, 1.72, 0), "y", 0.17, 0.34, 0.02), (0.75, 0.2, 0.15), 0.3),
        Part(disc((-2.38, 1.98, 0), "y", 0.175, 0.08, 0.02), (0.1, 0.1, 0.1), 0.3),
        Part(limb((-1.85, 1.6, 0), (-1.85, 2.3, 0), 0.025), (0.9, 0.9, 0.9)),
        Part(limb((2.5, 0.6, 0), (2.5, 1.25, 0), 0.025), (0.9, 0.9, 0.9)),
    ]
    foam = ellipsoid((2.5, -0.25, 0.12), (0.55, 0.1, 0.22))
    wake = ellipsoid((-0.4, -0.27, 0.5), (2.9, 0.065, 0.16))

    def froth(points: Array, colours: Array) -> Array:
        return colours * (0.55 + 0.6 * fractal(points * np.array([4, 9, 9], dtype=np.float32), 3))[:, None]

    return Scene(
        bodies=[
            Body([Part(hull, (0.12, 0.17, 0.27), 0.35), Part(red, (0.55, 0.13, 0.1), 0.3)]),
            Body(containers),
            Body(house),
            Body(
                [
                    Part(foam, (0.86, 0.91, 0.94), pattern=froth),
                    Part(wake, (0.66, 0.78, 0.85), pattern=froth),
                ],
                0.15,
            ),
        ],
        camera=Camera(eye=(2.4, 1.6, 8.6), target=(0.0, 0.62, 0), zoom=2.5),
        backdrop=scenery.over_ground(
            scenery.sky((0.36, 0.58, 0.85), (0.8, 0.88, 0.95), 0.45, 2.2), scenery.sea(), 0.5
        ),
        light=Light(direction=(0.35, 0.6, 0.65), sun_strength=1.7, bounce=(0.25, 0.4, 0.5)),
        ground=-0.22,
        radius=3.5,
        center=(0, 0.6, 0),
        blur=0.002,
        shadow=0.6,
    )


def airplane() -> Scene:
    """An airliner in flight, seen from the side and a little from below."""
    white: Colour = (0.93, 0.94, 0.96)
    accent: Colour = (0.12, 0.3, 0.6)

    def livery(points: Array, colours: Array) -> Array:
        result = colours.copy()
        windows = (np.abs(points[:, 1] - 0.07) < 0.035) & (np.abs(points[:, 0]) < 2.1)
        windows &= (points[:, 0] * 6.0) % 1.0 < 0.5
        result[windows] = (0.02, 0.025, 0.04)
        cockpit = (points[:, 0] > 2.62) & (points[:, 1] > 0.07) & (points[:, 1] < 0.2)
        result[cockpit] = (0.01, 0.015, 0.025)
        result[points[:, 1] < -0.17] = (0.45, 0.48, 0.53)
        return result

    fuselage = Part(limb((-1.9, 0, 0), (2.6, 0, 0), 0.34), white, 0.5, 0.05, livery)
    nose = Part(ellipsoid((2.55, -0.03, 0), (0.62, 0.31, 0.33)), white, 0.5, 0.05, livery)
    tail = Part(limb((-1.8, 0.02, 0), (-3.15, 0.22, 0), 0.33, 0.09), white, 0.5, 0.05, livery)
    fin = Part(slab([(-2.3, 0.2), (-2.95, 1.25), (-3.4, 1.25), (-3.2, 0.2)], 0.045, 0.04), accent, 0.4)

    def flat(profile: list[tuple[float, float]], y: float, dihedral: float) -> Shape:
        # A wing is a slab lying down: its profile is drawn in x and z.
        lying = turned(slab(profile, 0.05, 0.045), (0, 0, 0), x=90)
        return mirrored(moved(turned(lying, (0, 0, 0), x=dihedral), (0, y, 0)))

    wing = flat([(0.9, 0.1), (-0.95, 3.1), (-1.35, 3.1), (-0.75, 0.1)], -0.14, -5)
    stabilizer = flat([(-2.45, 0.05), (-3.05, 1.2), (-3.4, 1.2), (-3.2, 0.05)], 0.18, -5)
    engine = mirrored(limb((0.55, -0.36, 1.05), (-0.15, -0.36, 1.05), 0.2, 0.15))
    intake = mirrored(disc((0.72, -0.36, 1.05), "x", 0.15, 0.06, 0.01))
    plane = [
        Body([fuselage, nose, tail], 0.15),
        Body([fin]),
        Body([Part(wing, (0.8, 0.82, 0.86), 0.4), Part(stabilizer, (0.85, 0.87, 0.9), 0.4)]),
        Body([Part(engine, accent, 0.5), Part(intake, (0.05, 0.05, 0.06))]),
    ]
    return Scene(
        bodies=[_tilted(body, x=-14, z=9) for body in plane],
        camera=Camera(eye=(3.2, -1.4, 9.0), target=(-0.1, 0.1, 0), zoom=2.75),
        backdrop=scenery.sky((0.22, 0.47, 0.83), (0.45, 0.66, 0.92), 0.42, 5.3),
        light=Light(direction=(0.3, 0.75, 0.55), sun_strength=1.7, bounce=(0.5, 0.6, 0.72), ambient=0.9),
        ground=None,
        radius=3.9,
        blur=0.012,
    )


def _tilted(body: Body, *, x: float, z: float) -> Body:
    """Turn a body about the origin, its pattern with it."""
    matrix = rotation(x, 0, z)

    def turn(part: Part) -> Part:
        pattern = part.pattern
        painted = None if pattern is None else (lambda points, colours: pattern(points @ matrix, colours))
        return replace(part, shape=turned(part.shape, (0, 0, 0), x=x, z=z), pattern=painted)

    return Body([turn(part) for part in body.parts], body.blend)
