"""The textbook's convolutional network: convolution and pooling twice, then one fully connected layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop_app.core.training.recipes.common import AUGMENTATION, TRAINING, flat, hidden, penalty, whole
from desktop_app.core.training.recipes.defaults import batch_size_for, epochs_for, patience_for
from desktop_app.core.training.recipes.recipe import Block, Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop_app.core.training.settings.hyperparameters import Hyperparameters
    from desktop_app.core.training.settings.option import Value


def _layers(values: Hyperparameters, features: Any) -> Any:
    import keras

    layers = keras.layers
    for block, filters in enumerate((32, 64), start=1):
        features = layers.Conv2D(
            filters,
            3,
            padding="same",
            activation="relu",
            kernel_regularizer=penalty(values.l2),
            name=f"block{block}_convolution",
        )(features)
        features = layers.MaxPooling2D(2, name=f"block{block}_pool")(features)
    features = flat(features, values.units)
    return hidden(features, values.units, values)


def _defaults(pictures: int, _classes: int) -> Mapping[str, Value]:
    epochs = epochs_for(pictures, seen=300_000, low=10, high=60)
    return {
        "input_size": 64,
        "batch_size": batch_size_for(pictures, 64),
        "epochs": epochs,
        "early_stopping": patience_for(epochs),
        "dropout": 0.5,
        "flip": True,
        "rotation": 10.0,
        "zoom": 0.2,
        "shift": 0.1,
    }


RECIPE = Recipe(
    recipe_id="two-block-cnn",
    name="Small CNN",
    summary="Finds simple shapes, then combinations of them: a good start for photos and drawings.",
    origin="The convolutional network of many textbooks",
    sketch=(
        Block("input", "64 x 64"),
        Block("conv", "conv 32"),
        Block("pool", "pool"),
        Block("conv", "conv 64"),
        Block("pool", "pool"),
        Block("dense", "dense 128"),
        Block("dropout", "dropout"),
        Block("output", "output"),
    ),
    uses=TRAINING | AUGMENTATION | {"units", "dropout", "l2"},
    defaults_for=_defaults,
    build=whole("two_block_cnn", _layers),
    ranges={"input_size": (8, 256)},
)
