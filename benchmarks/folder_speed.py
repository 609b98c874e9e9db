"""Measures how much quicker a folder is classified as a job than picture by picture.

``python -m benchmarks.folder_speed [FOLDER] [--model everyday] [--count 500] [--batch-size 32] [--jobs N]
[--rounds 5]``: classifies the pictures of a folder, or generated JPEGs of 1200 x 900 pixels, in one process
by turns as ``sightline classify FOLDER`` does and in a loop of single predictions. Prints the median pictures
a second of both, and the median of the ratios of neighbouring rounds.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from desktop_app.core.batch.answering import BATCH_SIZE
from desktop_app.core.batch.job import Job
from desktop_app.core.batch.runner import run
from desktop_app.core.batch.spec import JobSpec
from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.devices.cpu import cpu_count
from desktop_app.core.errors import UnreadableImage
from desktop_app.core.images.folders import find_pictures
from desktop_app.core.images.load import load_source
from desktop_app.core.images.sources import FileSource
from desktop_app.core.library.store import EVERYDAY_ID, Library

if TYPE_CHECKING:
    from desktop_app.core.classify.classifier import Classifier


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", metavar="FOLDER")
    parser.add_argument("--model", default=EVERYDAY_ID)
    parser.add_argument("--count", type=int, default=500, help="pictures to generate, or to take at most")
    parser.add_argument("--batch-size", type=int, default=BATCH_SIZE)
    parser.add_argument("--jobs", type=int, help="pictures to read at the same time")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    classifier = load_classifier(options.model, Library.default())
    print(f"{classifier.card.name} on the {classifier.device}, {cpu_count()} cores")
    with tempfile.TemporaryDirectory() as name:
        pictures = _pictures(options.folder, Path(name), options.count)
        together, singly = [], []
        for number in range(options.rounds + 1):
            pair = (_as_job(classifier, pictures, Path(name), options), _one_by_one(classifier, pictures))
            if number:  # the first round compiles, and brings the files into memory
                together.append(len(pictures) / pair[0])
                singly.append(len(pictures) / pair[1])
    ratios = [job / loop for job, loop in zip(together, singly, strict=True)]
    print(f"{len(pictures)} pictures, medians of {options.rounds} rounds:")
    print(f"as a job:      {statistics.median(together):8.1f} pictures per second")
    print(f"one by one:    {statistics.median(singly):8.1f} pictures per second")
    print(f"ratio:         {statistics.median(ratios):8.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


def _pictures(folder: Path | None, scratch: Path, count: int) -> list[Path]:
    if folder is not None:
        return list(find_pictures(folder))[:count]
    random = np.random.default_rng(0)
    paths = []
    for number in range(count):
        coarse = Image.fromarray(random.integers(0, 256, (90, 120, 3), dtype=np.uint8))
        paths.append(scratch / f"{number}.jpg")
        coarse.resize((1200, 900), Image.Resampling.BICUBIC).save(paths[-1])
    return paths


def _as_job(
    classifier: Classifier, pictures: list[Path], scratch: Path, options: argparse.Namespace
) -> float:
    """Seconds, from nothing to a job on the disk with every answer."""
    started = time.perf_counter()
    with Job(scratch / "measured.job", JobSpec.for_card(classifier.card, pictures)) as job:
        run(job, classifier, batch_size=options.batch_size, parallel=options.jobs)
        job.delete()
    return time.perf_counter() - started


def _one_by_one(classifier: Classifier, pictures: list[Path]) -> float:
    """Seconds for the same without a job, as the command answers single files."""
    started = time.perf_counter()
    spec = classifier.card.input
    for path in pictures:
        try:
            image = load_source(FileSource(path), needed=(spec.height, spec.width))
        except UnreadableImage:
            continue
        classifier.predict([image])
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
