"""A bird and a frog."""

from __future__ import annotations

from samples import scenery
from samples.patterns import belly, fur, spots
from samples.scene import Body, Camera, Colour, Light, Part, Scene
from samples.shapes import Shape, ball, chain, ellipsoid, limb, mirrored, slab, turned

INK: Colour = (0.02, 0.018, 0.015)


def bird() -> Scene:
    """A robin on a branch, seen from the side."""
    brown: Colour = (0.42, 0.33, 0.24)
    orange: Colour = (0.85, 0.4, 0.14)
    white: Colour = (0.9, 0.86, 0.8)
    down = fur(0.16, 40, (0.5, 1.0, 1.0))
    breast = turned(ellipsoid((0.16, 0.62, 0), (0.4, 0.38, 0.33)), (0.16, 0.62, 0), z=25)
    back = turned(ellipsoid((-0.06, 0.66, 0), (0.52, 0.31, 0.31)), (-0.06, 0.66, 0), z=28)
    rump = turned(ellipsoid((-0.36, 0.5, 0), (0.32, 0.2, 0.2)), (-0.36, 0.5, 0), z=30)
    head = ball((0.32, 1.05, 0), 0.265)
    face = ellipsoid((0.42, 0.97, 0), (0.2, 0.2, 0.215))
    wing = turned(ellipsoid((-0.2, 0.63, 0.27), (0.46, 0.2, 0.085)), (-0.2, 0.63, 0.27), z=32)
    feathers = [
        turned(
            ellipsoid((-0.34 - 0.05 * n, 0.5 - 0.035 * n, 0.3 - 0.02 * n), (0.36, 0.05, 0.05)),
            (-0.34, 0.5, 0.3),
            z=30,
        )
        for n in range(4)
    ]
    tail = turned(
        slab([(-0.95, 0.38), (-0.4, 0.36), (-0.4, 0.5), (-0.98, 0.5)], 0.1, 0.03), (-0.4, 0.43, 0), z=26
    )
    beak = limb((0.55, 1.06, 0), (0.74, 1.03, 0), 0.055, 0.01)
    legs: list[Shape] = []
    for z in (0.1, -0.1):
        legs.append(chain([(0.0, 0.36, z), (0.07, 0.18, z), (0.03, 0.02, z)], [0.04, 0.022, 0.02]))
        legs += [
            limb((0.03, 0.03, z), (0.17, 0.01, z + 0.04), 0.02),
            limb((0.03, 0.03, z), (-0.1, 0.0, z), 0.018),
        ]
    branch = chain(
        [(-1.9, -0.28, 0.1), (-0.7, -0.1, 0), (0.4, -0.09, 0), (1.9, 0.12, -0.2)], [0.12, 0.11, 0.1, 0.07]
    )
    twig = chain([(0.6, -0.06, 0), (1.0, 0.3, 0.1), (1.35, 0.42, 0.15)], [0.05, 0.03, 0.015])
    leaves = [
        turned(ellipsoid((x, y, z), (0.17, 0.08, 0.02)), (x, y, z), z=turn, x=25)
        for x, y, z, turn in (
            (1.1, 0.46, 0.12, 40),
            (1.42, 0.5, 0.15, -10),
            (-1.2, 0.06, 0.1, 150),
            (0.95, 0.12, 0.1, -50),
        )
    ]
    bark = fur(0.5, 14, (0.35, 1.0, 1.0))
    return Scene(
        bodies=[
            Body(
                [
                    Part(breast, white, 0.06, pattern=down),
                    Part(back, brown, 0.08, pattern=down),
                    Part(rump, brown, 0.08, pattern=belly(white, 0.3, 0.5, down)),
                    Part(head, brown, 0.08, pattern=down),
                    Part(face, orange, 0.06, pattern=down),
                    Part(ellipsoid((0.36, 0.74, 0), (0.24, 0.26, 0.27)), orange, 0.06, pattern=down),
                ],
                0.08,
            ),
            Body([Part(wing, (0.36, 0.28, 0.2), 0.1, pattern=down)]),
            Body([Part(feather, (0.27, 0.21, 0.15), 0.1) for feather in feathers], 0.02),
            Body([Part(tail, (0.33, 0.25, 0.18), 0.1, pattern=down)]),
            Body([Part(beak, (0.2, 0.17, 0.13), 0.4)]),
            Body([Part(mirrored(ball((0.44, 1.1, 0.205), 0.048)), INK, 0.95)]),
            Body([Part(leg, (0.42, 0.28, 0.2), 0.2) for leg in legs], 0.02),
            Body([Part(piece, (0.38, 0.3, 0.22), 0.08, pattern=bark) for piece in (branch, twig)], 0.05),
            Body([Part(leaf, (0.36, 0.56, 0.16), 0.3) for leaf in leaves]),
        ],
        camera=Camera(eye=(0.8, 0.9, 5.0), target=(-0.05, 0.52, 0), zoom=3.9),
        backdrop=scenery.foliage((0.66, 0.74, 0.42), (0.3, 0.42, 0.18), 4, 3.0),
        light=Light(direction=(0.5, 0.75, 0.6), sun_strength=1.8),
        ground=None,
        radius=2.2,
        center=(0, 0.4, 0),
        blur=0.03,
    )


