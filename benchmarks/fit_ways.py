"""Measures how accurate a model is with each image fit, for the choice on its card.

``python -m benchmarks.fit_ways FOLDER... [--model everyday] [--share 0.875]``: each folder holds pictures in
folders named like the model's classes (id, label or plural), or files whose names begin with a class's id, as
``n02123045_tabby.jpg``. Each picture is squashed, cropped to the share and to the largest square, and both
squashed and cropped, with the mean of the outputs. Prints top-1 and top-5 of each with Wilson's 95% interval,
and against squashing how many pictures each way alone gets right, with the p-value of McNemar's exact test.
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from benchmarks.frame.labelled import labelled
from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.decode import read_fitted
from desktop_app.core.images.decoding.fitting import Fitting
from desktop_app.core.library.store import Library
from desktop_app.core.networks.input_spec import PUBLISHED_CROP
from desktop_app.core.training.records.intervals import wilson_interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.networks.input_spec import Fit

AT_ONCE = 64


class Way(NamedTuple):
    """An image fit as a card describes it."""

    fit: Fit
    crop_share: float

    @property
    def words(self) -> str:
        """A name for the table."""
        return "squash" if self.fit == "squash" else f"{self.fit} {self.crop_share:g}"


class Score(NamedTuple):
    """How a way did.

    Attributes:
        first: Whether the first label is right, for each picture.
        five: Whether one of the first five is right, for each picture.
        seconds: Time of decoding and of the network, for all pictures.
    """

    first: NDArray[np.bool_]
    five: NDArray[np.bool_]
    seconds: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--model", default="everyday")
    parser.add_argument(
        "--share", type=float, default=PUBLISHED_CROP, help="share of the largest crop (0.875)"
    )
    options = parser.parse_args()
    classifier = load_classifier(options.model, Library.default())
    classes = classifier.card.classes
    pictures = [found for folder in options.folders for found in labelled(folder, classes)]
    if not pictures:
        raise SystemExit("There is no picture whose class the model knows.")
    ways = list(dict.fromkeys(ways_for(options.share)))
    scores = measured(classifier, pictures, ways)
    count = len(next(iter(scores.values())).first)
    print(f"{count} of {len(pictures)} pictures readable, {classifier.card.name}, {classifier.device}")
    print(f"on its card: {classifier.card.input.fit_words}")
    for line in table(scores):
        print(line)


def ways_for(share: float) -> tuple[Way, ...]:
    """The ways to compare, squashing first."""
    return (
        Way("squash", 1.0),
        Way("crop", share),
        Way("crop", 1.0),
        Way("both", share),
        Way("both", 1.0),
    )


def measured(classifier: Classifier, pictures: list[tuple[int, Path]], ways: list[Way]) -> dict[Way, Score]:
    """Classify every picture in every way; unreadable ones are left out."""
    spec = classifier.card.input
    found: dict[Way, list[NDArray[np.float64]]] = {way: [] for way in ways}
    seconds = dict.fromkeys(ways, 0.0)
    truth: list[int] = []
    for start in range(0, len(pictures), AT_ONCE):
        readable = []
        for index, path in pictures[start : start + AT_ONCE]:
            try:
                read_fitted(path, Fitting(spec.height, spec.width, "squash"))
            except UnreadableImage:
                continue
            readable.append(path)
            truth.append(index)
        for way in ways:
            started = time.perf_counter()
            prepared = [
                read_fitted(path, Fitting(spec.height, spec.width, way.fit, way.crop_share))
                for path in readable
            ]
            found[way].append(classifier.probabilities(classifier.outputs(prepared)))
            seconds[way] += time.perf_counter() - started
    right = np.array(truth)[:, None]
    scores = {}
    for way, rows in found.items():
        ranked = np.argsort(-np.concatenate(rows), axis=1, kind="stable")[:, :5] == right
        scores[way] = Score(ranked[:, 0], ranked.any(axis=1), seconds[way])
    return scores


def table(scores: dict[Way, Score]) -> list[str]:
    """The scores as lines for the terminal."""
    base = next(iter(scores.values())).first
    lines = [f"{'way':<11} {'top-1':>6} {'95% interval':>16} {'top-5':>6} {'ms each':>8}   against squashing"]
    for way, score in scores.items():
        count, hits = len(score.first), int(score.first.sum())
        low, high = wilson_interval(hits, count)
        better, worse = int((score.first & ~base).sum()), int((base & ~score.first).sum())
        lines.append(
            f"{way.words:<11} {hits / count:6.1%} {low:7.1%} to {high:5.1%} {score.five.mean():6.1%} "
            f"{1000 * score.seconds / count:8.1f}   "
            + (f"+{better} -{worse}, p = {mcnemar(better, worse):.3g}" if score.first is not base else "")
        )
    return lines


def mcnemar(better: int, worse: int) -> float:
    """The exact two-sided p-value (McNemar, 1947) that two ways are equally good.

    Args:
        better: Pictures that only the one way gets right.
        worse: Pictures that only the other way gets right.
    """
    count = better + worse
    tail = sum(math.comb(count, hits) for hits in range(min(better, worse) + 1))
    return min(1.0, 2 * tail / (1 << count))


if __name__ == "__main__":
    main()
