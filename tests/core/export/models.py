"""Tiny models to export, with seeded random weights, so that their answers differ between pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.export.writing_step import write_step
from desktop_app.core.library.card import ClassLabel
from desktop_app.core.library.store import Library
from tests.tiny_model import colour_card

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.library.card import ModelCard

SIDE = 12


def network(*layers, classes: int = 3, final: str | None = "softmax", channels: int = 3, name: str = "tiny"):
    """Build a network of some layers, with a dense one at its end whose outputs spread."""
    import keras

    keras.utils.set_random_seed(3)
    kernel = keras.initializers.RandomNormal(stddev=0.05, seed=3)
    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE, channels)),
            *layers,
            keras.layers.Flatten(name="flat"),
            keras.layers.Dense(classes, activation=final, kernel_initializer=kernel, name="last"),
        ],
        name=name,
    )


def convolution(activation: str = "relu"):
    """A layer large enough for its weights to be rounded in int8."""
    import keras

    return keras.layers.Conv2D(40, 3, activation=activation, name="convolution")


def card(classes: int = 3, task: str = "classification", temperature: float = 1.3, **taken: Any) -> ModelCard:
    """Describe it."""
    labels = [ClassLabel(class_id=f"id-{number}", label=f"class {number}") for number in range(classes)]
    return colour_card("tiny").changed(
        task=task,
        classes=[label.model_dump() for label in labels],
        input={"height": SIDE, "width": SIDE, **taken},
        calibration={"temperature": temperature},
    )


def pictures(count: int = 6, seed: int = 0) -> np.ndarray:
    """Some pictures of random colours, uint8 ``(count, SIDE, SIDE, 3)``."""
    return np.random.default_rng(seed).integers(0, 256, (count, SIDE, SIDE, 3), np.uint8)


def installed(model, described: ModelCard | None = None) -> Library:
    """Put a model into the user's library, which is that of the test."""
    library = Library.default()
    library.add(described or card(), model.save)
    return library


def write_here(entry, form, precision, folder: Path, listening) -> None:
    """Write in this process, which has TensorFlow already."""
    write_step(entry, form, precision, folder, listening.tell)
