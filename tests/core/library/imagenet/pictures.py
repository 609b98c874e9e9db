"""Pictures that are the same on every computer, to compare networks on."""

from __future__ import annotations

import numpy as np

COUNT = 60


def made_pictures(size):
    """Coloured waves, blobs and stripes.

    Args:
        size: Height and width in pixels.

    Returns:
        RGB, uint8 ``(COUNT, size, size, 3)``.
    """
    across = np.linspace(0, 1, size)
    y, x = np.meshgrid(across, across, indexing="ij")
    pictures = np.empty((COUNT, size, size, 3), np.uint8)
    for number in range(COUNT):
        random = np.random.default_rng(number)
        canvas = np.zeros((size, size, 3))
        for _ in range(3 + number % 5):
            colour = random.uniform(-1, 1, 3)
            fx, fy, phase, cx, cy, width = random.uniform(0, 1, 6)
            wave = np.sin(2 * np.pi * (12 * fx * x + 12 * fy * y + phase))
            blob = np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (0.02 + 0.2 * width) ** 2)
            canvas += (wave if number % 2 else wave * blob + blob)[..., None] * colour
        pictures[number] = np.clip(127.5 + 90 * canvas, 0, 255).round()
    return pictures
