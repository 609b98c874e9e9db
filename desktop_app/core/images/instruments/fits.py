"""FITS by astropy: the first picture of a file, tables refused by name (FITS 4.0)."""

from __future__ import annotations

import math
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.instruments.streams import held
from desktop_app.core.images.science.frames import Frames
from desktop_app.core.images.science.readers import package

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_UNITS = 1_000
_COLOUR_AXES = frozenset({"RGB", "COLOR", "COLOUR"})
"""What the third axis is called whose planes are red, green and blue; three planes alone are slices."""
_REFUSED_PACKING = "HCOMPRESS_1"
"""What the decoder does with damaged files of this kind would end the process."""


def open_frames(stream: BinaryIO) -> Frames:
    """Read the headers up to the first picture; see `readers.MODULES`."""
    fits = _prepared()
    units = fits.open(held(stream), memmap=False, lazy_load_hdus=True, mode="readonly")
    unit = _first_picture(fits, units)
    shape = tuple(int(side) for side in unit.shape)
    height, width = shape[-2:]
    above = shape[:-2]
    dtype = _dtype(unit.header)

    coloured = above == (3,) and str(unit.header.get("CTYPE3", "")).strip().upper() in _COLOUR_AXES

    def read(plane: int) -> NDArray[Any]:
        if coloured:
            return np.ma.stack(
                [_typed(np.asarray(unit.section[band])[::-1], dtype) for band in range(3)], axis=-1
            )
        place = tuple(int(number) for number in np.unravel_index(plane, above)) if above else ()
        numbers = np.asarray(unit.section[(*place, slice(None), slice(None))])
        return _typed(numbers[::-1], dtype)[..., np.newaxis]  # the first row is the lowest of the picture

    return Frames(
        kind="FITS",
        height=height,
        width=width,
        bands=3 if coloured else 1,
        dtype=dtype,
        read=read,
        colours="rgb" if coloured else "grey",
        planes=1 if coloured else math.prod(above),
        plane_word="slices",
        needed_bytes=height * width * (72 if coloured else 24),
    )


@cache
def _prepared() -> Any:
    """Import astropy and make it quiet; it never asks a server for anything."""
    fits = package("astropy.io.fits", "a FITS picture")
    package("astropy.utils.iers", "a FITS picture").conf.auto_download = False
    package("astropy.utils.data", "a FITS picture").conf.allow_internet = False
    warnings.filterwarnings("ignore", module=r"astropy\.")
    return fits


def _first_picture(fits: Any, units: Any) -> Any:
    """The first unit of a file that has at least two sides.

    Raises:
        UnreadableImage: There is none.
    """
    tables = 0
    for number in range(_MOST_UNITS):
        try:
            unit = units[number]
        except IndexError:
            break
        if isinstance(unit, fits.GroupsHDU):
            raise UnreadableImage(
                "The FITS file holds random groups, as radio telescopes write them, which are no picture.",
                _EXPORT,
            )
        if not unit.is_image:
            tables += 1
            continue
        if str(unit.header.get("ZCMPTYPE", _packing(unit))).strip().upper() == _REFUSED_PACKING:
            raise UnreadableImage(
                f"The FITS picture is compressed with {_REFUSED_PACKING}, which is not unpacked here.",
                "Unpack it with funpack, or compress it with RICE, then try again.",
            )
        shape = unit.shape
        if shape is not None and len(shape) >= 2 and math.prod(shape):
            return unit
    what = "only tables and no picture" if tables else "no picture, only numbers in one line or none at all"
    raise UnreadableImage(f"This FITS file holds {what}.", _EXPORT)


def _packing(unit: Any) -> str:
    """How a unit is compressed; empty for one that is not."""
    return str(getattr(unit, "compression_type", "") or "")


_EXPORT = "Choose a FITS file with a picture, or save a picture of it as TIFF or PNG."


def _typed(numbers: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Mask what stands for nothing (BLANK), which makes floats with not-a-number of all integers."""
    if dtype.kind == "f" or numbers.dtype.kind != "f":
        return numbers.astype(dtype, copy=False)
    nothing = np.isnan(numbers)
    masked: NDArray[Any] = np.ma.masked_array(np.where(nothing, 0, numbers).astype(dtype), nothing)
    return masked


def _dtype(header: Any) -> np.dtype[Any]:
    """What the numbers are once they are scaled."""
    bits = int(header["BITPIX"])
    zero, slope = float(header.get("BZERO", 0)), float(header.get("BSCALE", 1))
    if bits < 0:
        return np.dtype(np.float32 if bits == -32 and (zero, slope) == (0, 1) else np.float64)
    if slope == 1 and zero == 0:
        return np.dtype(np.uint8 if bits == 8 else f"i{bits // 8}")
    if slope == 1 and bits == 8 and zero == -128:
        return np.dtype(np.int8)
    if slope == 1 and bits > 8 and zero == 2 ** (bits - 1):
        return np.dtype(f"u{bits // 8}")
    return np.dtype(np.float64)
