"""Models that are right by construction and do something else than choose one of several classes.

Of a picture, the network of `tiny_model` gives the mean of red, green and blue over 64.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.inference.choice import AnsweredBy
from desktop_app.core.library.card import ClassLabel, ModelCard
from tests.tiny_model import COLOURS, colour_card, colour_network

if TYPE_CHECKING:
    from desktop_app.core.library.store import InstalledModel, Library

LABELS = {"task": "multi-label", "outputs": "logits", "thresholds": (0.5, 0.9, 0.5)}
"""Red, green and blue, each by itself; green only where there is much of it."""

AMOUNTS = {"task": "regression", "units": ("EUR", "", "kg")}

FEATURES = {"task": "embedding", "classes": ()}


def card_of(changes: dict, model_id: str = "colours") -> ModelCard:
    """Describe the network otherwise."""
    return colour_card(model_id).changed(**changes)


def install(library: Library, changes: dict, model_id: str = "colours") -> InstalledModel:
    """Put it into a library; its last activation is none."""
    return library.add(card_of(changes, model_id), lambda path: colour_network(final="linear").save(path))


class MeansNetwork:
    """What `colour_network` computes, without an engine."""

    by = AnsweredBy("openvino", "float32", "CPU")
    outputs = len(COLOURS)
    at_once = 1000
    calls_at_once = 1

    def __init__(self, kind: str = "logits") -> None:
        self.kind = kind

    def run(self, pixels):
        return [(pixels.astype(np.float64).mean(axis=(1, 2)) / 64).astype(np.float32)]


def plain(red: int, green: int, blue: int, height: int = 8, width: int = 8):
    """A picture of one colour."""
    return np.full((height, width, 3), (red, green, blue), np.uint8)


def label(name: str) -> ClassLabel:
    """A class of that name."""
    return ClassLabel(class_id=name, label=name)
