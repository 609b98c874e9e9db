"""Writes models with Keras 2, and its own answers beside them; `benchmarks.keras2` runs it with that Keras.

It imports nothing of Sightline. Arguments: the folder to write to, and names of models, or none for all.
Each model NAME becomes ``NAME.h5``, ``NAME.keras`` where this Keras can write it, and ``NAME.npz`` with
inputs and answers. Weights are random, those of normalisations with real statistics.
"""

from __future__ import annotations

import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import numpy as np
import tensorflow as tf  # noqa: TID253

try:
    import tf_keras as keras  # type: ignore[import-not-found]
except ImportError:
    from tensorflow import keras

if TYPE_CHECKING:
    from collections.abc import Callable

L = keras.layers
MODELS: dict[str, Callable[[], Any]] = {}
SIDE = 24


def model(function: Callable[[], Any]) -> Callable[[], Any]:
    """Register a model under its function's name."""
    MODELS[function.__name__] = function
    return function


def stack(*layers: Any, side: int = SIDE, channels: int = 3, classes: int = 3) -> Any:
    """Sequential model with an ending that classifies."""
    return keras.Sequential(
        [
            keras.Input((side, side, channels)),
            *layers,
            L.GlobalAveragePooling2D(),
            L.Dense(classes, activation="softmax"),
        ]
    )


def one(name: str, *layers: Callable[[], Any], **options: Any) -> None:
    """Register a small model around one kind of layer."""
    MODELS[name] = lambda: stack(*(make() for make in layers), **options)


def made(name: str, *arguments: Any, **options: Any) -> Callable[[], Any]:
    """Function that makes a layer, which early versions have in another place, or not at all."""

    def make() -> Any:
        early = getattr(getattr(L, "experimental", None), "preprocessing", None)
        return (getattr(L, name, None) or getattr(early, name))(*arguments, **options)

    return make


def conv(**options: Any) -> Callable[[], Any]:
    """Convolution with a few filters."""
    return lambda: L.Conv2D(4, 3, **options)


one("plain", conv(activation="relu"))
one("batch_normalization", conv(use_bias=False), L.BatchNormalization, L.ReLU)
one("batch_normalization_plain", conv(), lambda: L.BatchNormalization(scale=False, epsilon=1e-5))
one("layer_normalization", conv(), L.LayerNormalization)
one("group_normalization", conv(), made("GroupNormalization", 2))
one("unit_normalization", conv(), made("UnitNormalization"))
one("spectral", conv(), lambda: L.SpectralNormalization(L.Conv2D(3, 3)))
one("depthwise", conv(), lambda: L.DepthwiseConv2D(3, depth_multiplier=2, activation="relu"))
one("separable", lambda: L.SeparableConv2D(5, 3, padding="same", activation="elu"))
one("transposed", conv(), lambda: L.Conv2DTranspose(3, 3, strides=2, padding="same"))
one("dilated_groups", conv(), lambda: L.Conv2D(8, 3, groups=2, dilation_rate=2, padding="same"))
one("leaky", conv(), L.LeakyReLU)
one("leaky_own_slope", conv(), lambda: L.LeakyReLU(alpha=0.07))
one("leaky_as_activation", conv(activation=None), lambda: L.Dense(5, activation=L.LeakyReLU(alpha=0.1)))
one("elu", conv(), lambda: L.ELU(0.7))
one("prelu", conv(), lambda: L.PReLU(alpha_initializer="random_normal", shared_axes=[1, 2]))
one("thresholded", conv(), lambda: L.ThresholdedReLU(theta=0.1))
one("relu_six", conv(), lambda: L.ReLU(6.0, negative_slope=0.1, threshold=0.05))
one("softmax_layer", conv(), L.Softmax)
one("rescaling", made("Rescaling", 1 / 127.5, offset=-1), conv())
one("resizing", made("Resizing", 16, 12), conv())
one("center_crop", made("CenterCrop", 16, 12), conv())
one("normalization", made("Normalization", mean=[0.4, 0.5, 0.6], variance=[0.1, 0.2, 0.3]), conv())
one("normalization_stored", made("Normalization"), conv())
one("up_sampling", conv(), lambda: L.UpSampling2D(2), lambda: L.UpSampling2D(2, interpolation="bilinear"))
one(
    "padding_cropping",
    lambda: L.ZeroPadding2D(((1, 2), (3, 0))),
    conv(),
    lambda: L.Cropping2D(((1, 0), (2, 1))),
)
one("pools", conv(), lambda: L.MaxPooling2D(2, padding="same"), lambda: L.AveragePooling2D(3, strides=1))
one("permute", conv(), lambda: L.Permute((2, 1, 3)))
one("dropouts", conv(), lambda: L.Dropout(0.5), lambda: L.SpatialDropout2D(0.2), lambda: L.GaussianNoise(0.3))
one(
    "augmentation",
    made("RandomFlip", "horizontal"),
    made("RandomRotation", 0.1),
    made("RandomZoom", 0.2),
    made("RandomContrast", 0.1),
    made("RandomTranslation", 0.1, 0.1),
    conv(),
)
one(
    "names_with_slashes", lambda: L.Conv2D(4, 3, name="block/conv"), lambda: L.Conv2D(3, 3, name="block_conv")
)
for _name in ("hard_sigmoid", "swish", "gelu", "selu", "softplus", "softsign", "tanh", "exponential", "mish"):
    one(f"activation_{_name}", conv(), partial(L.Activation, _name))
    one(f"conv_{_name}", conv(activation=_name))
