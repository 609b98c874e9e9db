"""Transfer learning: VGG19's features, learned from 1.3 million photos, with a new head."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.library.vgg19 import backbone
from desktop_app.core.library.vgg19 import layout as vgg19_layout
from desktop_app.core.training.recipes.common import TRAINING, hidden, probabilities
from desktop_app.core.training.recipes.defaults import batch_size_for, epochs_for, patience_for
from desktop_app.core.training.recipes.recipe import Block, Network, Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from desktop_app.core.training.settings.hyperparameters import Hyperparameters
    from desktop_app.core.training.settings.option import Value


def _build(values: Hyperparameters, class_count: int) -> Network:
    """Build backbone, head and both in one; the backbone is frozen and filled with the published weights.

    Raises:
        BackboneMissing: The published weights are missing, and random ones were not asked for.
        ModelError: The weights file is not VGG19's.
    """
    import keras

    weights = None if values.random_weights else backbone.require_weights()
    picture = keras.Input((values.input_size, values.input_size, 3), name="picture")
    # Zeros cost no time; they are overwritten at once.
    pooled = _convolutions(picture, "he_normal" if weights is None else "zeros")
    features_of = keras.Model(picture, pooled, name="vgg19_backbone")
    if weights is not None:
        backbone.load_convolutions(features_of, weights)
    features_of.trainable = False

    given = keras.Input((pooled.shape[-1],), name="features")
    predicted = probabilities(hidden(given, values.units, values), class_count, l2=values.l2)
    head = keras.Model(given, predicted, name="vgg19_head")
    full = keras.Model(picture, head(pooled), name="vgg19_transfer")
    last_block = f"block{len(vgg19_layout.BLOCKS)}_conv"
    return Network(
        full, features_of, head, tuple(layer for layer in full.layers if layer.name.startswith(last_block))
    )


def _require(values: Hyperparameters) -> None:
    """Find the weights before any picture is read.

    Raises:
        BackboneMissing: The weights are missing, and random ones were not asked for.
    """
    if not values.random_weights:
        backbone.require_weights()


def _convolutions(picture: Any, initializer: str) -> Any:
    """VGG19 up to its last pooling, then the mean of each channel: ``(N, 512)`` for any size of picture."""
    import keras

    layers = keras.layers
    features = picture
    for block, (channels, depth) in enumerate(vgg19_layout.BLOCKS, start=1):
        for convolution in range(1, depth + 1):
            features = layers.Conv2D(
                channels,
                3,
                padding="same",
                activation="relu",
                kernel_initializer=initializer,
                name=f"block{block}_conv{convolution}",
            )(features)
        features = layers.MaxPooling2D(2, name=f"block{block}_pool")(features)
    return layers.GlobalAveragePooling2D(name="features")(features)


def _defaults(pictures: int, _classes: int) -> Mapping[str, Value]:
    epochs = epochs_for(pictures, seen=100_000, low=10, high=40)
    return {
        "input_size": 224,
        "batch_size": batch_size_for(pictures, 32),
        "epochs": epochs,
        "early_stopping": patience_for(epochs),
        "units": 256,
        "dropout": 0.5,
    }


RECIPE = Recipe(
    recipe_id="vgg19-transfer",
    name="Fine-tuned VGG19",
    summary="Starts from a network trained on 1.3 million photos: best for photos, even for few.",
    origin="VGG19 (Simonyan and Zisserman, 2014) with the weights that Keras publishes",
    sketch=(
        Block("input", "224 x 224"),
        Block("conv", "VGG19 1-4"),
        Block("conv", "block 5"),
        Block("pool", "mean"),
        Block("dense", "dense 256"),
        Block("dropout", "dropout"),
        Block("output", "output"),
    ),
    uses=TRAINING
    | {"units", "dropout", "l2", "fine_tune_epochs", "fine_tune_learning_rate", "random_weights"},
    defaults_for=_defaults,
    build=_build,
    preprocessing="vgg19",
    ranges={"input_size": (32, 512)},
    require=_require,
)
