"""Measures a model on class folders with the app's own decoder and classifier.

``python -m benchmarks.accuracy FOLDER... [--model everyday]``: each folder holds one folder per class, named
like a class of the model (id, label or plural). Prints top-1, top-5, the expected calibration error with and
without the stored temperature, and the median time of the network for a single picture.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.frame.labelled import labelled
from desktop_app.core.classify.calibration import expected_calibration_error
from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.decode import read_fitted
from desktop_app.core.library.store import Library

if TYPE_CHECKING:
    from desktop_app.core.classify.classifier import Classifier

TIMED_PICTURES = 200


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--model", default="everyday")
    parser.add_argument("--fit", choices=("squash", "crop", "both"))
    options = parser.parse_args()
    classifier = load_classifier(options.model, Library.default())
    fitting = classifier.card.input.fitting(options.fit)
    inputs, truth, unreadable = [], [], 0
    for folder in options.folders:
        for index, path in labelled(folder, classifier.card.classes):
            try:
                picture = read_fitted(path, fitting)
            except UnreadableImage:
                unreadable += 1
                continue
            inputs.append(picture)
            truth.append(index)
    _report(classifier, inputs, np.array(truth), unreadable)


def _report(classifier: Classifier, inputs: list[np.ndarray], truth: np.ndarray, unreadable: int) -> None:
    outputs = classifier.outputs(inputs)
    probabilities, plain = classifier.probabilities(outputs), classifier.probabilities(outputs, 1.0)
    ranked = np.argsort(-probabilities, axis=1)
    print(f"{len(truth)} pictures, {unreadable} unreadable, {classifier.card.name}, {classifier.device}")
    print(f"top-1 {(ranked[:, 0] == truth).mean():.4f}")
    print(f"top-5 {(ranked[:, :5] == truth[:, None]).any(axis=1).mean():.4f}")
    for index in np.unique(truth):
        of_class = truth == index
        label = classifier.card.classes[index].label
        print(f"  {label:<12} {(ranked[of_class, 0] == index).mean():.4f} of {of_class.sum()}")
    before, after = (expected_calibration_error(p, truth) for p in (plain, probabilities))
    print(f"expected calibration error {before:.4f} at temperature 1, {after:.4f} as stored")
    seconds = []
    for picture in inputs[:TIMED_PICTURES]:
        started = time.perf_counter()
        classifier.predict_prepared([picture])
        seconds.append(time.perf_counter() - started)
    print(f"one picture: median {statistics.median(seconds) * 1000:.2f} ms")


if __name__ == "__main__":
    main()