one("separable_hard_sigmoid", lambda: L.SeparableConv2D(5, 3, activation="hard_sigmoid"))
one("depthwise_hard_sigmoid", lambda: L.DepthwiseConv2D(3, activation="hard_sigmoid"))
one("dense_hard_sigmoid", conv(), lambda: L.Dense(5, activation="hard_sigmoid"))


def sequence(name: str, make: Callable[[], Any]) -> None:
    """Register a model with a recurrent layer over the picture's rows."""
    MODELS[name] = lambda: keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 3)),
            L.Reshape((SIDE, SIDE * 3)),
            make(),
            L.Dense(3, activation="softmax"),
        ]
    )


sequence("lstm", lambda: L.LSTM(5))
sequence("lstm_hard_sigmoid", lambda: L.LSTM(5, recurrent_activation="hard_sigmoid"))
sequence("gru", lambda: L.GRU(5))
sequence("gru_before", lambda: L.GRU(5, reset_after=False, recurrent_activation="hard_sigmoid"))
sequence(
    "gru_after_hard_sigmoid", lambda: L.GRU(5, recurrent_activation="hard_sigmoid", activation="hard_sigmoid")
)
sequence("simple_rnn", lambda: L.SimpleRNN(5, activation="hard_sigmoid"))
sequence("bidirectional", lambda: L.Bidirectional(L.LSTM(4)))
sequence(
    "bidirectional_hard",
    lambda: L.Bidirectional(L.GRU(4, recurrent_activation="hard_sigmoid"), merge_mode="sum"),
)


@model
def two_recurrent() -> Any:
    """Both directions, then backwards."""
    return keras.Sequential([keras.Input((SIDE, SIDE, 1)), L.Reshape((SIDE, SIDE)),
                             L.Bidirectional(L.LSTM(4, return_sequences=True)), L.LSTM(3, go_backwards=True),
                             L.Dense(3, activation="softmax")])  # fmt: skip


@model
def time_distributed() -> Any:
    """A dense layer at each step."""
    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 1)),
            L.Reshape((SIDE, SIDE)),
            L.TimeDistributed(L.Dense(4)),
            L.LSTM(3),
            L.Dense(3, activation="softmax"),
        ]
    )


