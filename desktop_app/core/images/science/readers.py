"""Which formats are read here, and by what; each reader is imported when its first file comes."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import threading
from functools import cache
from typing import TYPE_CHECKING, BinaryIO

from desktop_app.core.foundation.build_info import packaged_folder
from desktop_app.core.foundation.errors import UnreadableImage

if TYPE_CHECKING:
    from types import ModuleType

    from desktop_app.core.images.science.frames import Frames

_importing = threading.RLock()
"""Held while a package is imported: many have modules in circles, which two threads may not enter at once."""

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
        with _importing:
            return importlib.import_module(name)
    except ImportError as error:
        raise UnreadableImage(
            f"This is {kind}, and what reads such files is not installed.", how_to_install()
        ) from error


def is_installed(name: str) -> bool:
    """Whether a package can be imported; it is not."""
    try:
        return importlib.util.find_spec(name) is not None
    except ValueError:  # somebody has taken it out of the loaded modules
        return False


def how_to_install() -> str:
    """What to do about a package that is missing."""
    if packaged_folder() is None:
        return 'Install it with: pip install "sightline[science]"'
    return (
        "The packaged app is without it: install Sightline from its sources, or save the file as TIFF or PNG."
    )
