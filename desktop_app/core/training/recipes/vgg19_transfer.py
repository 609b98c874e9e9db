"""The recipe ``vgg19-transfer`` of earlier versions: VGG19's features with a hidden layer on them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from desktop_app.core.library.backbones.vgg19 import VGG19
from desktop_app.core.training.recipes import pretrained
from desktop_app.core.training.recipes.common import TRAINING
from desktop_app.core.training.recipes.defaults import batch_size_for, epochs_for, patience_for
from desktop_app.core.training.recipes.recipe import Block, Network, Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop_app.core.networks.outputs import Output
    from desktop_app.core.training.settings.hyperparameters import Hyperparameters
    from desktop_app.core.training.settings.option import Value

NOW: Mapping[str, Value] = {"backbone": VGG19.backbone_id, "head": "hidden"}
"""The settings of `pretrained` that make the same network."""


def _build(values: Hyperparameters, class_count: int, output: Output = "softmax", /) -> Network:
    return replace(pretrained.build(values.changed(NOW), class_count, output), fine_tune_schedule="constant")


def _require(values: Hyperparameters) -> None:
    pretrained.require(values.changed(NOW))


def _defaults(pictures: int, _classes: int) -> Mapping[str, Value]:
    epochs = epochs_for(pictures, seen=100_000, low=10, high=40)
    return {
        "input_size": VGG19.size,
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
    preprocessing=VGG19.preprocessing,
    ranges={"input_size": (32, 512)},
    require=_require,
)
