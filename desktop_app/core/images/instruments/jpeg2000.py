"""JPEG 2000 by Pillow (OpenJPEG), stretched by the depth that the file states (ISO/IEC 15444-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np
from PIL import Jpeg2KImagePlugin

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.instruments.streams import held
from desktop_app.core.images.science.frames import Frames

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIZES = b"\xff\x4f\xff\x51"
"""Start of a codestream and of its first segment, which gives sizes and depths (A.5.1)."""

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
    """

    bits: int
    step: tuple[int, int]


def open_frames(stream: BinaryIO) -> Frames:
    """Read the header; see `readers.MODULES`."""
    data = held(stream)
    components = _components(data.getvalue())
    if len(components) > _MOST_COMPONENTS:
        raise UnreadableImage(
            f"The JPEG 2000 picture has {len(components)} channels; at most {_MOST_COMPONENTS} are read.",
            _EXPORT,
        )
    image = Jpeg2KImagePlugin.Jpeg2KImageFile(data)
    if image.mode not in _MODES:
        raise UnreadableImage(f"The JPEG 2000 picture is of a kind ({image.mode}) that is not read.", _EXPORT)
    width, height = image.size
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
        alpha=bands - 1 if bands in {2, 4} else None,
        profile=image.info.get("icc_profile"),
        needed_bytes=width * height * (len(components) * _BYTES + 8 * bands),
        mode=f"{image.mode}, {components[0].bits}-bit",
    )


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
        _Component((stated[start] & 0x7F) + 1, (stated[start + 1], stated[start + 2]))
        for start in range(0, 3 * count, 3)
    ]
