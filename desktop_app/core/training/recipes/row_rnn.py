"""A recurrent network that reads a picture row by row, from above and from below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop_app.core.training.recipes.common import AUGMENTATION, TRAINING, dropped, penalty, whole
from desktop_app.core.training.recipes.defaults import batch_size_for, epochs_for, patience_for
from desktop_app.core.training.recipes.recipe import Block, Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop_app.core.training.settings.hyperparameters import Hyperparameters
    from desktop_app.core.training.settings.option import Value


def _layers(values: Hyperparameters, features: Any) -> Any:
    import keras

    layers = keras.layers
    # Each row is one time step; its pixels, three numbers each, are the features of that step.
    features = layers.Reshape((values.input_size, values.input_size * 3), name="rows")(features)
    features = layers.Bidirectional(
        layers.LSTM(values.units, kernel_regularizer=penalty(values.l2), name="lstm"), name="both_ways"
    )(features)
    return dropped(features, values.dropout)


def _defaults(pictures: int, _classes: int) -> Mapping[str, Value]:
    epochs = epochs_for(pictures, seen=150_000, low=5, high=60)
    return {
        "input_size": 32,
        "batch_size": batch_size_for(pictures, 64),
        "epochs": epochs,
        "early_stopping": patience_for(epochs),
        "learning_rate": 0.002,
        "units": 64,
        "dropout": 0.2,
    }


RECIPE = Recipe(
    recipe_id="row-rnn",
    name="Row-reading RNN",
    summary="Reads a picture row by row, from both ends: for learning how an RNN works.",
    origin="Bidirectional LSTM (Hochreiter and Schmidhuber, 1997; Schuster and Paliwal, 1997)",
    sketch=(
        Block("input", "32 x 32"),
        Block("flatten", "32 rows"),
        Block("recurrent", "LSTM 2 x 64"),
        Block("dropout", "dropout"),
        Block("output", "output"),
    ),
    uses=TRAINING | AUGMENTATION | {"units", "dropout", "l2"},
    defaults_for=_defaults,
    build=whole("row_rnn", _layers),
    ranges={"input_size": (8, 256), "units": (4, 1024)},
)
