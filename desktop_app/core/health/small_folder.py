"""A tiny folder to train on, cut from the sample pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

SIDE = 32
"""Pixels."""
SUBSETS = {"train": 2, "validation": 1, "test": 2}
"""Pictures of each class."""
_STEP = 8
"""Each cutting begins this share of the picture's side further inside; no two are the same."""


def write_small_folder(folder: Path, pictures: Mapping[Path, NDArray[np.uint8]]) -> None:
    """Write class folders split into subsets, each class cut from one picture.

    Args:
        folder: Folder to create.
        pictures: RGB ``(H, W, 3)`` by file; the file's name names the class.
    """
    for path, pixels in pictures.items():
        picture = Image.fromarray(pixels)
        number = 0
        for subset, count in SUBSETS.items():
            target = folder / subset / path.stem
            target.mkdir(parents=True, exist_ok=True)
            for _ in range(count):
                left, top = picture.width * number // (2 * _STEP), picture.height * number // (2 * _STEP)
                cut = picture.crop((left, top, picture.width, picture.height))
                cut.resize((SIDE, SIDE)).save(target / f"{number}.png")
                number += 1
