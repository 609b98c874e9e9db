"""Camera RAW by LibRaw: what the sensor saw, developed; never the thumbnail that the file holds beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from PIL import Image

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.instruments.streams import held
from desktop_app.core.images.science.frames import Frames
from desktop_app.core.images.science.readers import package

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WHOLE_PIXELS = 30_000_000
"""Larger sensors are developed at half their width: four numbers of the mosaic become a pixel."""

_RAW_BYTES, _DEVELOPED_BYTES = 4, 16
"""Bytes that LibRaw takes for a number of the mosaic, with a copy, and for a developed pixel."""

_LYING = 4
"""Bit of LibRaw's ``flip`` for a picture whose sides are exchanged."""

_LIGHT: dict[str, Any] = {
    "use_camera_wb": True,
    # As bright as it was taken: stretched to its own brightest pixel, a dim picture looks like a bright one.
    "no_auto_bright": True,
    "adjust_maximum_thr": 0.0,
    "gamma": (2.4, 12.92),  # sRGB's
    "output_bps": 8,
}

_INTERPOLATION = "LINEAR"
"""Others look sharper and are up to 4 of 255 off in smooth areas, this one 2 (measured on drawn mosaics)."""

_EXPORT = "Export it as JPEG or TIFF from the camera's own program or another raw converter, then try again."


def open_frames(stream: BinaryIO) -> Frames:
    """Read the header; see `readers.MODULES`."""
    rawpy = package("rawpy", "a raw camera file")
    data = held(stream)
    try:
        with rawpy.imread(data) as raw:
            sizes, kind = raw.sizes, raw.raw_type
    except rawpy.LibRawError as error:
        raise _refusal(rawpy, error) from error
    if kind not in (rawpy.RawType.Flat, rawpy.RawType.Stack):
        raise UnreadableImage("This raw camera file holds no picture of a sensor.", _EXPORT)
    count = int(sizes.raw_width) * int(sizes.raw_height)
    half = count > _WHOLE_PIXELS
    height, width = ((int(side) + half) // (1 + half) for side in (sizes.iheight, sizes.iwidth))
    if int(sizes.flip) & _LYING:
        height, width = width, height

    def read(_plane: int) -> NDArray[Any]:
        data.seek(0)
        try:
            with rawpy.imread(data) as raw:
                way = rawpy.DemosaicAlgorithm[_INTERPOLATION]
                pixels = raw.postprocess(half_size=half, demosaic_algorithm=way, **_LIGHT)
        except rawpy.LibRawError as error:
            raise _refusal(rawpy, error) from error
        return _as_stated(pixels, height, width)

    return Frames(
        kind="RAW",
        height=height,
        width=width,
        bands=3,
        dtype=np.dtype(np.uint8),
        read=read,
        colours="rgb",
        needed_bytes=count * _RAW_BYTES + height * width * _DEVELOPED_BYTES,
        mode="RGB, developed from a camera's raw numbers",
    )


def _as_stated(pixels: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    """Colours of the size that was stated: sensors with diamond grids have another one when developed."""
    colours = np.repeat(pixels, 3, axis=-1) if pixels.shape[-1] == 1 else pixels[..., :3]
    if colours.shape[:2] == (height, width):
        return colours
    return np.asarray(Image.fromarray(colours).resize((width, height), Image.Resampling.LANCZOS))


def _refusal(rawpy: Any, error: Exception) -> Exception:
    if isinstance(error, rawpy.LibRawUnsufficientMemoryError):
        return MemoryError()
    if isinstance(error, rawpy.LibRawFileUnsupportedError):
        reason = "This is a raw camera file of a kind, or from a camera, that cannot be developed here."
    else:
        reason = "This is a raw camera file, and LibRaw cannot develop it: part of it is missing or unusual."
    return UnreadableImage(reason, _EXPORT)
