"""VGG19 with the published weights (Simonyan and Zisserman, 2014), built without random numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.library.imagenet.published import CLASS_COUNT
from desktop_app.core.library.imagenet.stored_weights import StoredWeights, stored_weights
from desktop_app.core.library.vgg19.layout import BLOCKS, DENSE_UNITS, INPUT_SIZE
from desktop_app.core.library.vgg19.openvino_network import ADVICE

if TYPE_CHECKING:
    from pathlib import Path

    import keras


def load_vgg19(weights: Path) -> keras.Model:
    """Build VGG19 and fill it from a weights file of the layout that Keras publishes.

    Every variable starts as the tensor that the file holds: initialising 143 million parameters with
    random numbers first would take seconds.

    Args:
        weights: HDF5 file with one group per layer and the attributes ``layer_names`` and
            ``weight_names``; kernels ``(3, 3, in, out)`` or ``(in, out)`` and biases ``(out,)``, float32.

    Returns:
        Model from float32 ``(N, 224, 224, 3)``, BGR less the means, to ``(N, 1000)`` probabilities.

    Raises:
        ModelError: The file is not HDF5, lacks a layer or has one of another shape.
    """
    with stored_weights(weights, "VGG19", ADVICE) as stored:
        return _build(stored)


def _build(weights: StoredWeights) -> keras.Model:
    import keras

    layers = keras.layers
    picture = keras.Input((INPUT_SIZE, INPUT_SIZE, 3), name="picture")
    features = picture
    for block, (channels, depth) in enumerate(BLOCKS, start=1):
        for convolution in range(1, depth + 1):
            name = f"block{block}_conv{convolution}"
            features = layers.Conv2D(
                channels, 3, padding="same", activation="relu", name=name, **weights.initializers(name)
            )(features)
        features = layers.MaxPooling2D(2, name=f"block{block}_pool")(features)
    features = layers.Flatten(name="flatten")(features)
    for name, units, activation in (
        ("fc1", DENSE_UNITS, "relu"),
        ("fc2", DENSE_UNITS, "relu"),
        ("predictions", CLASS_COUNT, "softmax"),
    ):
        features = layers.Dense(units, activation=activation, name=name, **weights.initializers(name))(
            features
        )
    return keras.Model(picture, features, name="vgg19")
