"""Which formats are read here, and by what; each reader is imported when its first file comes."""

from __future__ import annotations

import importlib
import logging
from functools import cache
from typing import TYPE_CHECKING, BinaryIO

from desktop_app.core.foundation.errors import UnreadableImage

if TYPE_CHECKING:
    from types import ModuleType

    from desktop_app.core.images.science.frames import Frames

# What they find odd about a file is not for terminal and log: the user reads our own sentence.
for _name in ("imagecodecs", "tifffile"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

_IMAGES = __package__.rpartition(".")[0]

MODULES = {
    "CZI": "instruments.czi",
    "DICOM": "instruments.dicom",
    "EXR": "instruments.exr",
    "FITS": "instruments.fits",
    "JPEG 2000": "instruments.jpeg2000",
    "JPEG XL": "instruments.jpegxl",
    "NIfTI": "instruments.nifti",
    "PNG": "science.png",
    "RAW": "instruments.raw",
    "TIFF": "science.tiff",
}
"""Module of `core.images` for each format, by the name that `sniff.picture_format` gives it. Each has a
function ``open_frames(stream) -> Frames | None``, which reads the header; the stream stays open while the
frames are used. None stands for a picture that Pillow reads right: its decoder of that name opens it."""


def open_frames(kind: str, stream: BinaryIO) -> Frames | None:
    """Read the header of a file; None leaves it to Pillow.

    Args:
        kind: Name of its format, a key of `MODULES`.
        stream: The file, at its beginning.

    Raises:
        UnreadableImage: It cannot be read, or a package for it is missing.
        Exception: Whatever a package raises on a damaged file; `failures.one_error` puts it into words.
    """
    frames: Frames | None = _module(kind).open_frames(stream)
    return frames


@cache
def _module(kind: str) -> ModuleType:
    return importlib.import_module(f"{_IMAGES}.{MODULES[kind]}")


def package(name: str, kind: str) -> ModuleType:
    """Import a package that not every copy of Sightline has.

    Args:
        name: Name of the module.
        kind: What needs it, as a sentence names it: "a DICOM picture".

    Raises:
        UnreadableImage: It is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise UnreadableImage(
            f"This is {kind}, and what reads such files is not installed.",
            'Install it with: pip install "sightline[science]"',
        ) from error