def frog() -> Scene:
    """A green frog on the ground, three quarters from the front."""
    green: Colour = (0.36, 0.56, 0.16)
    pale: Colour = (0.86, 0.86, 0.6)
    blotches = spots((0.13, 0.24, 0.06), 0.15, 0.5)
    skin = belly(pale, 0.16, 0.36, blotches)
    body = [
        turned(ellipsoid((-0.2, 0.46, 0), (0.68, 0.36, 0.46)), (-0.2, 0.46, 0), z=20),
        ellipsoid((0.42, 0.6, 0), (0.42, 0.27, 0.42)),
        ellipsoid((0.52, 0.5, 0), (0.38, 0.19, 0.38)),
    ]
    brows = [mirrored(ball((0.45, 0.83, 0.24), 0.15))]
    hind_legs = [
        mirrored(limb((-0.62, 0.34, 0.34), (-0.08, 0.42, 0.62), 0.2, 0.13)),
        mirrored(limb((-0.08, 0.42, 0.62), (-0.66, 0.1, 0.66), 0.13, 0.07)),
    ]
    arms = [
        mirrored(limb((0.36, 0.42, 0.36), (0.3, 0.2, 0.56), 0.12, 0.09)),
        mirrored(limb((0.3, 0.2, 0.56), (0.52, 0.05, 0.52), 0.085, 0.06)),
    ]
    toes = [
        mirrored(limb((0.5, 0.05, 0.52), (0.5 + dx, 0.035, 0.52 + dz), 0.045, 0.035))
        for dx, dz in ((0.24, -0.06), (0.23, 0.08), (0.14, 0.19))
    ]
    toes += [
        mirrored(limb((-0.66, 0.07, 0.63), (-0.66 + dx, 0.035, 0.63 + dz), 0.06, 0.035))
        for dx, dz in ((0.46, 0.1), (0.42, 0.22), (0.3, 0.32))
    ]
    mouth = ellipsoid((0.505, 0.54, 0), (0.4, 0.013, 0.402))
    return Scene(
        bodies=[
            Body(
                [
                    *(Part(shape, green, 0.55, pattern=skin) for shape in body),
                    *(Part(shape, green, 0.55, pattern=blotches) for shape in (*brows, *hind_legs, *arms)),
                    *(Part(shape, (0.42, 0.6, 0.22), 0.5) for shape in toes),
                ],
                0.09,
            ),
            Body([Part(mouth, (0.16, 0.2, 0.07), 0.3)]),
            Body([Part(mirrored(ball((0.5, 0.86, 0.29), 0.115)), (0.85, 0.62, 0.14), 0.95)]),
            Body([Part(mirrored(ellipsoid((0.55, 0.865, 0.365), (0.066, 0.042, 0.05))), INK, 0.95)]),
            Body([Part(mirrored(ball((0.85, 0.62, 0.1), 0.018)), (0.1, 0.14, 0.05), 0.3)]),
        ],
        camera=Camera(eye=(3.4, 1.5, 3.6), target=(0.0, 0.42, 0.05), zoom=3.5),
        backdrop=scenery.over_ground(
            scenery.foliage((0.5, 0.5, 0.28), (0.2, 0.2, 0.1), 5),
            scenery.plain_ground((0.46, 0.38, 0.27), 0.55, 4),
            0.2,
        ),
        light=Light(direction=(0.55, 0.75, 0.5), sun_strength=1.8, bounce=(0.4, 0.36, 0.26)),
        radius=1.3,
        center=(-0.05, 0.4, 0),
        blur=0.008,
    )
