"""A dog."""

from __future__ import annotations

from samples import scenery
from samples.patterns import fur
from samples.scene import Body, Camera, Colour, Light, Part, Pattern, Scene
from samples.shapes import Shape, Vector, ball, chain, disc, ellipsoid, limb, mirrored, turned

INK: Colour = (0.025, 0.02, 0.02)


def _parts(shapes: list[Shape], colour: Colour, pattern: Pattern | None = None) -> list[Part]:
    return [Part(shape, colour, 0.08, pattern=pattern) for shape in shapes]


def _eyes(place: Vector, size: float, iris: Colour) -> list[Body]:
    """Two eyes with iris, pupil and a glint."""
    x, y, z = place
    return [
        Body([Part(mirrored(ball(place, size), "x"), iris, 0.9)]),
        Body(
            [
                Part(
                    mirrored(
                        ellipsoid((x, y, z + size * 0.62), (size * 0.62, size * 0.62, size * 0.45)),
                        "x",
                    ),
                    INK,
                    0.9,
                )
            ]
        ),
        Body(
            [
                Part(
                    ball((side * x + size * 0.3, y + size * 0.38, z + size * 0.95), size * 0.17),
                    (1, 1, 1),
                    0.9,
                )
                for side in (-1, 1)
            ]
        ),
    ]


def dog() -> Scene:
    """A brown and white puppy sitting on a path, tongue out."""
    tan: Colour = (0.6, 0.38, 0.2)
    dark: Colour = (0.33, 0.19, 0.1)
    white: Colour = (0.92, 0.88, 0.82)
    coat = fur(0.2, 24, (1.0, 0.4, 1.0))
    body = [
        ellipsoid((0, 0.5, -0.2), (0.38, 0.48, 0.44)),
        ellipsoid((0, 0.82, 0.02), (0.31, 0.4, 0.29)),
    ]
    haunches = [mirrored(ellipsoid((0.34, 0.25, 0.05), (0.2, 0.26, 0.32)), "x")]
    legs = [mirrored(limb((0.17, 0.7, 0.16), (0.17, 0.1, 0.28), 0.13, 0.1), "x")]
    paws = [
        mirrored(ellipsoid((0.17, 0.07, 0.36), (0.12, 0.08, 0.16)), "x"),
        mirrored(ellipsoid((0.4, 0.065, 0.34), (0.12, 0.08, 0.17)), "x"),
    ]
    head = [
        ellipsoid((0, 1.42, 0.12), (0.29, 0.27, 0.28)),
        mirrored(ellipsoid((0.15, 1.3, 0.2), (0.13, 0.13, 0.15)), "x"),
    ]
    muzzle = [
        limb((0, 1.34, 0.25), (0, 1.27, 0.56), 0.165, 0.13),
        limb((0, 1.2, 0.25), (0, 1.14, 0.5), 0.1, 0.075),
        limb((0, 1.5, 0.34), (0, 1.66, 0.22), 0.06, 0.04),
    ]
    chest = [ellipsoid((0, 0.82, 0.19), (0.18, 0.32, 0.15))]
    collar = turned(disc((0, 1.13, 0.04), "y", 0.255, 0.035, 0.02), (0, 1.13, 0.04), x=12)
    ears = [
        mirrored(turned(ellipsoid((0.31, 1.31, 0.08), (0.09, 0.27, 0.15)), (0.31, 1.45, 0.08), z=-14), "x")
    ]
    tongue = [limb((0, 1.16, 0.5), (0, 1.02, 0.6), 0.05, 0.055)]
    tail = chain([(-0.2, 0.15, -0.5), (-0.6, 0.14, -0.35), (-0.85, 0.28, -0.1)], [0.1, 0.1, 0.05])
    return Scene(
        bodies=[
            Body(
                [
                    *_parts([*body, *haunches, *legs], tan, coat),
                    *_parts(paws, white, coat),
                    *_parts(head, tan, coat),
                    *_parts([*muzzle, *chest], white, coat),
                    *_parts([tail], tan, coat),
                ],
                0.1,
            ),
            Body(_parts(ears, dark, coat)),
            Body([Part(collar, (0.7, 0.12, 0.1), 0.4)]),
            Body([Part(tongue[0], (0.88, 0.42, 0.45), 0.4)]),
            Body([Part(ellipsoid((0, 1.345, 0.68), (0.075, 0.055, 0.05)), INK, 0.6)]),
            *_eyes((0.125, 1.47, 0.352), 0.048, (0.2, 0.1, 0.05)),
        ],
        camera=Camera(eye=(-0.15, 1.45, 4.9), target=(0.0, 0.88, 0), zoom=3.25),
        backdrop=scenery.over_ground(
            scenery.tree_line(
                scenery.sky(clouds=0), scenery.foliage((0.5, 0.6, 0.36), (0.22, 0.32, 0.16)), 0.9, 0.1
            ),
            scenery.plain_ground((0.62, 0.55, 0.44), 0.2),
            0.1,
        ),
        light=Light(direction=(0.5, 0.7, 0.7), sun_strength=1.7),
        radius=1.4,
        center=(0, 0.85, 0.05),
        blur=0.01,
    )
