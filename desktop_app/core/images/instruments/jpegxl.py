"""JPEG XL by the plug-in of Pillow that wraps libjxl, and by imagecodecs where the plug-in is wrong."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from PIL import Image, ImageCms

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.instruments.jpegxl_header import Header, read_header
from desktop_app.core.images.instruments.streams import held
from desktop_app.core.images.instruments.tone import encoded
from desktop_app.core.images.science.frames import Frames
from desktop_app.core.images.science.readers import is_installed, package
from desktop_app.core.images.science.turning import turn

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PLUGIN_BYTES, _IMAGECODECS_BYTES = 40, 60
"""Peak bytes a pixel, measured and rounded up: libjxl keeps all channels as floats, and copies follow."""

_EXACT_PIXELS = 15_000_000
"""Larger pictures of linear light are read with 8 bits, for which the memory suffices."""

_INVERSES = {6: 8, 8: 6}
"""Orientation that undoes another; the others undo themselves."""

warnings.filterwarnings("ignore", message="Pillow doesn't support 16 bit floats")

_FLOAT, _BYTE, _SHORT = np.dtype(np.float32), np.dtype(np.uint8), np.dtype(np.uint16)
_WHITE = {_FLOAT: 1, _BYTE: 255, _SHORT: 65535}


def open_frames(stream: BinaryIO) -> Frames:
    """Read the header of the picture data; see `readers.MODULES`."""
    package("pillow_jxl", "a JPEG XL picture")
    data = held(stream)
    header = read_header(data.getvalue())
    if header.unread:
        raise UnreadableImage(
            f"The JPEG XL picture {header.unread}.", "Save it as an RGB picture, or as PNG."
        )
    by_imagecodecs = _needs_imagecodecs(header)
    dtype = _dtype(header, all_numbers=by_imagecodecs)

    def read(_plane: int) -> NDArray[Any]:
        numbers = (_by_imagecodecs if by_imagecodecs else _by_plugin)(data, header)
        stated = (header.height, header.width, header.bands)
        if numbers.shape != stated:
            message = f"{numbers.shape} instead of {stated}"
            raise ValueError(message)
        if header.animated and numbers.min() == numbers.max():
            raise UnreadableImage(
                "The first frame of the JPEG XL animation shows nothing.",
                "Save another one as a picture of its own.",
            )
        return numbers.astype(dtype, copy=False)

    return Frames(
        kind="JPEG XL",
        height=header.height,
        width=header.width,
        bands=header.bands,
        dtype=dtype,
        read=read,
        colours="grey" if header.grey else "rgb",
        low=0,
        high=_WHITE[dtype],
        alpha=header.bands - 1 if header.alpha else None,
        premultiplied=header.premultiplied,
        orientation=header.orientation,
        needed_bytes=header.width * header.height * (_IMAGECODECS_BYTES if by_imagecodecs else _PLUGIN_BYTES),
        mode=f"{'grey' if header.grey else 'RGB'}, {header.bits}-bit{' float' if header.floats else ''}",
    )


def _needs_imagecodecs(header: Header) -> bool:
    """Whether the plug-in is wrong, or too coarse: 8 bits of linear light are few in the dark."""
    deep = header.floats or header.bits > 8
    if header.animated or (header.grey and header.alpha and deep):
        return True
    small = header.width * header.height <= _EXACT_PIXELS
    return deep and header.bands > 1 and header.linear and small and is_installed("imagecodecs")


def _dtype(header: Header, *, all_numbers: bool) -> np.dtype[Any]:
    """What is read; the plug-in brings colours, and grey with transparency, to 8 bits."""
    if all_numbers or (header.floats and header.bands == 1):
        return _FLOAT
    if header.bands > 1:
        return _BYTE
    return _BYTE if header.bits <= 8 else _SHORT


def _by_plugin(data: io.BytesIO, header: Header) -> NDArray[Any]:
    """The numbers as they are stored, not turned, in the colours of sRGB."""
    data.seek(0)
    image = Image.open(data, formats=("JXL",))
    image.load()
    numbers = np.asarray(image)
    numbers = numbers.reshape(*numbers.shape[:2], -1)
    if profile := image.info.get("icc_profile"):
        numbers = (_grey if header.grey else _colours)(numbers, profile)
    turned_by = 1 if getattr(image, "jpeg", False) else header.turned_by  # a packed JPEG comes as it was
    return turn(numbers, _INVERSES.get(turned_by, turned_by))


def _by_imagecodecs(data: io.BytesIO, header: Header) -> NDArray[np.float32]:
    """The numbers of the first frame as shares of white, as they are stored, not turned.

    The plug-in gives the last frame of an animation as the only one, and cuts numbers of more than 8 bits
    into bytes where there is grey with transparency.
    """
    imagecodecs = package("imagecodecs", "an animated JPEG XL picture, or one of grey with transparency")
    numbers = np.asarray(imagecodecs.jpegxl_decode(data.getvalue(), index=0, keeporientation=True))
    numbers = numbers if numbers.ndim > 2 else numbers[..., np.newaxis]
    white = 1 if numbers.dtype.kind == "f" else 2.0**header.bits - 1
    shares: NDArray[np.float32] = (numbers / white).astype(np.float32)
    if header.linear:
        colours = shares[..., : header.bands - header.alpha]
        colours[...] = encoded(colours)
    return shares


def _colours(numbers: NDArray[np.uint8], profile: bytes) -> NDArray[np.uint8]:
    """Follow a profile of red, green and blue."""
    image = Image.fromarray(np.ascontiguousarray(numbers[..., :3]))
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        shown = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"))
    except (OSError, ImageCms.PyCMSError):  # a profile that is damaged is ignored, as elsewhere
        return numbers
    return np.concatenate([np.asarray(shown), numbers[..., 3:]], axis=-1)


def _grey(numbers: NDArray[Any], profile: bytes) -> NDArray[Any]:
    """Follow a profile of grey: pictures of 16 bits and of floats are often linear."""
    ramp = Image.fromarray(np.arange(256, dtype=np.uint8)[np.newaxis])
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        shown = ImageCms.profileToProfile(ramp, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (OSError, ImageCms.PyCMSError):
        return numbers
    curve = np.asarray(shown)[0, :, 1]
    step = _WHITE[numbers.dtype] / 255
    grey = np.interp(numbers[..., :1] / step, np.arange(256), curve) * step
    followed = grey if numbers.dtype.kind == "f" else np.rint(grey)
    return np.concatenate([followed.astype(numbers.dtype), numbers[..., 1:]], axis=-1)
