"""JPEG 2000 by Pillow (OpenJPEG), stretched by the depth that the file states (ISO/IEC 15444-1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np
from PIL import Jpeg2KImagePlugin

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.instruments.streams import held
from desktop_app.core.images.science.frames import Frames

if TYPE_CHECKING:
    import io

    from numpy.typing import NDArray

_SIZES = b"\xff\x4f\xff\x51"
"""Start of a codestream and of its first segment, which gives sizes and depths (A.5.1)."""

_SPACE = re.compile(rb"colr\x01..(....)", re.DOTALL)
"""The number of a colour space (I.5.3.3)."""

_GREY, _YCC = (17).to_bytes(4, "big"), (18).to_bytes(4, "big")

_EXPORT = "Save it as an RGB picture, or as TIFF, then try again."
_MOST_COMPONENTS = 4
_BYTES = 10
"""Bytes for each number: OpenJPEG keeps 32 bits of it, twice while a wavelet is undone."""

_MODES = {"L": "grey", "I;16": "grey", "LA": "grey", "RGB": "rgb", "RGBA": "rgb", "P": "rgb", "CMYK": "rgb"}


_WHITE = {np.dtype(np.uint8): 255, np.dtype(np.uint16): 65535}


class _Component(NamedTuple):
    """What a file states of one of its colours.

    Attributes:
        bits: Bits of each number.
        step: Distances of its numbers in pixels of the picture, across and down.
        signed: Whether its numbers have a sign.
    """

    bits: int
    step: tuple[int, int]
    signed: bool


def open_frames(stream: BinaryIO) -> Frames:
    """Read the header; see `readers.MODULES`."""
    data = held(stream)
    components = _components(data.getvalue())
    if len(components) > _MOST_COMPONENTS:
        raise UnreadableImage(
            f"The JPEG 2000 picture has {len(components)} channels; at most {_MOST_COMPONENTS} are read.",
            _EXPORT,
        )
    boxes = data.getvalue()[: data.getvalue().find(_SIZES)]
    image = Jpeg2KImagePlugin.Jpeg2KImageFile(data)
    if image.mode not in _MODES:
        raise UnreadableImage(f"The JPEG 2000 picture is of a kind ({image.mode}) that is not read.", _EXPORT)
    width, height = image.size
    only_grey = _SPACE.search(boxes)
    bands_apart = only_grey is not None and only_grey[1] == _GREY and len(components) > 2
    if bands_apart or (len(components) > 2 and max(component.bits for component in components) > 8):
        return _by_imagecodecs(data, components, (width, height), boxes, bands_apart=bands_apart)
    sixteen = image.mode == "I;16"
    bands = {"L": 1, "I;16": 1, "LA": 2, "RGBA": 4}.get(image.mode, 3)
    scales = np.array([_scale(component.bits, sixteen=sixteen) for component in components])
    scales = np.ones(1) if image.mode in {"P", "CMYK"} or (scales == 1).all() else scales[:bands]
    dtype = np.dtype(np.uint16 if sixteen else np.uint8)

    def read(_plane: int) -> NDArray[Any]:
        image.load()
        colours = image.convert("RGB") if image.mode in {"P", "CMYK"} else image
        numbers = np.asarray(colours).reshape(height, width, bands)
        if (scales == 1).all():
            return numbers
        stretched: NDArray[Any] = np.rint(numbers * scales).clip(0, _WHITE[dtype]).astype(dtype)
        return stretched

    return Frames(
        kind="JPEG 2000",
        height=height,
        width=width,
        bands=bands,
        dtype=dtype,
        read=read,
        colours="grey" if bands < 3 else "rgb",
        low=0,
        high=_WHITE[dtype],
        alpha=bands - 1 if bands in {2, 4} and _last_is_alpha(boxes, bands) else None,
        profile=image.info.get("icc_profile"),
        needed_bytes=width * height * (len(components) * _BYTES + 8 * bands),
        mode=f"{image.mode}, {components[0].bits}-bit",
    )


def _by_imagecodecs(
    data: io.BytesIO, components: list[_Component], size: tuple[int, int], boxes: bytes, *, bands_apart: bool
) -> Frames:
    """Read channels that are no colours, or colours of more than 8 bits.

    Pillow rounds the latter to 8 bits, and white, which becomes 256, to 0.
    """
    import imagecodecs

    space = _SPACE.search(boxes)
    bits = components[0].bits
    if len(set(components)) > 1 or components[0].signed or (space is not None and space[1] == _YCC):
        raise UnreadableImage(
            "The JPEG 2000 picture has channels of different kinds, or brightness and colour of more than "
            "8 bits.",
            _EXPORT,
        )
    width, height = size
    bands = len(components)
    dtype = np.dtype(np.uint8 if bits <= 8 else np.uint16)

    def read(_plane: int) -> NDArray[Any]:
        numbers = np.asarray(imagecodecs.jpeg2k_decode(data.getvalue())).reshape(height, width, bands)
        return numbers.astype(dtype, copy=False)

    return Frames(
        kind="JPEG 2000",
        height=height,
        width=width,
        bands=bands,
        dtype=dtype,
        read=read,
        colours="bands" if bands_apart else "rgb",
        low=0,
        high=2**bits - 1,
        alpha=bands - 1 if bands == 4 and _last_is_alpha(boxes, bands) else None,
        needed_bytes=width * height * bands * (_BYTES + dtype.itemsize),
    )


def _last_is_alpha(boxes: bytes, bands: int) -> bool:
    """Whether the file calls the last channel transparency (I.5.3.6); a near infrared one is none.

    Args:
        boxes: What stands before the picture's data.
        bands: Number of channels.
    """
    at = boxes.find(b"cdef")
    count = int.from_bytes(boxes[at + 4 : at + 6], "big") if at >= 0 else 0
    entries = [boxes[at + 6 + 6 * number : at + 12 + 6 * number] for number in range(count)]
    return any(entry[:4] in {_word(bands - 1) + _word(1), _word(bands - 1) + _word(2)} for entry in entries)


def _word(number: int) -> bytes:
    return number.to_bytes(2, "big")


def _scale(bits: int, *, sixteen: bool) -> float:
    """What brings white to the end of the type: Pillow only shifts numbers of fewer bits to the left."""
    if sixteen:
        return 65535 / ((2**bits - 1) << (16 - bits)) if bits < 16 else 1.0
    return 255 / ((2**bits - 1) << (8 - bits)) if bits < 8 else 1.0


def _components(data: bytes) -> list[_Component]:
    at = data.find(_SIZES)
    count = int.from_bytes(data[at + 40 : at + 42], "big") if at >= 0 else 0
    stated = data[at + 42 : at + 42 + 3 * count]
    if not count or len(stated) < 3 * count:
        raise EOFError
    return [
        _Component((stated[start] & 0x7F) + 1, (stated[start + 1], stated[start + 2]), stated[start] > 0x7F)
        for start in range(0, 3 * count, 3)
    ]
