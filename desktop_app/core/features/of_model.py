"""Features by a model that gives nothing else, in place of the small ImageNet network."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.classify.loader import load_features
from desktop_app.core.features.extract import FeatureSource
from desktop_app.core.inference.choice import AUTOMATIC

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from desktop_app.core.features.extract import Compute
    from desktop_app.core.images.decoding.fitting import Fit, View
    from desktop_app.core.inference.choice import EngineChoice
    from desktop_app.core.library.store import Library

_VERSION = 1
"""Grows with what is computed differently."""


def source_of_model(
    model_id: str,
    library: Library,
    choice: EngineChoice = AUTOMATIC,
    tell: Callable[[str], None] = lambda _sentence: None,
) -> tuple[FeatureSource, Compute]:
    """Load a model for features; its features are kept in a file of their own.

    Args:
        model_id: The model.
        library: The library that it is in.
        choice: Which engine and numbers the user wants.
        tell: Callback for what is being done, where it takes long.

    Returns:
        What the features depend on, and the function that computes them.

    Raises:
        ModelError: There is no such model, it gives labels or amounts, or it cannot be loaded.
        EngineError: The engine does not start.
    """
    classifier = load_features(model_id, library, choice, tell)
    card = classifier.card
    described = card.model_dump_json(include={"weights_sha256", "architecture", "input"})
    digest = hashlib.sha256(described.encode()).hexdigest()
    # A thin picture is squashed as by the small network: parts of it would be other pictures.
    fitting = card.input.fitting()._replace(in_parts=False, fit=_one_view(card.input.fit))
    source = FeatureSource(
        f"{digest} {classifier.by.precision} {_VERSION}",
        classifier.width,
        fitting,
        f"features-{digest[:16]}.db",
    )

    def compute(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        outputs = classifier.outputs(list(pixels))
        return np.asarray(classifier.probabilities(outputs), np.float32)

    return source, compute


def _one_view(fit: Fit) -> View:
    """One view of each picture: the crop of those that are seen in both ways."""
    return "squash" if fit == "squash" else "crop"
