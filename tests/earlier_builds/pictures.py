"""The pictures that the kept runs, jobs and journals are about: the same bytes on every computer."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SIDE = 8
CHANGED = 1_700_000_000
"""When every picture was last changed, in seconds since 1970: journals and the scan cache remember it."""

CLASSES = ("black", "red", "grün, hell", "blue")
_COLOURS = ((0, 0, 0), (140, 0, 0), (0, 140, 0), (0, 0, 140))


def pixels(name: str, colour: tuple[int, int, int]) -> NDArray[np.uint8]:
    """Make noise in 0..119 on a colour; hashed, as the numbers of NumPy may change with its version."""
    noise = np.frombuffer(hashlib.shake_256(name.encode()).digest(SIDE * SIDE * 3), np.uint8)
    return (noise.reshape(SIDE, SIDE, 3) % 120 + np.array(colour)).astype(np.uint8)


def samples(count: int = 4) -> list[NDArray[np.uint8]]:
    """Make pictures to ask a model about, of all colours by turns."""
    return [pixels(f"sample {number}", _COLOURS[number % 4]) for number in range(count)]


def write_picture(path: Path, colour: tuple[int, int, int]) -> None:
    """Write a PPM by hand, as the bytes of a PNG depend on who compresses it."""
    content = b"P6 %d %d 255\n" % (SIDE, SIDE) + pixels(path.name, colour).tobytes()
    _write(path, content)


def write_pictures(folder: Path) -> None:
    """Write everything that the kept files refer to.

    Args:
        folder: To be filled with ``two`` (12 pictures of each of two classes), ``four`` (10 of each of
            four), ``one`` (3 of one class), ``loose`` (6 pictures and an empty file), ``many`` (12) and
            ``nothing``.
    """
    for name, classes, count in (("two", 2, 12), ("four", 4, 10), ("one", 1, 3)):
        for label in range(classes):
            for number in range(count):
                path = folder / name / CLASSES[label] / f"{CLASSES[label]} {number:02}.ppm"
                write_picture(path, _COLOURS[label])
    for name, count in (("loose", 6), ("many", 12)):
        for number in range(count):
            write_picture(folder / name / f"{name} {number:02}.ppm", _COLOURS[number % 4])
    _write(folder / "loose" / "deep" / "broken.ppm", b"")
    (folder / "nothing").mkdir()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (CHANGED, CHANGED))
