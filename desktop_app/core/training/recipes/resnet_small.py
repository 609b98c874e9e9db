"""The small residual network behind the shipped Everyday model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras


def build(
    class_count: int,
    *,
    input_size: int = 32,
    width: int = 32,
    dropout: float = 0.0,
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
        dropout: Rate before the classifying layer, from 0 up to but not including 1.

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
    # Softmax in float32 even under a mixed policy: small probabilities vanish in bfloat16.
    probabilities = layers.Softmax(dtype="float32", name="probabilities")(logits)
    return keras.Model(picture, probabilities, name="resnet_small")
