"""Measures the ImageNet networks in the box on photos, and compares them with the published ones.

``python -m benchmarks.imagenet FOLDER...``: each folder holds photos whose names begin with their class's id,
as ``n02123045_tabby.jpg``, or that lie in folders named so. Prints for each network top-1 and top-5 with
Wilson's 95% interval, the temperature that fits these photos best beside the one on the card, and the
expected calibration error with both. For the 60 photos of
https://github.com/EliSchwartz/imagenet-sample-images (@bc69043) whose answers by the published network are in
``imagenet_photos.json``, also the largest difference of a probability, on pixels prepared as there.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from benchmarks.frame.labelled import labelled
from desktop_app.core.classify.calibration import (
    expected_calibration_error,
    fit_temperature,
    unsure_threshold,
)
from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.foundation.text import percent
from desktop_app.core.images.decoding.decode import read_fitted
from desktop_app.core.library.imagenet.published import NETWORKS
from desktop_app.core.library.store import Library
from desktop_app.core.training.records.intervals import wilson_interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from desktop_app.core.classify.classifier import Classifier

PUBLISHED = Path(__file__).parent / "imagenet_photos.json"
"""Class and probability of the five best answers to each photo, by torch 2.15 and the package
efficientnet_lite_pytorch 0.1.0."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    options = parser.parse_args()
    for network in NETWORKS:
        classifier = load_classifier(network.model_id, Library.default())
        photos = [found for folder in options.folders for found in labelled(folder, classifier.card.classes)]
        _report(classifier, photos)
        published = json.loads(PUBLISHED.read_text(encoding="utf-8"))[network.variant.name]
        paths = [path for _, path in photos if path.name in published]
        if paths:
            largest = _largest_difference(classifier, paths, [published[path.name] for path in paths])
            print(f"  against the published network, {len(paths)} photos: at most {largest:.1e} apart")


def _report(classifier: Classifier, photos: Sequence[tuple[int, Path]]) -> None:
    truth = np.array([index for index, _ in photos])
    fitting = classifier.card.input.fitting()
    outputs = classifier.outputs([read_fitted(path, fitting) for _, path in photos])
    probabilities, plain = classifier.probabilities(outputs), classifier.probabilities(outputs, 1.0)
    ranked = np.argsort(-probabilities, axis=1)
    print(f"{classifier.card.name}: {len(truth)} photos, {classifier.card.input.fit_words}")
    for top in (1, 5):
        right = int((ranked[:, :top] == truth[:, None]).any(axis=1).sum())
        low, high = wilson_interval(right, len(truth))
        print(f"  top-{top} {percent(right / len(truth))} ({percent(low)} to {percent(high)})")
    best = fit_temperature(np.log(np.clip(plain, 1e-45, None)), truth)
    before, after = (expected_calibration_error(found, truth) for found in (plain, probabilities))
    print(f"  temperature {classifier.card.calibration.temperature:.2f} on the card, best here {best:.2f}")
    threshold = unsure_threshold(probabilities, truth)
    below = classifier.card.calibration.not_sure_below
    print(f"  not sure below {percent(below)} on the card, best here {percent(threshold)}")
    print(f"  calibration error {before:.3f} at temperature 1, {after:.3f} as on the card")


def _largest_difference(
    classifier: Classifier, paths: Sequence[Path], published: Sequence[Sequence[tuple[int, float]]]
) -> float:
    """Compare probabilities of pixels that are prepared as they were for the published network."""
    size = classifier.card.input.height
    found = classifier.outputs([_centre(path, size) for path in paths])
    return max(
        abs(float(row[index]) - probability)
        for row, best in zip(found, published, strict=True)
        for index, probability in best
    )


def _centre(path: Path, size: int) -> NDArray[np.uint8]:
    """The middle 87.5% of a photo, scaled from its full size by Pillow's bicubic filter."""
    with Image.open(path) as image:
        photo = image.convert("RGB")
    side = 0.875 * min(photo.size)
    left, top = (photo.width - side) / 2, (photo.height - side) / 2
    box = (left, top, left + side, top + side)
    return np.asarray(photo.resize((size, size), Image.Resampling.BICUBIC, box=box))


if __name__ == "__main__":
    main()
