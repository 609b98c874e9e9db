"""Models of forums that use less common layers, operations, weights or wrappers."""

# ruff: noqa: D103, ARG001 - the builders' names say what they build

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.zoo_models.case import collector
from benchmarks.zoo_models.parts import compiled, convolutions, head, small, sparse, transfer

PATTERNS, case = collector()


@case("unit", "logits")
def beginner_without_channels(keras: Any) -> Any:
    layers = keras.layers
    parts = [layers.Flatten(), layers.Dense(64, activation="relu"), layers.Dropout(0.2), layers.Dense(10)]
    return compiled(keras.Sequential([keras.Input((28, 28)), *parts]), sparse(keras, from_logits=True))


@case()
def lstm_over_rows(keras: Any) -> Any:
    layers = keras.layers
    return compiled(
        keras.Sequential([keras.Input((28, 28)), layers.LSTM(24), layers.Dense(10, activation="softmax")]),
        sparse(keras),
    )


@case()
def vector_of_784(keras: Any) -> Any:
    layers = keras.layers
    parts = [layers.Dense(64, activation="relu"), layers.Dense(10, activation="softmax")]
    return compiled(keras.Sequential([keras.Input((784,)), *parts]))


@case("none")
def resnet50_preprocessed_inside(keras: Any) -> Any:
    return transfer(keras, "ResNet50", keras.applications.resnet.preprocess_input)


@case("none")
def densenet_preprocessed_inside(keras: Any) -> Any:
    return transfer(keras, "DenseNet121", keras.applications.densenet.preprocess_input)


@case("none")
def vit_of_stock_layers(keras: Any) -> Any:
    layers = keras.layers
    picture = keras.Input((32, 32, 3))
    values = layers.Conv2D(24, 8, strides=8)(layers.Rescaling(1 / 255)(picture))
    values = layers.Reshape((16, 24))(values)
    for _ in range(2):
        normal = layers.LayerNormalization(epsilon=1e-6)(values)
        values = layers.Add()([layers.MultiHeadAttention(2, 12, dropout=0.1)(normal, normal), values])
        normal = layers.LayerNormalization(epsilon=1e-6)(values)
        normal = layers.Dense(24, activation="gelu")(layers.Dense(48, activation="gelu")(normal))
        values = layers.Add()([normal, values])
    values = layers.Dropout(0.5)(layers.Flatten()(layers.LayerNormalization(epsilon=1e-6)(values)))
    model = keras.Model(picture, layers.Dense(5)(values))
    return compiled(keras.Model(picture, layers.Softmax()(model.output)))


@case("none")
def einsum_dense(keras: Any) -> Any:
    layers = keras.layers
    mixing = layers.EinsumDense("bhwc,cd->bhwd", output_shape=(None, None, 24), bias_axes="d")
    return small(keras, layers.Rescaling(1 / 255), mixing)


@case("none")
def mixer(keras: Any) -> Any:
    layers = keras.layers
    picture = keras.Input((32, 32, 3))
    values = layers.Reshape((16, 24))(layers.Conv2D(24, 8, strides=8)(layers.Rescaling(1 / 255)(picture)))
    for _ in range(2):
        across = layers.Permute((2, 1))(layers.LayerNormalization()(values))
        across = layers.Dense(16)(layers.Dense(24, activation="gelu")(across))
        values = layers.Add()([layers.Permute((2, 1))(across), values])
        values = layers.Add()(
            [layers.Dense(24, activation="gelu")(layers.LayerNormalization()(values)), values]
        )
    values = layers.GlobalAveragePooling1D()(values)
    return compiled(keras.Model(picture, layers.Dense(5, activation="softmax")(values)), sparse(keras))


@case()
def conv1d_rows(keras: Any) -> Any:
    layers = keras.layers
    picture = keras.Input((28, 28, 1))
    values = layers.Conv1D(16, 3, activation="relu")(layers.Reshape((28, 28))(picture))
    values = layers.GlobalMaxPooling1D()(layers.MaxPooling1D(2)(values))
    return compiled(keras.Model(picture, layers.Dense(10, activation="softmax")(values)))


@case()
def conv2d_transpose(keras: Any) -> Any:
    return small(keras, after=keras.layers.Conv2DTranspose(12, 3, strides=2, padding="same"))


