"""What many models of the zoo share: heads, small convolutional networks, bases of keras.applications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def head(keras: Any, values: Any, outputs: int = 5, activation: str | None = "softmax") -> Any:
    """Average over the picture, drop out, decide."""
    layers = keras.layers
    values = layers.GlobalAveragePooling2D()(values)
    return layers.Dense(outputs, activation=activation)(layers.Dropout(0.2)(values))


def compiled(model: Any, loss: Any = "categorical_crossentropy", metrics: Any = ("accuracy",)) -> Any:
    """Compile with Adam and return it."""
    model.compile(optimizer="adam", loss=loss, metrics=list(metrics))
    return model


def sparse(keras: Any, *, from_logits: bool = False) -> Any:
    """The loss of most tutorials."""
    return keras.losses.SparseCategoricalCrossentropy(from_logits=from_logits)


def convolutions(
    keras: Any, values: Any, widths: tuple[int, ...] = (16, 32), *, normalize: bool = False
) -> Any:
    """Convolution, maybe normalisation, ReLU and pooling, once for each width."""
    layers = keras.layers
    for width in widths:
        values = layers.Conv2D(width, 3, padding="same", use_bias=not normalize)(values)
        values = layers.BatchNormalization()(values) if normalize else values
        values = layers.MaxPooling2D()(layers.Activation("relu")(values))
    return values


def small(
    keras: Any,
    before: Any = None,
    after: Any = None,
    *,
    side: int = 32,
    channels: int = 3,
    outputs: int = 5,
    normalize: bool = True,
    activation: str | None = "softmax",
) -> Any:
    """A small convolutional network; ``before`` and ``after`` are functions on what enters and leaves it."""
    picture = keras.Input((side, side, channels))
    values = before(picture) if before else picture
    values = convolutions(keras, values, normalize=normalize)
    values = after(values) if after else values
    model = keras.Model(picture, head(keras, values, outputs, activation))
    return compiled(model, sparse(keras, from_logits=activation is None))


def transfer(
    keras: Any,
    name: str = "MobileNetV2",
    before: Any = None,
    *,
    side: int = 64,
    outputs: int = 5,
    activation: str | None = "softmax",
    loss: Any = None,
    **more: Any,
) -> Any:
    """A frozen base nested as one layer, and a new head."""
    base = getattr(keras.applications, name)(
        include_top=False, weights=None, input_shape=(side, side, 3), **more
    )
    base.trainable = False
    picture = keras.Input((side, side, 3))
    values = base(before(picture) if before else picture, training=False)
    model = keras.Model(picture, head(keras, values, outputs, activation))
    return compiled(model, loss or sparse(keras, from_logits=activation is None))


def noise(side: int = 32, channels: int = 3, top: float = 255.0) -> NDArray[np.float32]:
    """Pictures to adapt a Normalization to: smooth, and not centred."""
    random = np.random.default_rng(5)
    coarse = random.beta(2, 3, (24, side // 8, side // 8, channels))
    return (np.repeat(np.repeat(coarse, 8, 1), 8, 2) * top).astype(np.float32)
