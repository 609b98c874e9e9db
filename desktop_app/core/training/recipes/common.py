"""What several recipes share: the settings that they use, how their networks begin and end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from desktop_app.core.training.recipes.recipe import Network
from desktop_app.core.training.settings.option import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable

    import keras

    from desktop_app.core.networks.outputs import Output
    from desktop_app.core.training.recipes.recipe import Build
    from desktop_app.core.training.settings.hyperparameters import Hyperparameters

TRAINING = frozenset(
    {
        "input_size", "epochs", "batch_size", "learning_rate", "optimizer", "schedule", "momentum",
        "weight_decay", "label_smoothing", "early_stopping", "class_weights", "mixed_precision", "seed",
    }
)  # fmt: skip
"""Settings that every fit uses, whatever the network."""

SHAPE_CHANGES = frozenset({"flip", "flip_vertical", "rotation", "zoom", "shear", "shift"})
AUGMENTATION = SHAPE_CHANGES | {"brightness", "contrast", "saturation", "erase", "degrade"}
"""Augmentation settings for colour pictures; grey ones have no saturation."""
GREY_AUGMENTATION = AUGMENTATION - {"saturation"}

MAX_LAYER_WEIGHTS = 2**27
"""Most weights in one dense layer: 0.5 GB, and Adam needs three times as much again while it trains."""


def entry(size: int, channels: int) -> tuple[keras.KerasTensor, Any]:
    """Begin a network: the input, and its pixel values scaled from 0..255 to 0..1.

    Args:
        size: Height and width in pixels.
        channels: Channels of the pictures: 3 for RGB, 1 for grey.

    Returns:
        The input ``(N, size, size, channels)`` and the tensor for the first layer.
    """
    import keras

    picture = keras.Input((size, size, channels), name="picture")
    return picture, keras.layers.Rescaling(1 / 255, name="rescale")(picture)


def flat(features: Any, units: int) -> Any:
    """Flatten a feature map to one vector for a dense layer of ``units``.

    Raises:
        OptionError: The dense layer would need more weights than a computer can hold.
    """
    import keras

    count = math.prod(features.shape[1:])
    if count * units > MAX_LAYER_WEIGHTS:
        raise OptionError(
            f"Pictures of this size and {units} units would need {count * units / 1e6:,.0f} million weights "
            f"in one layer; {MAX_LAYER_WEIGHTS / 1e6:,.0f} million are allowed.",
            "Choose a smaller picture size or fewer units.",
        )
    return keras.layers.Flatten(name="flatten")(features)


def dropped(features: Any, rate: float, name: str = "dropout") -> Any:
    """Add dropout, or nothing for a rate of 0."""
    import keras

    return keras.layers.Dropout(rate, name=name)(features) if rate > 0 else features


def hidden(
    features: Any, units: int, values: Hyperparameters, activation: str = "relu", number: int | None = None
) -> Any:
    """Add a dense layer, with the L2 penalty and the dropout of the settings.

    Args:
        features: Features ``(N, F)``.
        units: Units of the layer.
        values: Settings with the L2 penalty and the dropout.
        activation: Name of the activation in Keras.
        number: Suffix of the layers' names, where there are several.

    Returns:
        The layer's outputs ``(N, units)``.
    """
    import keras

    ending = "" if number is None else str(number)
    layer = keras.layers.Dense(
        units, activation=activation, kernel_regularizer=penalty(values.l2), name=f"hidden{ending}"
    )
    return dropped(layer(features), values.dropout, f"dropout{ending}")


def penalty(l2: float) -> keras.regularizers.Regularizer | None:
    """The penalty on a layer's weights; None for 0."""
    import keras

    return keras.regularizers.L2(l2) if l2 > 0 else None


def probabilities(
    features: Any,
    class_count: int,
    *,
    one_unit: bool = False,
    l2: float = 0.0,
    output: Output = "softmax",
) -> Any:
    """End a network: a dense layer and the activation that turns its outputs into probabilities.

    Args:
        features: Features ``(N, F)``.
        class_count: Number of classes, 2 or more.
        one_unit: Whether two classes have one sigmoid unit, which outputs the probability of the second.
        l2: Penalty on the dense layer's weights.
        output: ``softmax`` where a picture has one class, ``sigmoid`` where it may have several labels.

    Returns:
        Probabilities, float32 ``(N, class_count)`` or ``(N, 1)``.
    """
    import keras

    layers = keras.layers
    one_unit = one_unit and class_count == 2 and output == "softmax"
    logits = layers.Dense(1 if one_unit else class_count, kernel_regularizer=penalty(l2), name="logits")
    return activated(logits(features), output="sigmoid" if one_unit else output)


def activated(logits: Any, *, output: Output) -> Any:
    """Turn logits ``(N, outputs)`` into probabilities, float32."""
    import keras

    layers = keras.layers
    # In float32 even under a mixed policy: small probabilities vanish in bfloat16.
    last = (
        layers.Activation("sigmoid", dtype="float32", name="probabilities")
        if output == "sigmoid"
        else layers.Softmax(dtype="float32", name="probabilities")
    )
    return last(logits)


def whole(
    name: str,
    layers: Callable[[Hyperparameters, Any], Any],
    *,
    channels: int = 3,
    one_unit: bool = False,
) -> Build:
    """Make the `build` of a recipe whose network is trained as a whole.

    Args:
        name: Name of the Keras model.
        layers: Function from the settings and the scaled picture to features ``(N, F)``.
        channels: Channels of the pictures: 3 for RGB, 1 for grey.
        one_unit: Whether two classes have one sigmoid unit.
    """

    def build(values: Hyperparameters, class_count: int, output: Output = "softmax", /) -> Network:
        import keras

        picture, scaled = entry(values.input_size, channels)
        features = layers(values, scaled)
        outputs = probabilities(features, class_count, one_unit=one_unit, l2=values.l2, output=output)
        return Network(keras.Model(picture, outputs, name=name))

    return build
