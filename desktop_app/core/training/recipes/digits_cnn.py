"""A network for handwritten digits: three convolutions, two tanh layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop_app.core.networks.own_layers import local_response_normalization
from desktop_app.core.training.recipes.common import GREY_AUGMENTATION, TRAINING, flat, hidden, penalty, whole
from desktop_app.core.training.recipes.defaults import batch_size_for, epochs_for
from desktop_app.core.training.recipes.recipe import Block, Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop_app.core.training.settings.hyperparameters import Hyperparameters
    from desktop_app.core.training.settings.option import Value

_CONVOLUTIONS = ((6, 6, 1), (12, 5, 2), (24, 4, 2))
"""Filters, side of the window and stride of each; their padding keeps small pictures possible."""


def _layers(values: Hyperparameters, features: Any) -> Any:
    import keras

    layers = keras.layers
    for number, (filters, window, stride) in enumerate(_CONVOLUTIONS, start=1):
        if number > 1:
            features = local_response_normalization()(name=f"normalise{number - 1}")(features)
        features = layers.Conv2D(
            filters,
            window,
            strides=stride,
            padding="same",
            activation="relu",
            kernel_regularizer=penalty(values.l2),
            name=f"convolution{number}",
        )(features)
    features = flat(features, values.units)
    for number, units in enumerate((values.units, 2 * values.units), start=1):
        features = hidden(features, units, values, "tanh", number)
    return features


def _defaults(pictures: int, _classes: int) -> Mapping[str, Value]:
    """A keep probability of 0.8, as older code has it, is a dropout rate of 0.2."""
    return {
        "input_size": 28,
        "batch_size": batch_size_for(pictures, 64),
        "epochs": epochs_for(pictures, seen=150_000, low=5, high=60),
        "optimizer": "sgd",
        "learning_rate": 0.05,
        "schedule": "exponential",
        "momentum": 0.9,
        "dropout": 0.2,
        "l2": 1e-4,
    }


RECIPE = Recipe(
    recipe_id="digits-cnn",
    name="Digits CNN",
    summary="Made for handwritten digits and other symbols.",
    origin="Local response normalisation (Krizhevsky, Sutskever and Hinton, 2012)",
    sketch=(
        Block("input", "28 x 28"),
        Block("conv", "conv 6"),
        Block("norm", "LRN"),
        Block("conv", "conv 12"),
        Block("norm", "LRN"),
        Block("conv", "conv 24"),
        Block("dense", "dense 128"),
        Block("dense", "dense 256"),
        Block("output", "output"),
    ),
    uses=TRAINING | GREY_AUGMENTATION | {"units", "dropout", "l2"},
    defaults_for=_defaults,
    build=whole("digits_cnn", _layers, channels=1),
    channels=1,
    ranges={"input_size": (8, 128)},
)
