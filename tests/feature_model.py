"""A tiny network with a layer of features, and a bank of two tight clusters: red and green pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.library.feature_bank import FeatureBank, measured
from tests.tiny_model import colour_card

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.library.installed_model import InstalledModel
    from desktop_app.core.library.store import Library

RED, GREEN, BLUE = (245, 5, 5), (5, 245, 5), (5, 5, 245)


def plain(colour, side=8):
    """Make a picture of one colour."""
    return np.full((side, side, 3), colour, np.uint8)


def feature_network(name: str = "features", side: int = 8):
    """Build a network whose features are the mean of each channel, and whose logits are these over 64."""
    import keras

    picture = keras.Input((side, side, 3))
    means = keras.layers.GlobalAveragePooling2D(name=name)(keras.layers.Rescaling(1 / 64)(picture))
    return keras.Model(picture, keras.layers.Activation("softmax")(means))


def known_features(count: int = 20) -> np.ndarray:
    """The features of pictures that are nearly red or nearly green: float32 ``(2 * count, 3)``."""
    changes = np.random.default_rng(0).integers(-10, 11, (2 * count, 3))
    return np.clip(np.repeat([RED, GREEN], count, axis=0) + changes, 0, 255).astype(np.float32) / 64


def red_and_green() -> FeatureBank:
    """Their bank."""
    bank = measured(known_features(), np.empty((0, 3)), 20)
    assert bank is not None
    return bank


def install_feature_model(library: Library, model_id: str = "colours") -> InstalledModel:
    """Put the network with its bank into a library; needs TensorFlow."""

    def write(path: Path) -> None:
        feature_network().save(path)

    return library.add(colour_card(model_id), write, bank=red_and_green())
