"""The first convolutional network of many courses: one convolution, one hidden layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop_app.core.training.recipes.common import AUGMENTATION, TRAINING, flat, hidden, penalty, whole
from desktop_app.core.training.recipes.defaults import batch_size_for, epochs_for
from desktop_app.core.training.recipes.recipe import Block, Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop_app.core.training.settings.hyperparameters import Hyperparameters
    from desktop_app.core.training.settings.option import Value


def _layers(values: Hyperparameters, features: Any) -> Any:
    import keras

    layers = keras.layers
    features = layers.Conv2D(
        32, 3, activation="relu", kernel_regularizer=penalty(values.l2), name="convolution"
    )(features)
    features = layers.MaxPooling2D(2, name="pool")(features)
    features = flat(features, values.units)
    return hidden(features, values.units, values)


def _defaults(pictures: int, _classes: int) -> Mapping[str, Value]:
    """The tutorial's own values, which were made for 8,000 pictures; fewer epochs for many more."""
    return {
        "input_size": 64,
        "batch_size": batch_size_for(pictures, 32),
        "epochs": epochs_for(pictures, seen=200_000, low=5, high=25),
        "shear": 0.2,
        "zoom": 0.2,
        "flip": True,
    }


RECIPE = Recipe(
    recipe_id="cats-dogs-cnn",
    name="Tiny CNN",
    summary="The smallest network that looks for shapes: trains in minutes, good for a first try.",
    origin="The classic tutorial on photos of cats and dogs",
    sketch=(
        Block("input", "64 x 64"),
        Block("conv", "conv 32"),
        Block("pool", "pool"),
        Block("flatten", "flatten"),
        Block("dense", "dense 128"),
        Block("output", "output"),
    ),
    uses=TRAINING | AUGMENTATION | {"units", "dropout", "l2"},
    defaults_for=_defaults,
    build=whole("cats_dogs_cnn", _layers, one_unit=True),
    ranges={"input_size": (8, 256)},
)
