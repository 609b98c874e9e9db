"""A tiny data set whose pictures have several labels at once."""

from __future__ import annotations

import csv

import numpy as np
from PIL import Image

from desktop_app.core.datasets.answers import Answers

ALL = Answers(several="all", without_labels="keep")
NAMES = ("blue", "green", "red")


def make_labelled(folder, count=48, side=8):
    """Noisy pictures, in which each label makes one colour bright; every eighth has none."""
    random = np.random.default_rng(0)
    folder.mkdir(parents=True)
    rows = []
    for number in range(count):
        own = (
            []
            if number % 8 == 0
            else [
                name for bit, name in enumerate(NAMES) if (number % 8) >> bit & 1 and (bit < 2 or number % 3)
            ]
        )
        pixels = random.integers(0, 100, (side, side, 3))
        for name in own:
            pixels[..., {"red": 0, "green": 1, "blue": 2}[name]] += 150
        Image.fromarray(pixels.astype(np.uint8)).save(folder / f"{number:03}.png")
        rows.append((f"{number:03}.png", "|".join(own)))
    with (folder / "labels.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("file", "labels"), *rows])
    return folder
