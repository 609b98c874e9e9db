"""Measures the way of one 12-megapixel JPEG file to its five labels, beside the way of the tutorials.

``python -m benchmarks picture_speed [--data FOLDER]``: VGG19 with the same weights both ways, warm, by turns.
That both ask the same network is checked on a picture that needs no resizing; how they resize differs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from benchmarks.frame import peers, prepared
from benchmarks.frame.command import as_module
from benchmarks.frame.figure import Figure, Goal
from benchmarks.frame.naive import Naive
from benchmarks.frame.networks import card_and_network
from benchmarks.frame.pictures import large_photo
from benchmarks.frame.turns import seconds, take_turns
from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.images.load import load_fitted, load_source
from desktop_app.core.images.sources import FileSource
from desktop_app.core.library.download.vgg19_weights import VGG19_ID
from desktop_app.core.library.store import Library

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.frame.plan import Plan
    from desktop_app.core.classify.classifier import Classifier

TOLERANCE = 1e-4


def measure(plan: Plan) -> list[Figure]:
    """Label the file both ways."""
    prepared.vgg19()
    classifier = load_classifier(VGG19_ID, Library.default())
    naive = Naive(*card_and_network(VGG19_ID))
    photo = large_photo(plan)
    note = _check_same(classifier, naive, plan.scratch / "ready.png")
    found = take_turns(
        {
            "sightline": lambda: seconds(lambda: _top_five(classifier, photo)),
            "naive": lambda: seconds(lambda: naive.top_five(photo)),
        },
        plan.count(1, 2) * plan.runs,
    )
    own, other = (tuple(1000 * sample for sample in found[way]) for way in ("sightline", "naive"))
    what = "12-megapixel JPEG file to top five, VGG19, warm"
    against = "`load_img`, `preprocess_input`, `model.predict`, `decode_predictions`"
    return [Figure(what, against, "ms", own, other, Goal(0.6), note, digits=0)]


def _top_five(classifier: Classifier, path: Path) -> object:
    """Squashed, as the usual code does it."""
    spec = classifier.card.input
    return classifier.predict_prepared([load_fitted(FileSource(path), spec.fitting("squash"))])


def _check_same(classifier: Classifier, naive: Naive, path: Path) -> str:
    spec = classifier.card.input
    pixels = np.random.default_rng(2).integers(0, 256, (spec.height, spec.width, 3), np.uint8)
    Image.fromarray(pixels).save(path)
    ours = classifier.outputs([load_source(FileSource(path))])[0]
    found = peers.check_same(ours, naive.probabilities(path), "Keras", TOLERANCE)
    return f"For a picture of the network's size {found}."


if __name__ == "__main__":
    as_module("picture_speed")
