"""A network that needs no TensorFlow, a decoder without threads, and pictures that are made quickly."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.batch.job.job import Job
from desktop_app.core.batch.job.spec import JobSpec
from desktop_app.core.batch.run.decoding import read_or_reason
from tests.tiny_model import colour_card

if TYPE_CHECKING:
    from pathlib import Path


class FakeClassifier:
    """Predicts the softmax of the mean of each channel over 64, like `tiny_model.colour_network`."""

    def __init__(self, card=None):
        self.card = card or colour_card()
        self.batches = []

    def outputs(self, prepared, batch_size=16):
        self.batches.append(len(prepared))
        return np.stack(prepared).mean(axis=(1, 2)).astype(np.float32) / 64

    def probabilities(self, outputs):
        values = np.exp(outputs.astype(np.float64))
        return values / values.sum(axis=1, keepdims=True)


class SerialDecoder:
    """Decodes a picture when it is taken."""

    def __init__(self, prepare, *, ahead, parallel=None):
        self._prepare = prepare
        self._waiting = deque()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        pass

    @property
    def pending(self):
        return len(self._waiting)

    def add(self, pictures):
        self._waiting.extend(pictures)

    def take(self, count):
        count = min(count, len(self._waiting))
        return [read_or_reason(*self._waiting.popleft(), self._prepare) for _ in range(count)]


COLOURS = ((250, 0, 0), (0, 250, 0), (0, 0, 250))


def write_picture(path: Path, colour=COLOURS[0], size=(8, 8)) -> Path:
    """Write a small PPM by hand: 30 us, where Pillow needs ten times as long."""
    path.parent.mkdir(parents=True, exist_ok=True)
    width, height = size
    path.write_bytes(b"P6 %d %d 255\n" % (width, height) + bytes(colour) * (width * height))
    return path


def make_folder(folder: Path, count: int) -> Path:
    """Fill a folder with pictures in three colours by turns."""
    for number in range(count):
        write_picture(folder / f"{number}.ppm", COLOURS[number % 3])
    return folder


def spec_for(*sources: Path, **options) -> JobSpec:
    """Ask the fake classifier about some sources."""
    return JobSpec.for_card(options.pop("card", None) or colour_card(), sources, **options)


def new_job(path: Path, *sources: Path, **options) -> Job:
    """Make a job."""
    return Job(path, spec_for(*sources, **options))
