"""Pictures of one colour, and features that stand for the network's: the colour and a common part."""

from __future__ import annotations

import numpy as np
from PIL import Image

from desktop_app.core.networks.efficientnet_lite import FEATURES

COLOURS = {"red": (220, 20, 20), "green": (20, 200, 20), "blue": (20, 20, 210)}


def make_compute():
    """Make what is handed to `features_of`."""

    def compute(pixels):
        colours = pixels.reshape(len(pixels), -1, 3).mean(axis=1)
        vectors = np.ones((len(pixels), FEATURES), np.float32)
        vectors[:, :3] = colours
        return vectors

    return compute


def make_pictures(folder, each=6):
    """Save pictures of three colours, a little different, side by side in one folder."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(each):
        for name, colour in COLOURS.items():
            path = folder / f"{number} {name}.png"
            Image.new("RGB", (24, 24), tuple(value + number for value in colour)).save(path)
            paths.append(path)
    return paths


def colour_of(path):
    """The colour in a picture's name."""
    return path.stem.split()[1]
