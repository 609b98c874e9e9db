"""Colour management: whatever a picture's numbers mean, turn them into sRGB."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.images.numeric import NUMERIC_MODES

if TYPE_CHECKING:
    from PIL import Image, ImageCms

_MAX_PROFILE_BYTES = 8_000_000
"""Profiles of printing presses have up to 3 MB."""

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


def to_srgb(image: Image.Image) -> ColourTransform | None:
    """Find the conversion that a picture's ICC profile, or the mode LAB, asks for.

    A profile that is damaged or made for another kind of picture is ignored, as browsers do.

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
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        mode = _SPACE_MODES.get(profile.profile.xcolor_space.strip())
        return _transform(profile, mode) if mode and _fits(mode, image.mode) else None
    except (OSError, ValueError, TypeError, AttributeError, ImageCms.PyCMSError):
        return None


def _fits(profile_mode: str, image_mode: str) -> bool:
    """Whether a profile describes pictures of this mode; grey ones may be described as RGB, too."""
    if image_mode == "CMYK":
        return profile_mode == "CMYK"
    return profile_mode == "RGB" or (profile_mode == "L" and image_mode in _GREY_MODES)


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
