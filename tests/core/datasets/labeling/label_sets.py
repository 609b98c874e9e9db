"""Pictures with labels in files beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from desktop_app.core.datasets.answers import NO_ANSWERS, Answers
from desktop_app.core.datasets.labeling.understanding import understand
from desktop_app.core.foundation.cancellation import NEVER

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.datasets.layout.layout import Layout


def pictures(folder: Path, *names: str) -> None:
    """Write small pictures of noise, each another one."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        random = np.random.default_rng(sum(name.encode()) + len(name))
        Image.fromarray(random.integers(0, 256, (12, 12, 3), np.uint8)).save(path)


def numbered(folder: Path, count: int, pattern: str = "{:03}.png") -> list[str]:
    """Write pictures with numbers; returns their names."""
    names = [pattern.format(number) for number in range(count)]
    pictures(folder, *names)
    return names


def mask(path: Path) -> None:
    """Write a picture of two values."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.zeros((12, 12), np.uint8)
    pixels[3:7, 4:9] = 255
    Image.fromarray(pixels).save(path)


def labels_of(folder: Path, answers: Answers = NO_ANSWERS) -> dict[str, str]:
    """The labels of the pictures that get theirs from a file, by their paths in the folder."""
    layout = layout_of(folder, answers)
    return {
        picture.path.relative_to(folder).as_posix(): layout.classes[picture.label]
        for picture in layout.pictures
    }


def layout_of(folder: Path, answers: Answers = NO_ANSWERS) -> Layout:
    """The classes and subsets of a folder."""
    return understand(folder, NEVER, answers)
