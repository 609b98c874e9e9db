"""A network that has seen over a million photos, with a new head for the classes at hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from desktop_app.core.library.backbones.catalogue import BACKBONES
from desktop_app.core.training.recipes.common import AUGMENTATION, TRAINING, hidden, probabilities
from desktop_app.core.training.recipes.defaults import batch_size_for, epochs_for
from desktop_app.core.training.recipes.recipe import Block, Network, Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop_app.core.networks.outputs import Output
    from desktop_app.core.training.settings.hyperparameters import Hyperparameters
    from desktop_app.core.training.settings.option import Value

_DEFAULT = BACKBONES["imagenet-both"]
_VIEWS = 800
_MOST_COPIES = 3
"""Changed copies: as many as make, with the pictures themselves, this many views, and this many at most.

On 450 flowers more than one or two changed nothing, and each costs as much time as the picture itself.
"""

_GOOD = 0.8
"""Accuracy up to which the network is fine-tuned: the photos are then unlike ImageNet's. On 450 flowers, of
which a head is right on 92.4%, six epochs gained 0.3 points and took most of the time."""

FEWEST = 5
"""Pictures of a class: three to train on, and one each for validation and test."""


def build(values: Hyperparameters, class_count: int, output: Output = "softmax", /) -> Network:
    """Build backbone, head and both in one; the backbone is frozen and filled with its published weights.

    Until a head is chosen, an automatic one is linear.

    Raises:
        BackboneMissing: VGG19's weights are missing, and random ones were not asked for.
        ModelError: The weights are missing or not the backbone's.
    """
    import keras

    backbone = BACKBONES[values.backbone]
    weights = None if values.random_weights else backbone.require_weights()
    features_of = backbone.build(values.input_size, weights)
    features_of.trainable = False
    features = features_of.output
    given = keras.Input((features.shape[-1],), name="features")
    learned = hidden(given, values.units, values) if values.head == "hidden" else given
    outputs = probabilities(learned, class_count, l2=values.l2, output=output)
    head = keras.Model(given, outputs, name="pretrained_head")
    full = keras.Model(features_of.input, head(features), name="pretrained")
    return Network(full, features_of, head, backbone.tuned_layers(full), "cosine")


def require(values: Hyperparameters) -> None:
    """Find the weights before any picture is read.

    Raises:
        ModelError: The weights are missing, and random ones were not asked for.
    """
    if not values.random_weights:
        BACKBONES[values.backbone].require_weights()


def _suit(recipe: Recipe, values: Hyperparameters) -> Recipe:
    return replace(recipe, preprocessing=BACKBONES[values.backbone].preprocessing)


def _follow(chosen: Mapping[str, Value]) -> Mapping[str, Value]:
    """The pictures have the size that suits the backbone."""
    backbone = BACKBONES.get(str(chosen.get("backbone", "")))
    return {} if backbone is None else {"input_size": backbone.size}


def _defaults(pictures: int, _classes: int) -> Mapping[str, Value]:
    return {
        "backbone": _DEFAULT.backbone_id,
        "input_size": _DEFAULT.size,
        "batch_size": batch_size_for(pictures, 64),
        "epochs": epochs_for(pictures, seen=15_000, low=5, high=40),
        "learning_rate": 0.003,
        "schedule": "cosine",
        "units": 128,
        "dropout": 0.5,
        "l2": 0.003,
        "fine_tune_epochs": 8,
        "fine_tune_learning_rate": 3e-4,
        "fine_tune_below": _GOOD,
        "copies": max(0, min(_MOST_COPIES, _VIEWS // max(1, pictures) - 1)),
        "flip": True,
        "rotation": 10.0,
        "zoom": 0.15,
        "shift": 0.1,
        "brightness": 0.1,
        "contrast": 0.1,
    }


RECIPE = Recipe(
    recipe_id="pretrained",
    name="Pretrained network",
    summary="Starts from a network that knows 1,000 things: quick, and best for photos, even few.",
    origin="EfficientNet-Lite (Google, 2020) or VGG19 (Simonyan and Zisserman, 2014), trained on ImageNet",
    sketch=(
        Block("input", "photo"),
        Block("conv", "pretrained"),
        Block("residual", "blocks"),
        Block("residual", "last blocks"),
        Block("pool", "mean"),
        Block("dense", "head"),
        Block("output", "output"),
    ),
    uses=TRAINING
    | AUGMENTATION
    | {"reshaped", "copies", "backbone", "head", "units", "dropout", "l2"}
    | {"fine_tune_epochs", "fine_tune_learning_rate", "fine_tune_below", "random_weights"},
    defaults_for=_defaults,
    build=build,
    preprocessing=_DEFAULT.preprocessing,
    # The backbones were trained on pictures that keep their shape. On 600 cats and dogs this is right on 0.3
    # points more than squashing them (five folds, three seeds), and half as many as ImageNet's photos gain.
    fit="crop",
    ranges={"input_size": (32, 512)},
    require=require,
    least=FEWEST,
    # A head learns so quickly that the accuracy on few pictures is at its highest early, by chance.
    best=("loss",),
    suit=_suit,
    follow=_follow,
)
