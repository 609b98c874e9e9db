"""Colour management: whatever a picture's numbers mean, turn them into sRGB."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, product
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.images.decoding.numeric import NUMERIC_MODES

if TYPE_CHECKING:
    from PIL import Image, ImageCms

_MAX_PROFILE_BYTES = 8_000_000
"""Profiles of printing presses have up to 3 MB."""

_KEPT_PROFILES = 8
_KEPT_PROFILE_BYTES = 100_000
"""Conversions that are kept for the next picture, and the largest profile whose one is: working one out takes
2 ms, as long as decoding a small picture, and the same few profiles, of up to 7 kB, are in most files."""

_SPACE_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab": "LAB"}
"""ICC colour space signature (ICC.1:2022, table 19) -> Pillow's mode."""

_GREY_MODES = frozenset({"1", "L", "LA"}) | NUMERIC_MODES


@dataclass(frozen=True, slots=True)
class ColourTransform:
    """A conversion to sRGB.

    Attributes:
        mode: The mode that a picture must have before it is converted.
    """

    mode: str
    _transform: ImageCms.ImageCmsTransform

    def apply(self, image: Image.Image) -> Image.Image:
        """Convert a picture of mode `mode` to a new one of mode RGB."""
        return self._transform.apply(image)

    def apply_in_place(self, image: Image.Image) -> None:
        """Convert a picture of mode RGB as `apply` does, without a copy; `mode` must be RGB, too."""
        self._transform.apply_in_place(image)


def to_srgb(image: Image.Image) -> ColourTransform | None:
    """Find the conversion that a picture's ICC profile, or the mode LAB, asks for.

    A profile that is damaged or made for another kind of picture is ignored, as browsers do; so is one that
    describes sRGB itself.

    Args:
        image: An opened picture.

    Returns:
        None when the numbers are to be read as they are.
    """
    from PIL import ImageCms

    try:
        if image.mode == "LAB":  # CIE L*a*b* under D50, as TIFF 6.0 defines it
            return _transform(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")), "LAB")
        data = image.info.get("icc_profile")
        if not isinstance(data, bytes) or not 0 < len(data) <= _MAX_PROFILE_BYTES:
            return None
        keeping = len(data) <= _KEPT_PROFILE_BYTES
        return (_kept_transform if keeping else _transform_by)(data, image.mode)
    except (OSError, ValueError, TypeError, AttributeError, ImageCms.PyCMSError):
        return None


def _transform_by(data: bytes, image_mode: str) -> ColourTransform | None:
    """Find the conversion that a profile asks for; None when it is not for this mode, or changes nothing."""
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
    mode = _SPACE_MODES.get(profile.profile.xcolor_space.strip())
    if not mode or not _fits(mode, image_mode):
        return None
    transform = _transform(profile, mode)
    return None if mode == "RGB" and _changes_nothing(transform) else transform


# Threads may share a conversion: lcms2 only reads it while it converts.
_kept_transform = lru_cache(_KEPT_PROFILES)(_transform_by)


def _fits(profile_mode: str, image_mode: str) -> bool:
    """Whether a profile describes pictures of this mode; grey ones may be described as RGB, too."""
    if image_mode == "CMYK":
        return profile_mode == "CMYK"
    return profile_mode == "RGB" or (profile_mode == "L" and image_mode in _GREY_MODES)


def _changes_nothing(transform: ColourTransform) -> bool:
    """Whether no colour moves by more than the rounding, 1 of 255."""
    from PIL import ImageChops

    moved = ImageChops.difference(_colours(), transform.apply(_colours()))
    return bool(np.asarray(moved).max() <= 1)


@cache
def _colours() -> Image.Image:
    """A picture of all colours, in steps of 15 from 0 to 255."""
    from PIL import Image

    levels = range(0, 256, 15)
    colours = bytes(chain.from_iterable(product(levels, repeat=3)))
    return Image.frombytes("RGB", (len(levels), len(levels) ** 2), colours)


def _transform(profile: ImageCms.ImageCmsProfile, mode: str) -> ColourTransform:
    """Relative colorimetric with black point compensation, the usual choice for photographs."""
    from PIL import ImageCms

    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    transform = ImageCms.ImageCmsTransform(
        profile,
        srgb,
        mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    return ColourTransform(mode, transform)
