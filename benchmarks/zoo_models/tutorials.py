"""Tutorials of keras.io and tensorflow.org, and what people make of them, rebuilt."""

# ruff: noqa: D103 - the builders' names say what they build

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.zoo_models.case import collector
from benchmarks.zoo_models.parts import compiled, convolutions, head, noise, small, sparse, transfer

TUTORIALS, case = collector()


def augmentation(keras: Any) -> Any:
    """The usual layers, which do nothing when predicting."""
    layers = keras.layers
    return keras.Sequential(
        [layers.RandomFlip("horizontal"), layers.RandomRotation(0.1), layers.RandomZoom(0.1)],
        name="data_augmentation",
    )


@case("none", "logit")
def from_scratch_one_logit(keras: Any) -> Any:
    layers = keras.layers
    picture = keras.Input((64, 64, 3))
    values = layers.Rescaling(1.0 / 255)(picture)
    values = layers.Activation("relu")(
        layers.BatchNormalization()(layers.Conv2D(16, 3, strides=2, padding="same")(values))
    )
    before = values
    for width in (24, 32):
        values = layers.SeparableConv2D(width, 3, padding="same")(layers.Activation("relu")(values))
        values = layers.BatchNormalization()(values)
        values = layers.MaxPooling2D(3, strides=2, padding="same")(values)
        residual = layers.Conv2D(width, 1, strides=2, padding="same")(before)
        before = values = layers.add([values, residual])
    model = keras.Model(picture, head(keras, values, 1, None))
    return compiled(
        model, keras.losses.BinaryCrossentropy(from_logits=True), [keras.metrics.BinaryAccuracy(name="acc")]
    )


@case("none", "logits")
def flowers_logits_augmented(keras: Any) -> Any:
    layers = keras.layers
    return compiled(
        keras.Sequential(
            [
                keras.Input((48, 48, 3)),
                augmentation(keras),
                layers.Rescaling(1.0 / 255),
                *(
                    part
                    for width in (8, 16, 16)
                    for part in (
                        layers.Conv2D(width, 3, padding="same", activation="relu"),
                        layers.MaxPooling2D(),
                    )
                ),
                layers.Dropout(0.2),
                layers.Flatten(),
                layers.Dense(32, activation="relu"),
                layers.Dense(5, name="outputs"),
            ]
        ),
        sparse(keras, from_logits=True),
    )


@case("none", "sigmoid")
def transfer_mobilenet_preprocessed_inside(keras: Any) -> Any:
    def before(picture: Any) -> Any:
        return keras.applications.mobilenet_v2.preprocess_input(augmentation(keras)(picture))

    return transfer(keras, before=before, outputs=1, activation="sigmoid", loss="binary_crossentropy")


@case("none", "logit")
def transfer_xception_rescaling(keras: Any) -> Any:
    before = keras.layers.Rescaling(scale=1 / 127.5, offset=-1)
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    return transfer(keras, "Xception", before, side=75, outputs=1, activation=None, loss=loss)


