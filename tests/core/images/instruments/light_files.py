"""OpenEXR files of the scene."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import OpenEXR

from tests.core.images.instruments.raw_files import linear


def saved(channels, **header):
    """The bytes of a file.

    Args:
        channels: The numbers by the names of their channels.
        header: More attributes of the header.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.exr"
        fields = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage, **header}
        OpenEXR.File(fields, channels).write(str(path))
        return path.read_bytes()


def window(left, top, right, bottom):
    """A window of the header, right and bottom included."""
    return np.array([left, top], np.int32), np.array([right, bottom], np.int32)


def variants(colours, grey):
    """The scene in all its forms, as bytes of files by name."""
    light = linear(colours).astype(np.float32)
    height, width = grey.shape
    opaque = np.concatenate([light, np.ones((height, width, 1), np.float32)], axis=-1)
    bright = linear(grey).astype(np.float32)
    return {
        "half": saved({"RGB": light.astype(np.float16)}),
        "float": saved({"RGB": light}),
        "float, uncompressed": saved({"RGB": light}, compression=OpenEXR.NO_COMPRESSION),
        "float, PIZ": saved({"RGB": light}, compression=OpenEXR.PIZ_COMPRESSION),
        "tiled": saved({"RGB": light}, type=OpenEXR.tiledimage, tiles=OpenEXR.TileDescription()),
        "with transparency": saved({"RGBA": opaque}),
        "one brightness": saved({"Y": bright}),
        "a layer": saved({f"beauty.{name}": light[..., band].copy() for band, name in enumerate("RGB")}),
        "data window at a corner": saved(
            {"RGB": light},
            dataWindow=window(10, 20, 10 + width - 1, 20 + height - 1),
            displayWindow=window(10, 20, 10 + width - 1, 20 + height - 1),
        ),
    }