@case()
def time_distributed(keras: Any) -> Any:
    layers = keras.layers
    picture = keras.Input((32, 32, 3))
    values = layers.Reshape((8, 8 * 32))(convolutions(keras, picture))
    values = layers.GRU(12)(layers.TimeDistributed(layers.Dense(16, activation="relu"))(values))
    return compiled(keras.Model(picture, layers.Dense(5, activation="softmax")(values)))


@case()
def spectral_norm(keras: Any) -> Any:
    layers = keras.layers
    return small(keras, after=layers.SpectralNormalization(layers.Conv2D(16, 3)))


@case()
def alpha_dropout(keras: Any) -> Any:
    layers = keras.layers
    parts = [layers.Dense(32, activation="selu", kernel_initializer="lecun_normal"), layers.AlphaDropout(0.1)]
    ends = [layers.Dense(5, activation="softmax")]
    return compiled(keras.Sequential([keras.Input((32, 32, 3)), layers.Flatten(), *parts, *ends]))


@case("none")
def random_crop(keras: Any) -> Any:
    layers = keras.layers
    return small(
        keras, lambda picture: layers.Rescaling(1 / 255)(layers.RandomCrop(32, 32)(picture)), side=40
    )


@case("none")
def rand_augment(keras: Any) -> Any:
    layers = keras.layers
    return small(keras, lambda picture: layers.Rescaling(1 / 255)(layers.RandAugment((0, 255))(picture)))


@case("none")
def random_shear(keras: Any) -> Any:
    layers = keras.layers

    def before(picture: Any) -> Any:
        values = layers.RandomShear(x_factor=0.1, y_factor=0.1)(layers.RandomBrightness(0.2)(picture))
        return layers.Rescaling(1 / 255)(
            layers.RandomTranslation(0.1, 0.1)(layers.RandomContrast(0.2)(values))
        )

    return small(keras, before)


@case("none")
def operation_mean(keras: Any) -> Any:
    layers = keras.layers
    picture = keras.Input((32, 32, 3))
    values = keras.ops.mean(convolutions(keras, layers.Rescaling(1 / 255)(picture)), axis=(1, 2))
    return compiled(keras.Model(picture, layers.Dense(5, activation="softmax")(values)))


@case()
def operation_softmax(keras: Any) -> Any:
    model = small(keras, activation=None)
    return compiled(keras.Model(model.input, keras.ops.softmax(model.output)))


@case()
def operation_relu(keras: Any) -> Any:
    return small(keras, after=keras.activations.relu)


@case("none")
def operation_grey(keras: Any) -> Any:
    return small(
        keras, lambda picture: keras.layers.Rescaling(1 / 255)(keras.ops.image.rgb_to_grayscale(picture))
    )


def _quantized(mode: str) -> Any:
    def finish(keras: Any, model: Any) -> Any:
        model.quantize(mode)
        return model

    return finish


def _with_wide_dense(keras: Any) -> Any:
    layers = keras.layers
    picture = keras.Input((32, 32, 3))
    values = layers.GlobalAveragePooling2D()(convolutions(keras, layers.Rescaling(1 / 255)(picture)))
    values = layers.Dense(32, activation="relu", name="wide")(values)
    return keras.Model(picture, layers.Dense(5, activation="softmax")(values))


@case("none", finish=_quantized("int8"))
def quantized_int8(keras: Any) -> Any:
    return _with_wide_dense(keras)


@case("none", finish=_quantized("int4"))
def quantized_int4(keras: Any) -> Any:
    return _with_wide_dense(keras)


def _adapted(keras: Any, model: Any) -> Any:
    layer = model.get_layer("wide")
    layer.enable_lora(4)
    layer.lora_kernel_b.assign(np.random.default_rng(0).normal(0, 0.1, layer.lora_kernel_b.shape))
    return model


@case("none", finish=_adapted)
def with_lora(keras: Any) -> Any:
    return _with_wide_dense(keras)


@case("none")
def batch_of_one(keras: Any) -> Any:
    picture = keras.Input((32, 32, 3), batch_size=1)
    values = convolutions(keras, keras.layers.Rescaling(1 / 255)(picture))
    return compiled(keras.Model(picture, head(keras, values)))


@case()
def first_called_on_one(keras: Any) -> Any:
    layers = keras.layers
    parts = [layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten()]
    model = keras.Sequential([*parts, layers.Dense(5, activation="softmax")])
    model(np.zeros((1, 24, 24, 3), np.float32))
    return compiled(model)