@model
def attention() -> Any:
    """A block of a vision transformer."""
    inputs = keras.Input((SIDE, SIDE, 3))
    x = L.Conv2D(6, 4, strides=4)(inputs)
    x = L.Reshape((36, 6))(x)
    y = L.LayerNormalization()(x)
    x = L.Add()([x, L.MultiHeadAttention(2, 3)(y, y)])
    x = L.Flatten()(x)
    return keras.Model(inputs, L.Dense(3, activation="softmax")(x))


@model
def without_input_layer() -> Any:
    """A chain whose first layer has the shape."""
    return keras.Sequential([L.Conv2D(4, 3, input_shape=(SIDE, SIDE, 3)), L.Flatten(), L.Dense(3)])


@model
def merging() -> Any:
    """A shared layer, and all layers that join."""
    inputs = keras.Input((SIDE, SIDE, 3))
    shared = L.Conv2D(4, 3, padding="same", activation="relu", name="shared")
    a = shared(inputs)
    b = L.Conv2D(4, 1)(inputs)
    first = L.Conv2D(3, 3, padding="same")(b)
    again = shared(first)
    x = L.Concatenate()(
        [L.Add()([a, b]), L.Multiply()([a, again]), L.Average()([a, b]), L.Maximum()([b, again])]
    )
    x = L.Subtract()([x, L.Minimum()([x, x])])
    x = L.GlobalMaxPooling2D()(x)
    return keras.Model(inputs, L.Dense(3, activation="sigmoid")(x))


@model
def operators() -> Any:
    """Arithmetic and functions of TensorFlow."""
    inputs = keras.Input((SIDE, SIDE, 3))
    x = 1.0 - inputs / 255.0
    x = x * 2 + 0.5
    y = tf.nn.relu(L.Conv2D(4, 3)(x))
    z = tf.math.sigmoid(y) + y * y - 3
    z = tf.concat([z, -y], axis=-1)
    z = tf.reduce_mean(tf.cast(z, tf.float32), axis=[1, 2])
    z = tf.nn.leaky_relu(z)
    return keras.Model(inputs, tf.nn.softmax(L.Dense(3)(z)))


def prepared(name: str, prepare: Callable[[Any], Any]) -> None:
    """Register a transfer model with ``preprocess_input`` in it."""

    def make() -> Any:
        inputs = keras.Input((32, 32, 3))
        base = keras.applications.MobileNetV2(
            input_shape=(32, 32, 3), alpha=0.35, include_top=False, weights=None
        )
        base.trainable = False
        x = base(prepare(inputs), training=False)
        x = L.Dropout(0.2)(L.GlobalAveragePooling2D()(x))
        return keras.Model(inputs, L.Dense(3, activation="softmax")(x))

    MODELS[name] = make


prepared("transfer_mobilenet", keras.applications.mobilenet_v2.preprocess_input)
prepared("transfer_resnet", keras.applications.resnet.preprocess_input)
prepared("transfer_densenet", keras.applications.densenet.preprocess_input)


@model
def half_frozen() -> Any:
    """A transfer model, frozen in part."""
    base = keras.applications.VGG16(input_shape=(32, 32, 3), include_top=False, weights=None)
    for layer in base.layers[:12]:
        layer.trainable = False
    result = keras.Sequential(
        [base, L.Flatten(), L.Dense(8, activation="relu"), L.Dense(3, activation="softmax")]
    )
    result.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return result


@model
def teachable_machine() -> Any:
    """The form of Teachable Machine's export: a cut MobileNet in a chain, and a head, in a chain."""
    base = keras.applications.MobileNetV2(
        input_shape=(224, 224, 3), alpha=0.35, include_top=False, weights=None
    )
    features = keras.Sequential(
        [keras.Model(base.input, base.output, name="model1"), L.GlobalAveragePooling2D()]
    )
    head = keras.Sequential([L.Dense(100, activation="relu", input_shape=(1280,)),
                             L.Dense(3, activation="softmax", use_bias=False)])  # fmt: skip
    return keras.Sequential([features, head])


