"""A network that needs no TensorFlow, and pictures that are made quickly."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.batch.job.job import Job
from desktop_app.core.batch.job.spec import JobSpec
from desktop_app.core.batch.run import answering
from desktop_app.core.inference.choice import AnsweredBy
from tests.tiny_model import colour_card

if TYPE_CHECKING:
    from pathlib import Path


class FakeClassifier:
    """Predicts the softmax of the mean of each channel over 64, like `tiny_model.colour_network`."""

    by = AnsweredBy("openvino", "float32", "CPU (2 cores)")

    def __init__(self, card=None):
        self.card = card or colour_card()
        self.batches = []
        self.unlike = None

    def outputs(self, prepared, batch_size=16):
        self.batches.append(len(prepared))
        return np.stack(prepared).mean(axis=(1, 2)).astype(np.float32) / 64

    def distances(self, outputs):
        """Call pictures unlike whose strongest channel is the one of this number; None cannot tell."""
        if self.unlike is None:
            return [None] * len(outputs)
        return [2.0 if best == self.unlike else 0.5 for best in outputs.argmax(axis=1).tolist()]

    def parts(self, outputs):
        """See every picture whole."""
        return [None] * len(outputs)

    def probabilities(self, outputs):
        values = np.exp(outputs.astype(np.float64))
        return values / values.sum(axis=1, keepdims=True)


def note_threads(monkeypatch) -> set[str]:
    """Note the names of the threads that decode pictures."""
    read, names = answering.read_or_reason, set()

    def noting(picture, **more):
        names.add(threading.current_thread().name)
        return read(picture, **more)

    monkeypatch.setattr(answering, "read_or_reason", noting)
    return names


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