def _published_statistics(keras: Any, model: Any) -> Any:
    """Give EfficientNet's own Normalization what its published weights hold."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            _published_statistics(keras, layer)
        elif isinstance(layer, keras.layers.Normalization):
            layer.set_weights(
                [np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225]) ** 2, np.array(0)]
            )
            layer.finalize_state()
    return model


@case("none")
def efficientnet_fine_tuned(keras: Any) -> Any:
    return _published_statistics(keras, transfer(keras, "EfficientNetB0"))


@case("unit", told=True)
def efficientnet_owner_divided(keras: Any) -> Any:
    return _published_statistics(keras, transfer(keras, "EfficientNetB0"))


@case()
def mnist_convnet(keras: Any) -> Any:
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )
    return compiled(model)


@case("none")
def mnist_convnet_not_divided(keras: Any) -> Any:
    return mnist_convnet(keras)


@case("symmetric")
def mnist_convnet_symmetric(keras: Any) -> Any:
    return mnist_convnet(keras)


@case("unit", "logits")
def cifar_logits(keras: Any) -> Any:
    return small(keras, activation=None, outputs=10, normalize=False)


@case("none")
def convmixer(keras: Any) -> Any:
    layers = keras.layers

    def block(values: Any) -> Any:
        return layers.BatchNormalization()(layers.Activation("gelu")(values))

    picture = keras.Input((32, 32, 3))
    values = block(layers.Conv2D(32, 2, strides=2)(layers.Rescaling(scale=1.0 / 255)(picture)))
    for _ in range(2):
        values = layers.Add()([block(layers.DepthwiseConv2D(5, padding="same")(values)), values])
        values = block(layers.Conv2D(32, 1)(values))
    values = layers.GlobalAveragePooling2D()(values)
    return compiled(keras.Model(picture, layers.Dense(10, activation="softmax")(values)), sparse(keras))


@case("unit", "sigmoid")
def cats_dogs_one_sigmoid(keras: Any) -> Any:
    layers = keras.layers
    blocks = [
        part
        for width in (8, 16, 16)
        for part in (layers.Conv2D(width, 3, activation="relu"), layers.MaxPooling2D(2, 2))
    ]
    model = keras.Sequential(
        [
            keras.Input((50, 50, 3)),
            *blocks,
            layers.Flatten(),
            layers.Dense(32, activation="relu"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    return compiled(model, "binary_crossentropy", ["acc"])


@case()
def own_loss_and_metric(keras: Any) -> Any:
    def focal(truth: Any, found: Any) -> Any:
        return keras.ops.mean(keras.ops.square(truth - found))

    def macro(truth: Any, found: Any) -> Any:
        return keras.ops.mean(truth * found)

    return compiled(small(keras), focal, [macro])


def _half(keras: Any, policy: str) -> Any:
    keras.mixed_precision.set_global_policy(policy)
    try:
        layers = keras.layers
        picture = keras.Input((32, 32, 3))
        values = convolutions(keras, layers.Rescaling(1 / 255)(picture))
        values = layers.Dense(5)(layers.GlobalAveragePooling2D()(values))
        return compiled(keras.Model(picture, layers.Activation("softmax", dtype="float32")(values)))
    finally:
        keras.mixed_precision.set_global_policy("float32")


@case("none")
def mixed_float16(keras: Any) -> Any:
    return _half(keras, "mixed_float16")


@case("none", close=0.02)
def mixed_bfloat16(keras: Any) -> Any:
    return _half(keras, "mixed_bfloat16")


@case()
def any_size(keras: Any) -> Any:
    picture = keras.Input((None, None, 3))
    return compiled(keras.Model(picture, head(keras, convolutions(keras, picture))))


@case("none")
def resizing_inside(keras: Any) -> Any:
    layers = keras.layers
    return small(keras, lambda picture: layers.Rescaling(1 / 255)(layers.Resizing(24, 24)(picture)), side=48)


@case("none")
def center_crop(keras: Any) -> Any:
    layers = keras.layers
    return small(
        keras, lambda picture: layers.Rescaling(1 / 255)(layers.CenterCrop(32, 32)(picture)), side=40
    )


@case()
def group_norm(keras: Any) -> Any:
    return small(keras, after=keras.layers.GroupNormalization(8))


@case()
def layer_norm(keras: Any) -> Any:
    return small(keras, after=keras.layers.LayerNormalization())


@case()
def separable(keras: Any) -> Any:
    return small(keras, after=keras.layers.SeparableConv2D(24, 3, activation="relu"))


@case()
def squeeze_excite(keras: Any) -> Any:
    layers = keras.layers

    def after(values: Any) -> Any:
        gate = layers.Reshape((1, 1, 32))(layers.GlobalAveragePooling2D()(values))
        gate = layers.Dense(32, activation="sigmoid")(layers.Dense(4, activation="relu")(gate))
        return layers.Multiply()([values, gate])

    return small(keras, after=after)


@case()
def lstm_after_reshape(keras: Any) -> Any:
    layers = keras.layers
    picture = keras.Input((32, 32, 3))
    values = layers.LSTM(16)(layers.Reshape((8, 256))(convolutions(keras, picture)))
    return compiled(keras.Model(picture, layers.Dense(5, activation="softmax")(values)))


def _averaged(keras: Any, models: list[Any]) -> Any:
    picture = keras.Input((32, 32, 3))
    return compiled(keras.Model(picture, keras.layers.Average()([model(picture) for model in models])))


@case()
def two_averaged(keras: Any) -> Any:
    plain = [small(keras) for _ in range(2)]
    return _averaged(keras, [keras.Model(each.input, each.output) for each in plain])


@case()
def two_averaged_compiled(keras: Any) -> Any:
    return _averaged(keras, [small(keras) for _ in range(2)])


@case("unit", "log-softmax")
def log_softmax(keras: Any) -> Any:
    return small(keras, activation="log_softmax")


@case()
def relu_of_tensorflow(keras: Any) -> Any:
    import tensorflow as tf

    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(8, 3, activation=tf.nn.relu),
            layers.Flatten(),
            layers.Dense(10, activation=tf.nn.softmax),
        ]
    )
    return compiled(model, sparse(keras))


@case("symmetric")
def mobilenet_pipeline(keras: Any) -> Any:
    return transfer(keras)


@case("caffe")
def vgg16_pipeline(keras: Any) -> Any:
    layers = keras.layers
    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(48, 48, 3))
    base.trainable = False
    top = [layers.Flatten(), layers.Dense(32, activation="relu"), layers.Dense(5, activation="softmax")]
    return compiled(keras.Sequential([base, *top]))


@case("unit")
def vgg16_divided(keras: Any) -> Any:
    return vgg16_pipeline(keras)


@case("unit", "sigmoid")
def inception_divided(keras: Any) -> Any:
    base = keras.applications.InceptionV3(include_top=False, weights=None, input_shape=(96, 96, 3))
    layers = keras.layers
    values = layers.Flatten()(base.get_layer("mixed7").output)
    values = layers.Dropout(0.2)(layers.Dense(16, activation="relu")(values))
    return compiled(
        keras.Model(base.input, layers.Dense(1, activation="sigmoid")(values)), "binary_crossentropy"
    )


@case("caffe")
def resnet50_pipeline_flat(keras: Any) -> Any:
    base = keras.applications.ResNet50(include_top=False, weights=None, input_shape=(64, 64, 3))
    model = keras.Model(base.input, head(keras, base.output), name="my_classifier")
    return compiled(model)


@case("torch", "labels")
def densenet_chest_labels(keras: Any) -> Any:
    return transfer(keras, "DenseNet121", outputs=14, activation="sigmoid", loss="binary_crossentropy")


@case("none")
def mobilenet_v3_nested(keras: Any) -> Any:
    return transfer(keras, "MobileNetV3Small")


@case("symmetric")
def efficientnet_v2_without_scaling(keras: Any) -> Any:
    return transfer(keras, "EfficientNetV2S", include_preprocessing=False)


@case("torch")
def convnext_without_scaling(keras: Any) -> Any:
    return transfer(keras, "ConvNeXtTiny", include_preprocessing=False)


@case("none")
def plain_not_divided(keras: Any) -> Any:
    return small(keras, normalize=False)


@case("symmetric")
def plain_symmetric(keras: Any) -> Any:
    return small(keras)


@case("bgr")
def plain_opencv(keras: Any) -> Any:
    return small(keras)


@case("bgr-unit")
def plain_opencv_divided(keras: Any) -> Any:
    return small(keras)


@case("torch")
def plain_torch_style(keras: Any) -> Any:
    return small(keras)


@case("none")
def normalization_first(keras: Any) -> Any:
    return small(keras, keras.layers.BatchNormalization())


@case("unit")
def normalization_of_imagenet(keras: Any) -> Any:
    variance = [0.229**2, 0.224**2, 0.225**2]
    return small(keras, keras.layers.Normalization(mean=[0.485, 0.456, 0.406], variance=variance))


@case("none")
def normalization_adapted(keras: Any) -> Any:
    layer = keras.layers.Normalization()
    layer.adapt(noise())
    return small(keras, layer)


@case("unit")
def normalization_adapted_divided(keras: Any) -> Any:
    layer = keras.layers.Normalization()
    layer.adapt(noise(top=1.0))
    return small(keras, layer, normalize=False)


@case("unit", told=True)
def rescaling_inside_and_divided(keras: Any) -> Any:
    return small(keras, keras.layers.Rescaling(1 / 255))


@case("unit", "labels")
def multi_label(keras: Any) -> Any:
    return compiled(small(keras, activation="sigmoid", outputs=6), "binary_crossentropy", ["binary_accuracy"])


@case("unit", "labels-logits")
def multi_label_logits(keras: Any) -> Any:
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    return compiled(small(keras, activation=None, outputs=6), loss, ["binary_accuracy"])


@case("unit", "numbers")
def regression_one(keras: Any) -> Any:
    return compiled(small(keras, activation=None, outputs=1), "mse", ["mae"])


@case("unit", "numbers")
def regression_four(keras: Any) -> Any:
    return compiled(small(keras, activation=None, outputs=4), "mse", ["mae"])


@case()
def fashion_dense(keras: Any) -> Any:
    layers = keras.layers
    wide = [layers.Dense(64, activation="relu"), layers.Dense(10, activation="softmax")]
    return compiled(keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), *wide]), sparse(keras))


@case()
def lenet(keras: Any) -> Any:
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((32, 32, 1)),
            layers.Conv2D(6, 5, activation="tanh"),
            layers.AveragePooling2D(2),
            layers.Conv2D(16, 5, activation="tanh"),
            layers.AveragePooling2D(2),
            layers.Flatten(),
            layers.Dense(84, activation="tanh"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    return compiled(model)


@case("symmetric")
def grey_three_times(keras: Any) -> Any:
    base = keras.applications.MobileNetV2(
        include_top=False, weights=None, input_shape=(64, 64, 3), alpha=0.35
    )
    picture = keras.Input((64, 64, 1))
    values = base(keras.layers.Concatenate()([picture, picture, picture]))
    return compiled(keras.Model(picture, head(keras, values)))
