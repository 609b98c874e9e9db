"""CZI files of the scene."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from pylibCZIrw import czi


def saved(planes, *, location=(0, 0), compression="uncompressed:"):
    """The bytes of a file.

    Args:
        planes: Numbers ``(height, width, 1 or 3)``, colours with blue first, and where each lies.
        location: Where the picture begins on the table.
        compression: As pylibCZIrw takes it.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.czi"
        with czi.create_czi(str(path), compression_options=compression) as writer:
            for place, numbers in planes:
                writer.write(np.ascontiguousarray(numbers), plane=place, location=location)
        return path.read_bytes()


def variants(colours, grey):
    """The scene in all its forms, as bytes of files by name."""
    sixteen = (grey.astype(np.uint16) * 257)[..., np.newaxis]
    blue_first = colours[..., ::-1]
    return {
        "8 bits": saved([({}, grey[..., np.newaxis])]),
        "16 bits": saved([({}, sixteen)]),
        "float": saved([({}, (grey / 255).astype(np.float32)[..., np.newaxis])]),
        "colours": saved([({}, blue_first)]),
        "colours of 16 bits": saved([({}, blue_first.astype(np.uint16) * 257)]),
        "elsewhere on the table": saved([({}, sixteen)], location=(-500, 300)),
        "planes": saved([({"Z": 0}, sixteen), ({"Z": 1}, sixteen // 2)]),
        "packed": saved([({}, sixteen)], compression="zstd0:ExplicitLevel=3"),
    }