@model
def nested_three_deep() -> Any:
    """A model in a model in a model, called twice."""
    inner = keras.Sequential([keras.Input((SIDE, SIDE, 3)), L.Conv2D(4, 3, padding="same", name="same"),
                              L.BatchNormalization(name="norm")], name="inner")  # fmt: skip
    entry = keras.Input((SIDE, SIDE, 3))
    x = L.Conv2D(3, 3, padding="same", name="first")(entry)
    x = inner(x)
    x = L.Conv2D(3, 3, padding="same", name="last")(x)
    middle = keras.Model(entry, L.Add()([x, entry]), name="middle")
    inputs = keras.Input((SIDE, SIDE, 3))
    x = middle(middle(inputs))
    x = L.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, L.Dense(3, activation="softmax")(x))


def whole(name: str, side: int = 32, **options: Any) -> None:
    """Register a model of `keras.applications`."""

    def make() -> Any:
        builder = getattr(keras.applications, name)
        return builder(input_shape=(side, side, 3), weights=None, classes=5, **options)

    MODELS[name.lower()] = make


whole("VGG16")
whole("ResNet50")
whole("ResNet50V2")
whole("MobileNet", alpha=0.25)
whole("MobileNetV2", alpha=0.35)
whole("MobileNetV3Small")
whole("DenseNet121")
whole("EfficientNetB0")
whole("EfficientNetV2B0")
whole("NASNetMobile")
whole("Xception", side=71)
whole("InceptionV3", side=75)
whole("ConvNeXtTiny")
whole("InceptionResNetV2", side=75)


def liven(network: Any, random: np.random.Generator) -> None:
    """Give normalisations statistics and biases numbers, and make the answers differ."""
    for layer in network.submodules:
        for weight in getattr(layer, "_trainable_weights", []) + getattr(layer, "_non_trainable_weights", []):
            name = weight.name.split("/")[-1]
            shape = tuple(weight.shape)
            if name.startswith(("moving_variance", "variance", "gamma")):
                weight.assign(random.uniform(0.5, 1.5, shape))
            elif name.startswith(("moving_mean", "mean", "beta", "bias", "alpha")):
                weight.assign(random.normal(0, 0.2, shape))
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()


def write(name: str, folder: Path) -> dict[str, str]:
    """Write one model; returns what was written, or why not."""
    tf.random.set_seed(1)
    keras.backend.clear_session()
    random = np.random.default_rng(len(name))
    try:
        network = MODELS[name]()
    except (AttributeError, TypeError, ValueError) as error:  # this version has no such layer
        return dict.fromkeys(("h5", "keras"), f"not built: {error}")
    liven(network, random)
    scale = (
        255.0 if name.startswith(("transfer", "efficient", "mobilenetv3", "rescaling", "operators")) else 1.0
    )
    inputs = (random.random((4, *network.input_shape[1:])) * scale).astype(np.float32)
    answers = network.predict(inputs, verbose=0)
    alone = np.concatenate([network(inputs[row : row + 1], training=False) for row in range(len(inputs))])
    np.savez(folder / f"{name}.npz", inputs=inputs, answers=answers, spread=np.abs(answers - alone).max())
    written = {}
    for ending in ("h5", "keras"):
        try:
            network.save(folder / f"{name}.{ending}")
            written[ending] = ""
        except Exception as error:  # noqa: BLE001
            written[ending] = f"{type(error).__name__}: {str(error)[:200]}"
    return written


def main() -> None:
    """Write what the arguments name."""
    folder = Path(sys.argv[1])
    names = sys.argv[2:] or list(MODELS)
    version = getattr(keras, "__version__", None) or __import__("keras").__version__
    report = {"version": version, "models": {name: write(name, folder) for name in names}}
    (folder / "report.json").write_text(json.dumps(report))


if __name__ == "__main__":
    main()
