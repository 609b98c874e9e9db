"""A multi-layer perceptron: every pixel is a separate input, and no layer knows which are neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop_app.core.training.recipes.common import AUGMENTATION, TRAINING, flat, hidden, whole
from desktop_app.core.training.recipes.defaults import batch_size_for, epochs_for
from desktop_app.core.training.recipes.recipe import Block, Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop_app.core.training.settings.hyperparameters import Hyperparameters
    from desktop_app.core.training.settings.option import Value


def _layers(values: Hyperparameters, features: Any) -> Any:
    import keras

    features = flat(features, values.units)
    # Dark symbols on white paper make all inputs large together, from which a dense layer learns badly.
    features = keras.layers.LayerNormalization(center=False, scale=False, name="standardise")(features)
    for number, units in enumerate((values.units, max(1, values.units // 2)), start=1):
        features = hidden(features, units, values, number=number)
    return features


def _defaults(pictures: int, _classes: int) -> Mapping[str, Value]:
    return {
        "input_size": 32,
        "batch_size": batch_size_for(pictures, 64),
        "epochs": epochs_for(pictures, seen=150_000, low=5, high=60),
        "schedule": "cosine",
        "units": 256,
        "dropout": 0.2,
    }


RECIPE = Recipe(
    recipe_id="mlp",
    name="Multi-layer perceptron",
    summary="Plain layers on the raw pixels: very fast, enough for digits and icons, weak on photos.",
    origin="The multi-layer perceptron (Rumelhart, Hinton and Williams, 1986)",
    sketch=(
        Block("input", "32 x 32"),
        Block("flatten", "flatten"),
        Block("dense", "dense 256"),
        Block("dropout", "dropout"),
        Block("dense", "dense 128"),
        Block("dropout", "dropout"),
        Block("output", "output"),
    ),
    uses=TRAINING | AUGMENTATION | {"units", "dropout", "l2"},
    defaults_for=_defaults,
    build=whole("mlp", _layers),
    ranges={"input_size": (8, 128)},
)