@case("none")
def input_of_bytes(keras: Any) -> Any:
    picture = keras.Input((32, 32, 3), dtype="uint8")
    values = convolutions(keras, keras.layers.Rescaling(1 / 255)(picture))
    return compiled(keras.Model(picture, head(keras, values)))


@case()
def softmax_along_axis(keras: Any) -> Any:
    model = small(keras, activation=None)
    return compiled(keras.Model(model.input, keras.layers.Softmax(axis=1)(model.output)))


@case()
def orthogonal(keras: Any) -> Any:
    layers = keras.layers
    first = layers.Conv2D(8, 3, kernel_initializer=keras.initializers.Orthogonal())
    return small(keras, first)


@case()
def own_train_step(keras: Any) -> Any:
    class OwnTraining(keras.Model):  # type: ignore[misc]
        def train_step(self, data: Any) -> Any:
            return super().train_step(data)

    model = small(keras)
    return compiled(OwnTraining(model.input, model.output))


@case(refused=True)
def with_lambda(keras: Any) -> Any:
    return small(keras, keras.layers.Lambda(lambda values: values / 255))


@case(refused=True)
def own_layer(keras: Any) -> Any:
    class Patches(keras.layers.Layer):  # type: ignore[misc]
        def call(self, values: Any) -> Any:
            return values[:, ::2, ::2]

        def compute_output_shape(self, shape: Any) -> Any:
            return (shape[0], shape[1] // 2, shape[2] // 2, shape[3])

    return small(keras, Patches())


@case(refused=True)
def two_inputs(keras: Any) -> Any:
    one, other = keras.Input((32, 32, 3)), keras.Input((4,))
    values = keras.layers.GlobalAveragePooling2D()(convolutions(keras, one))
    values = keras.layers.Concatenate()([values, other])
    return keras.Model([one, other], keras.layers.Dense(5, activation="softmax")(values))


@case(refused=True)
def two_outputs(keras: Any) -> Any:
    picture = keras.Input((32, 32, 3))
    values = keras.layers.GlobalAveragePooling2D()(convolutions(keras, picture))
    return keras.Model(
        picture, [keras.layers.Dense(5, activation="softmax")(values), keras.layers.Dense(1)(values)]
    )


@case(refused=True)
def autoencoder(keras: Any) -> Any:
    picture = keras.Input((32, 32, 3))
    values = keras.layers.UpSampling2D(4)(convolutions(keras, picture))
    return compiled(
        keras.Model(picture, keras.layers.Conv2D(3, 3, padding="same", activation="sigmoid")(values)),
        "mse",
        [],
    )


@case(refused=True)
def segmentation(keras: Any) -> Any:
    picture = keras.Input((32, 32, 3))
    values = keras.layers.UpSampling2D(4)(convolutions(keras, picture))
    return compiled(keras.Model(picture, keras.layers.Conv2D(4, 1, activation="softmax")(values)))


@case(refused=True)
def four_channels(keras: Any) -> Any:
    return small(keras, channels=4)


@case(refused=True)
def channels_first(keras: Any) -> Any:
    layers = keras.layers
    picture = keras.Input((3, 32, 32))
    values = layers.Flatten()(layers.Conv2D(8, 3, data_format="channels_first")(picture))
    return keras.Model(picture, layers.Dense(5, activation="softmax")(values))


@case(refused=True)
def batch_of_32(keras: Any) -> Any:
    picture = keras.Input((32, 32, 3), batch_size=32)
    return compiled(keras.Model(picture, head(keras, convolutions(keras, picture))))


@case(refused=True)
def subclassed(keras: Any) -> Any:
    class Own(keras.Model):  # type: ignore[misc]
        def __init__(self, **more: Any) -> None:
            super().__init__(**more)
            self.inside = keras.layers.Dense(5, activation="softmax")
            self.flatten = keras.layers.Flatten()

        def call(self, values: Any) -> Any:
            return self.inside(self.flatten(values))

    model = Own()
    model(np.zeros((1, 8, 8, 3), np.float32))
    return model


@case("unit", "features")
def features_of_relu(keras: Any) -> Any:
    picture = keras.Input((32, 32, 3))
    values = keras.layers.GlobalAveragePooling2D()(convolutions(keras, picture))
    return keras.Model(picture, values)


@case("unit", "margin")
def tanh_with_hinge(keras: Any) -> Any:
    return compiled(small(keras, activation="tanh", outputs=1), "hinge", [])
