"""A horse."""

from __future__ import annotations

from samples import scenery
from samples.patterns import fur
from samples.scene import Body, Camera, Colour, Light, Part, Pattern, Scene
from samples.shapes import Shape, Vector, ball, chain, ellipsoid, limb, mirrored, slab, turned

BLACK: Colour = (0.06, 0.045, 0.04)


def _parts(
    shapes: list[Shape], colour: Colour, gloss: float = 0.2, pattern: Pattern | None = None
) -> list[Part]:
    return [Part(shape, colour, gloss, pattern=pattern) for shape in shapes]


def _leg(
    joints: list[tuple[float, float]], side: float, radii: list[float], colour: Colour, pattern: Pattern
) -> list[Part]:
    """A leg from the shoulder or hip to the ground, with its hoof."""
    points: list[Vector] = [(x, y, side) for x, y in joints]
    foot = points[-1]
    hoof = limb(foot, (foot[0] + 0.03, foot[1] - 0.07, side), radii[-1] * 1.15, radii[-1] * 1.35)
    return [Part(chain(points, radii), colour, 0.2, pattern=pattern), Part(hoof, (0.1, 0.08, 0.07), 0.3)]


def horse() -> Scene:
    """A chestnut horse walking on a meadow, seen from the side."""
    coat: Colour = (0.5, 0.27, 0.13)
    hair = fur(0.1, 30)
    trunk = [
        ellipsoid((0.0, 1.2, 0), (0.72, 0.33, 0.27)),
        ellipsoid((0.5, 1.25, 0), (0.32, 0.36, 0.25)),
        ellipsoid((-0.52, 1.27, 0), (0.36, 0.35, 0.28)),
        chain([(0.58, 1.38, 0), (0.85, 1.72, 0), (1.02, 1.95, 0)], [0.25, 0.17, 0.14]),
        limb((1.02, 1.98, 0), (1.4, 1.68, 0), 0.135, 0.075),
        ellipsoid((1.1, 1.86, 0), (0.16, 0.15, 0.1)),
        ellipsoid((1.4, 1.67, 0), (0.095, 0.085, 0.08)),
    ]
    ears = mirrored(turned(slab([(-0.04, 0), (0.05, 0), (0.02, 0.17)], 0.025, 0.02), (0, 0, 0), z=8))
    legs = [
        *_leg(
            [(0.55, 1.1), (0.66, 0.68), (0.62, 0.38), (0.62, 0.1)],
            0.13,
            [0.16, 0.085, 0.06, 0.05],
            coat,
            hair,
        ),
        *_leg(
            [(0.5, 1.1), (0.42, 0.66), (0.3, 0.38), (0.22, 0.12)],
            -0.13,
            [0.16, 0.085, 0.06, 0.05],
            coat,
            hair,
        ),
        *_leg(
            [(-0.6, 1.15), (-0.48, 0.78), (-0.66, 0.48), (-0.6, 0.1)],
            0.14,
            [0.22, 0.11, 0.065, 0.05],
            coat,
            hair,
        ),
        *_leg(
            [(-0.62, 1.15), (-0.66, 0.78), (-0.92, 0.5), (-0.98, 0.12)],
            -0.14,
            [0.22, 0.11, 0.065, 0.05],
            coat,
            hair,
        ),
    ]
    mane = [
        chain(
            [
                (0.98 - 0.062 * n, 2.09 - 0.066 * n, 0.0),
                (0.97 - 0.058 * n, 2.0 - 0.068 * n, 0.13 + 0.008 * n),
                (0.93 - 0.056 * n, 1.84 - 0.066 * n, 0.16 + 0.012 * n),
            ],
            [0.05, 0.045, 0.02],
        )
        for n in range(10)
    ]
    forelock = limb((1.06, 2.1, 0.0), (1.2, 1.95, 0.03), 0.05, 0.02)
    tail = chain(
        [(-0.84, 1.42, 0), (-1.02, 1.3, 0.0), (-1.1, 0.9, 0.02), (-1.12, 0.5, 0.03)], [0.07, 0.1, 0.12, 0.03]
    )
    return Scene(
        bodies=[
            Body([*_parts(trunk, coat, 0.3, hair), *legs], 0.1),
            Body([Part(lambda p: ears(p - (1.0, 2.08, 0)), coat, 0.2)]),
            Body(_parts([*mane, forelock, tail], BLACK, 0.3, fur(0.5, 30)), 0.06),
            Body([Part(mirrored(ball((1.12, 1.93, 0.105), 0.032)), (0.02, 0.015, 0.01), 0.9)]),
            Body([Part(mirrored(ball((1.45, 1.69, 0.06), 0.022)), BLACK, 0.2)]),
        ],
        camera=Camera(eye=(1.3, 1.5, 5.6), target=(0.12, 1.08, 0), zoom=2.9),
        backdrop=scenery.over_ground(
            scenery.tree_line(
                scenery.sky((0.5, 0.7, 0.92), (0.85, 0.91, 0.96), 0.3), scenery.foliage(), 0.1, 0.08
            ),
            scenery.meadow(),
            0.1,
        ),
        light=Light(direction=(0.4, 0.75, 0.55), sun_strength=1.9),
        radius=1.75,
        center=(0.1, 1.05, 0),
        blur=0.007,
    )
