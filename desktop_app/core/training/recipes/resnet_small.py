"""The small residual network behind the built-in Everyday model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop_app.core.training.recipes.common import AUGMENTATION, TRAINING, activated
from desktop_app.core.training.recipes.defaults import batch_size_for, epochs_for
from desktop_app.core.training.recipes.recipe import Block, Network, Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping

    import keras

    from desktop_app.core.networks.outputs import Output
    from desktop_app.core.training.settings.hyperparameters import Hyperparameters
    from desktop_app.core.training.settings.option import Value


def build(
    class_count: int,
    *,
    input_size: int = 32,
    width: int = 32,
    dropout: float = 0.0,
    output: Output = "softmax",
) -> keras.Model:
    """Build the residual network: three stages, each halving the picture, with a shortcut in each.

    A convolution, batch normalisation and ReLU form one unit. A stage is a unit that changes the
    number of channels, a max-pool by 2, and two units wrapped by an identity shortcut (He et al.,
    "Deep Residual Learning for Image Recognition", 2015). With the defaults it has 909,290
    parameters and needs about 0.18 GFLOP a picture.

    Args:
        class_count: Number of classes, 2 or more.
        input_size: Height and width of the input in pixels, 16 or more.
        width: Channels of the first unit; the stages have 2, 4 and 4 times as many.
        dropout: Dropout rate before the classifying layer, from 0 up to but not including 1.
        output: What the outputs are.

    Returns:
        An uncompiled model from float32 ``(N, input_size, input_size, 3)`` in 0..255 to float32
        probabilities ``(N, class_count)``.
    """
    import keras

    layers = keras.layers

    def unit(features: Any, channels: int, name: str) -> Any:
        features = layers.Conv2D(
            channels,
            3,
            padding="same",
            use_bias=False,
            kernel_initializer="he_normal",
            name=f"{name}_conv",
        )(features)
        features = layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(features)
        return layers.ReLU(name=f"{name}_relu")(features)

    picture = keras.Input((input_size, input_size, 3), name="picture")
    features = layers.Rescaling(1 / 127.5, offset=-1.0, name="rescale")(picture)
    features = unit(features, width, "stem")
    for stage, multiple in enumerate((2, 4, 4), start=1):
        features = unit(features, multiple * width, f"stage{stage}_enter")
        features = layers.MaxPooling2D(2, name=f"stage{stage}_pool")(features)
        shortcut = features
        features = unit(features, multiple * width, f"stage{stage}_first")
        features = unit(features, multiple * width, f"stage{stage}_second")
        features = layers.Add(name=f"stage{stage}_add")([shortcut, features])
    features = layers.GlobalAveragePooling2D(name="pool")(features)
    if dropout > 0:
        features = layers.Dropout(dropout, name="dropout")(features)
    logits = layers.Dense(class_count, name="logits")(features)
    return keras.Model(picture, activated(logits, output=output), name="resnet_small")


def _network(values: Hyperparameters, class_count: int, output: Output = "softmax", /) -> Network:
    return Network(
        build(
            class_count,
            input_size=values.input_size,
            width=values.units,
            dropout=values.dropout,
            output=output,
        )
    )


def _defaults(pictures: int, _classes: int) -> Mapping[str, Value]:
    """Everyday's training; the learning rate follows the batch size (Goyal et al., 2017: the linear rule)."""
    batch_size = batch_size_for(pictures, 256)
    return {
        "input_size": 32,
        "batch_size": batch_size,
        "epochs": epochs_for(pictures, seen=900_000, low=10, high=60),
        "optimizer": "sgd",
        "learning_rate": 0.25 * batch_size / 256,
        "schedule": "one-cycle",
        "momentum": 0.9,
        "weight_decay": 0.004,
        "label_smoothing": 0.1,
        "units": 32,
        "flip": True,
        "shift": 0.125,
        "zoom": 0.2,
        "reshaped": 0.5,
        "saturation": 0.3,
        "contrast": 0.2,
        "brightness": 0.08,
        "erase": 0.5,
        "degrade": 0.3,
    }


RECIPE = Recipe(
    recipe_id="resnet-small",
    name="Small residual network",
    summary="The network behind Everyday: best without pretraining; needs many pictures.",
    origin="Residual networks (He et al., 2015), trained like the built-in model Everyday",
    sketch=(
        Block("input", "32 x 32"),
        Block("conv", "conv 32"),
        Block("residual", "residual 64"),
        Block("residual", "residual 128"),
        Block("residual", "residual 128"),
        Block("pool", "mean"),
        Block("output", "output"),
    ),
    uses=TRAINING | AUGMENTATION | {"reshaped", "units", "dropout"},
    defaults_for=_defaults,
    build=_network,
    ranges={"input_size": (16, 256), "units": (4, 256)},
)
