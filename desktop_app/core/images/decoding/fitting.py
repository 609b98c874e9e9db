"""How a picture is brought to the size of a network's input."""

from __future__ import annotations

from math import ceil
from typing import Literal, NamedTuple

from desktop_app.core.images.decoding.reading import AS_STORED, PixelReading

View = Literal["squash", "crop"]
"""One way to see a picture.

``squash`` scales each side on its own: the whole picture is kept, and its shape may change. ``crop`` keeps
the shape and cuts out the centre.
"""

Fit = Literal["squash", "crop", "both"]
"""The views that a prediction is made from: one, or the mean over both, which takes twice as long."""

Resample = Literal["bicubic", "bilinear", "keras", "lanczos", "nearest"]
"""How a picture is scaled.

``bicubic``, ``bilinear`` and ``lanczos`` are Pillow's: the filter widens when a picture shrinks. ``keras``
is bilinear without that, as `tf.image.resize` and Keras's layers and data sets scale by default: of a large
picture it sees four pixels for each one of the result. ``nearest`` takes one, as Keras's ``load_img`` does.
"""

WITHOUT_FILTER: frozenset[Resample] = frozenset({"keras", "nearest"})
"""Ways that depend on single pixels of the full size, so that nothing may be left out when decoding."""

THIN = 4.0
"""How many times longer than the network's input a picture is, in proportion, from which on nobody recognises
what squashing makes of it."""

MOST_PARTS = 32
"""Parts that a thin picture is seen in, at most; those of a longer one are squashed a little."""

_WHOLE = "the whole picture"

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels of the picture."""


class Fitting(NamedTuple):
    """What decides which pixels of a picture a network sees.

    Attributes:
        height: Height of the network's input, in pixels.
        width: Width of the network's input, in pixels.
        fit: Way of fitting.
        crop_share: Share of the largest centred crop that ``crop`` keeps, per side: above 0, 1 at most.
        reading: How the numbers of its file become a picture.
        in_parts: Whether a thin picture is seen part by part, each a view of its own.
        resample: Way of scaling.
    """

    height: int
    width: int
    fit: Fit = "squash"
    crop_share: float = 1.0
    reading: PixelReading = AS_STORED
    in_parts: bool = False
    resample: Resample = "bicubic"

    @property
    def words(self) -> str:
        """What the network sees, for people."""
        return fit_words(self.fit, self.crop_share)

    def part_seen(self, size: tuple[int, int]) -> Box:
        """The smallest view of a picture of this width and height; the network sees nothing else, or all."""
        if self.parts_of(size) > 1:
            return 0, 0, *size
        if self.is_cropped(size):
            return seen_box(size, self.height, self.width, "crop", 1.0)
        return seen_box(size, self.height, self.width, views_of(self.fit)[-1], self.crop_share)

    def is_cropped(self, size: tuple[int, int]) -> bool:
        """Whether only the centre of a picture of this width and height is seen, as it is thin."""
        chosen = not self.in_parts and self.reading.thin in {"crop", "parts"}
        return chosen and stretch(size, self.height, self.width) >= THIN

    def is_squashed(self, size: tuple[int, int]) -> bool:
        """Whether a thin picture is squashed, and the network was not trained on such pictures."""
        usual = self.in_parts or self.reading.thin is not None or self.fit == "crop"
        return not usual and stretch(size, self.height, self.width) >= THIN

    def parts_of(self, size: tuple[int, int]) -> int:
        """The number of parts that a picture of this width and height is seen in; 1 for most."""
        ratio = stretch(size, self.height, self.width)
        return min(ceil(ratio), MOST_PARTS) if self.in_parts and ratio >= THIN else 1

    def counted_from(self, size: tuple[int, int]) -> str:
        """The side from which the parts of a thin picture of this width and height are counted."""
        return "left" if size[0] * self.height > size[1] * self.width else "top"

    def boxes(self, size: tuple[int, int]) -> list[Box]:
        """What the network sees of a picture of this width and height: a box for each view.

        The parts of a thin picture go from left to right, or from top to bottom, and overlap a little.
        """
        parts = self.parts_of(size)
        if self.is_cropped(size):
            return [seen_box(size, self.height, self.width, "crop", 1.0)]
        if parts == 1:
            return [
                seen_box(size, self.height, self.width, view, self.crop_share) for view in views_of(self.fit)
            ]
        width, height = size
        share = max(1 / stretch(size, self.height, self.width), 1 / parts)
        starts = [(1 - share) * part / (parts - 1) for part in range(parts)]
        if self.counted_from(size) == "left":
            return [(width * start, 0, min(width * (start + share), width), height) for start in starts]
        return [(0, height * start, width, min(height * (start + share), height)) for start in starts]


def stretch(size: tuple[int, int], height: int, width: int) -> float:
    """How many times longer than an input a picture is, in proportion: 1 for the same shape.

    Args:
        size: Width and height of the picture.
        height: Height of the input.
        width: Width of the input.
    """
    ratio = size[0] * height / (size[1] * width)
    return max(ratio, 1 / ratio)


def views_of(fit: Fit) -> tuple[View, ...]:
    """The views that a way of fitting consists of."""
    return ("squash", "crop") if fit == "both" else (fit,)


def fit_words(fit: Fit, crop_share: float) -> str:
    """What a network sees, for people: "the whole picture", "the centre (87.5%)"."""
    centre = "the centre" if crop_share == 1 else f"the centre ({100 * crop_share:.3g}%)"
    return {"squash": _WHOLE, "crop": centre, "both": f"{_WHOLE} and {centre}"}[fit]


def seen_box(size: tuple[int, int], height: int, width: int, view: View, crop_share: float) -> Box:
    """The part of a picture that is scaled to the network's input.

    Args:
        size: Width and height of the picture.
        height: Height of the input.
        width: Width of the input.
        view: View of the picture.
        crop_share: Share of the largest centred crop, as in `Fitting`.
    """
    full_width, full_height = size
    left = top = 0.0
    if view == "crop":
        scale = min(full_width / width, full_height / height) * crop_share
        left = max(full_width - width * scale, 0) / 2  # rounding may bring it just below 0
        top = max(full_height - height * scale, 0) / 2
    return left, top, full_width - left, full_height - top
