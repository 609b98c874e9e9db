"""How strongly training pictures are changed at random."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AugmentationSettings:
    """Largest amounts; each picture of each epoch gets a random one up to them, and 0 or False none at all.

    Attributes:
        flip: Mirror left and right, half of the time.
        flip_vertical: Mirror top and bottom, half of the time.
        rotation: Degrees to either side, 0..180.
        zoom: Relative change of the size, 0..0.9.
        shear: Slant as a fraction of the width, 0..0.9.
        shift: Move along each axis as a fraction of the side, in whole pixels, 0..0.5.
        reshaped: Share of the pictures that are rotated, zoomed or sheared at all, 0..1; the others stay as
            sharp as the network will see pictures later.
        brightness: Relative change, 0..1.
        contrast: Relative change, 0..1.
        saturation: Relative change, 0..1; nothing for grey pictures.
        erase: Chance that a square of a quarter of the side is blanked out, 0..1.
        degrade: Chance that a picture is blurred or damaged by compression, 0..1.
    """

    flip: bool = False
    flip_vertical: bool = False
    rotation: float = 0.0
    zoom: float = 0.0
    shear: float = 0.0
    shift: float = 0.0
    reshaped: float = 1.0
    brightness: float = 0.0
    contrast: float = 0.0
    saturation: float = 0.0
    erase: float = 0.0
    degrade: float = 0.0

    @property
    def any(self) -> bool:
        """Whether anything is changed at all."""
        return self != AugmentationSettings()
