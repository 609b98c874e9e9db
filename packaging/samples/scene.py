"""What a scene is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from samples.shapes import Array, Shape, Vector

Colour = tuple[float, float, float]
"""Red, green and blue as on the screen (sRGB), 0..1."""

Pattern = Callable[[Array, Array], Array]
"""Maps surface points ``(N, 3)`` and linear colours ``(N, 3)`` to linear colours."""

Backdrop = Callable[[Array, Array], Array]
"""Maps the eye ``(3,)`` and directions ``(N, 3)`` to linear colours ``(N, 3)``."""


@dataclass(frozen=True)
class Part:
    """A shape of one material.

    Attributes:
        gloss: 0 is chalk, 1 is lacquer.
        mirror: How much of the sky it shows at a right angle; glass and chrome do.
    """

    shape: Shape
    colour: Colour
    gloss: float = 0.15
    mirror: float = 0.0
    pattern: Pattern | None = None


@dataclass(frozen=True)
class Body:
    """Parts that grow into one another.

    Attributes:
        blend: Metres over which neighbouring parts merge; 0 keeps them apart.
    """

    parts: Sequence[Part]
    blend: float = 0.0


@dataclass(frozen=True)
class Light:
    """The sun and the sky's share."""

    direction: Vector = (0.5, 0.75, 0.45)
    sun: Colour = (1.0, 0.95, 0.86)
    sun_strength: float = 2.3
    sky: Colour = (0.72, 0.82, 0.95)
    bounce: Colour = (0.42, 0.42, 0.3)
    ambient: float = 0.75


@dataclass(frozen=True)
class Camera:
    """Where the picture is taken from.

    Attributes:
        zoom: Focal length in halves of the picture's width.
    """

    eye: Vector
    target: Vector
    zoom: float = 2.2


@dataclass(frozen=True)
class Scene:
    """Everything in a picture.

    Attributes:
        backdrop: What is seen where nothing stands: sky, ground, sea.
        ground: Height of the plane that shadows fall on; None in the air.
        blur: How soft the far backdrop is, as a share of the picture's width.
        focus: Distance up to which the ground is sharp.
    """

    bodies: Sequence[Body]
    camera: Camera
    backdrop: Backdrop
    light: Light = field(default_factory=Light)
    ground: float | None = 0.0
    blur: float = 0.006
    center: Vector = (0.0, 0.0, 0.0)
    radius: float = 3.0
    shadow: float = 0.75


def linear(colour: Colour | Array) -> Array:
    """Convert from sRGB to linear light (IEC 61966-2-1)."""
    value = np.asarray(colour, dtype=np.float32)
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).astype(np.float32)


def encoded(light: Array) -> Array:
    """Convert linear light to sRGB with a soft shoulder instead of clipping highlights."""
    shoulder = np.where(light > 0.8, 0.8 + 0.2 * np.tanh((light - 0.8) / 0.35), np.maximum(light, 0))
    curve = np.where(shoulder <= 0.0031308, 12.92 * shoulder, 1.055 * shoulder ** (1 / 2.4) - 0.055)
    return curve.astype(np.float32)
