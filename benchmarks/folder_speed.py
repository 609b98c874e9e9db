"""Measures how much quicker a folder is classified as a job than picture by picture.

``python -m benchmarks.folder_speed [FOLDER] [--model everyday] [--count 500] [--batch-size 32] [--jobs N]
[--rounds 5]``: classifies the pictures of a folder, or generated JPEGs of 1200 x 900 pixels, in one process
by turns as ``sightline classify FOLDER`` does and in a loop of single predictions. Prints the median pictures
a second of both, and the median of the ratios of neighbouring rounds. ``python -m benchmarks folder_speed``
measures the job beside the way of the tutorials and beside onnxruntime behind a pool of decoding threads.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from benchmarks.frame import peers, prepared
from benchmarks.frame.figure import Figure, Goal
from benchmarks.frame.naive import Naive
from benchmarks.frame.networks import card_and_network
from benchmarks.frame.pictures import generated, photos
from benchmarks.frame.turns import seconds as timed
from benchmarks.frame.turns import take_turns
from desktop_app.core.batch.job.job import Job
from desktop_app.core.batch.job.spec import JobSpec
from desktop_app.core.batch.run.answering import BATCH_SIZE
from desktop_app.core.batch.run.runner import run
from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.devices.cpu import cpu_count
from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.decode import QUALITY_MARGIN, SMALLEST_REDUCED_SIDE
from desktop_app.core.images.folders import find_pictures
from desktop_app.core.images.load import load_fitted
from desktop_app.core.images.sources import FileSource
from desktop_app.core.library.download.vgg19_weights import VGG19_ID
from desktop_app.core.library.store import EVERYDAY_ID, Library

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from numpy.typing import NDArray

    from benchmarks.frame.plan import Plan
    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.networks.input_spec import InputSpec

TOLERANCE = 1e-3
"""Largest difference of probabilities for a picture that needs no resizing."""


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


def measure(plan: Plan) -> list[Figure]:
    """Classify a folder with Everyday and with VGG19, each in several ways by turns."""
    prepared.vgg19()
    figures = []
    for model_id, count, goal in (
        (VGG19_ID, plan.count(4, 48, 500), 1.3),
        (EVERYDAY_ID, plan.count(20, 500), 2.0),
    ):
        figures += _compare(plan, model_id, photos(plan, count), goal)
    return figures


def _compare(plan: Plan, model_id: str, pictures: list[Path], goal: float) -> list[Figure]:
    classifier = load_classifier(model_id, Library.default())
    card, network = card_and_network(model_id)
    naive = Naive(card, network)
    settings = argparse.Namespace(batch_size=BATCH_SIZE, jobs=None)
    looped = pictures[: max(4, len(pictures) // 5)]  # a loop's rate does not depend on their number
    ready = plan.scratch / f"ready-{model_id}.png"
    Image.open(pictures[0]).convert("RGB").resize((card.input.width, card.input.height)).save(ready)
    spec = card.input
    few = [ready, *pictures[:3]]
    ours = classifier.outputs([load_fitted(FileSource(path), spec.fitting("squash")) for path in few])
    apart = peers.check_same(ours[0], naive.probabilities(ready), "Keras", TOLERANCE)
    notes = {"loop": f"For a picture of the network's size {apart}."}
    ways: dict[str, Callable[[], float]] = {
        "job": lambda: _as_job(classifier, pictures, plan.scratch, settings),
        "loop": lambda: (
            timed(lambda: [naive.top_five(path) for path in looped]) * len(pictures) / len(looped)
        ),
    }
    missing = peers.missing("onnxruntime", "onnx", "tf2onnx")
    if not missing:
        pool = _Pool(spec, network, plan.scratch / f"{model_id}.onnx")
        apart = peers.check_same(ours, pool.answers(few), "onnxruntime", TOLERANCE)
        notes["pool"] = f"{apart[0].upper()}{apart[1:]}."
        ways["pool"] = lambda: timed(lambda: pool.answers(pictures))
        if spec.width < SMALLEST_REDUCED_SIDE // QUALITY_MARGIN:  # for larger ones it makes no difference
            notes["coarse"] = (
                "Other pixels and so other answers: JPEGs at down to 1/8, and a bilinear resize."
            )
            ways["coarse"] = lambda: timed(lambda: pool.answers(pictures, coarsely=True))
    seconds = take_turns(ways, plan.runs)
    rates = {way: tuple(len(pictures) / sample for sample in found) for way, found in seconds.items()}
    what = f"folder of {len(pictures)} photos, end to end, {card.name}"
    return [
        Figure(
            what, against, "pictures/s", rates["job"], rates.get(way, ()),
            None if limit is None else Goal(limit, at_least=True),
            notes.get(way, ""), reason,
        )
        for way, against, limit, reason in (
            ("loop", "loop over `load_img` and `model.predict`", goal, ""),
            ("pool", "onnxruntime behind a pool of decoding threads", 1.0, missing),
            ("coarse", "the same, decoding coarsely", None, missing),
        )
        if way in ways or reason
    ]  # fmt: skip


class _Pool:
    """onnxruntime fed by threads that decode: what somebody who cares for speed would write in an hour."""

    def __init__(self, spec: InputSpec, network: Any, file: Path) -> None:
        import tensorflow as tf

        self._spec = spec
        if spec.preprocessing == "vgg19":
            peers.vgg19_to_onnx(network, file)
        else:
            shape = (None, spec.height, spec.width, 3)
            peers.small_to_onnx(lambda pixels: network(pixels, training=False), shape, tf.float32, file)
        self._run = peers.onnxruntime(file)

    def answers(self, pictures: list[Path], *, coarsely: bool = False) -> NDArray[np.float32]:
        """Probabilities ``(N, classes)``; batches are decoded while the network works on those before.

        Args:
            pictures: Files.
            coarsely: Whether to decode as quickly as Pillow can, not to the pixels that Sightline takes.
        """
        found = []
        with ThreadPoolExecutor(cpu_count()) as threads:
            decoded = threads.map(partial(self._decode, coarsely=coarsely), pictures)
            for _ in range(0, len(pictures), BATCH_SIZE):
                pixels = np.stack(list(islice(decoded, BATCH_SIZE)))
                answer = self._run(pixels)
                if self._spec.mirrored:
                    answer = (answer + self._run(np.ascontiguousarray(pixels[:, :, ::-1]))) * np.float32(0.5)
                found.append(answer)
        return np.concatenate(found)

    def _decode(self, path: Path, *, coarsely: bool) -> NDArray[np.float32]:
        size = (self._spec.width, self._spec.height)
        least = size if coarsely else [max(QUALITY_MARGIN * side, SMALLEST_REDUCED_SIDE) for side in size]
        how = Image.Resampling.BILINEAR if coarsely else Image.Resampling.BICUBIC
        with Image.open(path) as picture:
            picture.draft("RGB", (least[0], least[1]))
            pixels = np.asarray(picture.convert("RGB").resize(size, how), np.float32)
        if self._spec.preprocessing == "vgg19":
            return pixels[..., ::-1] - np.array([103.939, 116.779, 123.68], np.float32)
        return pixels


def _pictures(folder: Path | None, scratch: Path, count: int) -> list[Path]:
    if folder is not None:
        return list(find_pictures(folder))[:count]
    paths = [scratch / f"{number}.jpg" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(generated(1200, 900, seed=number))
    return paths


def _as_job(
    classifier: Classifier, pictures: list[Path], scratch: Path, options: argparse.Namespace
) -> float:
    """Seconds, from nothing to a job on the disk with every prediction."""
    started = time.perf_counter()
    with Job(scratch / "measured.job", JobSpec.for_card(classifier.card, pictures, fit="squash")) as job:
        run(
            job,
            classifier,
            batch_size=options.batch_size,
            parallel=options.jobs,
            make_executor=ThreadPoolExecutor,
        )
        job.delete()
    return time.perf_counter() - started


def _one_by_one(classifier: Classifier, pictures: list[Path]) -> float:
    """Seconds for the same without a job, as the command classifies single files."""
    started = time.perf_counter()
    spec = classifier.card.input
    for path in pictures:
        try:
            image = load_fitted(FileSource(path), spec.fitting("squash"))
        except UnreadableImage:
            continue
        classifier.predict_prepared([image])
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
