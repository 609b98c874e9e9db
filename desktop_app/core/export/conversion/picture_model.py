"""One Keras model from RGB bytes to calibrated probabilities: what every format is written from.

Everything that the card says about a model's input and output is inside: grey weights, pixel values and
layout, the mirror image, the temperature, and the two probabilities of a single output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.export.conversion.stock_network import CannotExport, stock_network
from desktop_app.core.networks.preprocessing import preprocess

if TYPE_CHECKING:
    import keras
    from numpy.typing import NDArray

    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.networks.input_spec import InputSpec, Layout
    from desktop_app.core.networks.outputs import OutputKind, Task

INPUT, OUTPUT = "picture", "probabilities"
"""Names of the input, uint8 ``(N, height, width, 3)``, and of the output, float32 ``(N, classes)``."""

_LEAST = float(np.finfo(np.float32).tiny)
"""A probability of 0 has no logarithm. Smaller numbers than this one are 0 to some engines."""

_TOLERANCE = 1e-5
"""Largest difference of a prepared number, as a share of the largest, that rounding explains."""


def picture_model(card: ModelCard, network: keras.Model, kind: OutputKind) -> keras.Model:
    """Build the model.

    Args:
        card: The model's card.
        network: Its network; left as it is.
        kind: What the network's outputs mean, see `Classifier.kind`.

    Returns:
        Model from RGB, uint8 ``(N, height, width, 3)``, to probabilities, float32 ``(N, classes)``, made of
        stock layers and operations of Keras.

    Raises:
        CannotExport: A layer or the card's pixel values cannot be written with those.
    """
    import keras

    spec = card.input
    network = stock_network(network)
    picture = keras.Input((spec.height, spec.width, 3), dtype="uint8", name=INPUT)
    pixels, weights = _pixels(spec)
    prepared = pixels(keras.layers.Rescaling(1.0, dtype="float32", name="numbers")(picture))
    pixels.set_weights(weights)
    outputs = network(_laid_out(prepared, spec.layout, "input"))
    if spec.mirrored:
        mirrored = keras.ops.flip(prepared, axis=2)
        turned = network(_laid_out(mirrored, spec.layout, "mirrored_input"))
        outputs = keras.layers.Average(dtype="float32", name="both_sides")([outputs, turned])
    meant = meaning(outputs, card.task, kind, card.calibration.temperature)
    return keras.Model(picture, meant, name="picture_model")


def meaning(outputs: Any, task: Task, kind: OutputKind, temperature: float) -> Any:
    """Turn a network's outputs into what they mean, as `read_outputs` does.

    Args:
        outputs: Symbolic tensor ``(N, outputs)``: probabilities or logits of the classes, or of the second of
            two.
        task: What they are for.
        kind: What they are.
        temperature: The card's.

    Returns:
        Symbolic tensor ``(N, classes)``: probabilities that sum to 1; for several labels at once
        the probability of each by itself; amounts as they are; features of length 1.
    """
    import keras

    layers, single = keras.layers, outputs.shape[-1] == 1
    if task == "regression":
        return layers.Rescaling(1.0, dtype="float32", name=OUTPUT)(outputs)
    if task == "embedding":
        numbers = layers.Rescaling(1.0, dtype="float32", name="outputs")(outputs)
        return layers.UnitNormalization(axis=-1, dtype="float32", name=OUTPUT)(numbers)
    if task == "multi-label":
        numbers = layers.Rescaling(1.0, dtype="float32", name="outputs")(outputs)
        if kind == "logits":
            tempered = layers.Rescaling(1 / temperature, name="temperature")(numbers)
            return layers.Activation("sigmoid", dtype="float32", name=OUTPUT)(tempered)
        if temperature == 1:
            return layers.Activation("linear", dtype="float32", name=OUTPUT)(numbers)
        others = layers.Rescaling(-1.0, 1.0, name="not_so")(numbers)
        for_it, against_it = (keras.ops.log(keras.ops.maximum(each, _LEAST)) for each in (numbers, others))
        odds = layers.Subtract(name="odds")([for_it, against_it])
        tempered = layers.Rescaling(1 / temperature, name="temperature")(odds)
        return layers.Activation("sigmoid", dtype="float32", name=OUTPUT)(tempered)
    if kind == "logits":
        logits = layers.Rescaling(1.0, dtype="float32", name="outputs")(outputs)
        if single:
            zero = layers.Rescaling(0.0, name="first_class")(logits)
            logits = layers.Concatenate(name="both_classes")([zero, logits])
    else:
        shares = outputs
        if single:
            first = layers.Rescaling(-1.0, 1.0, dtype="float32", name="first_class")(outputs)
            shares = layers.Concatenate(name="both_classes")([first, outputs])
        logits = keras.ops.log(keras.ops.maximum(shares, _LEAST))
    tempered = layers.Rescaling(1 / temperature, name="temperature")(logits)
    return layers.Softmax(dtype="float32", name=OUTPUT)(tempered)


def _pixels(spec: InputSpec) -> tuple[keras.Layer, list[NDArray[np.float32]]]:
    """Write the card's pixel values as a 1 x 1 convolution of the three colours.

    All of them, grey weights and the order of the channels included, are sums of a pixel's colours with fixed
    weights, which are read off what `preprocess` makes of pure colours.

    Raises:
        CannotExport: They are something else.
    """
    import keras

    def prepared(colours: NDArray[np.uint8]) -> NDArray[np.float64]:
        import tensorflow as tf

        made = preprocess(
            tf.constant(colours[:, np.newaxis, np.newaxis]), spec.preprocessing, spec.channels, spec.grey
        )
        return np.asarray(made, np.float64).reshape(len(colours), -1)

    pure = prepared(np.concatenate([np.zeros((1, 3), np.uint8), 255 * np.eye(3, dtype=np.uint8)]))
    offset, weights = pure[0], (pure[1:] - pure[0]) / 255
    colours = np.random.default_rng(0).integers(0, 256, (64, 3), np.uint8)
    wanted = prepared(colours)
    apart = np.abs(colours @ weights + offset - wanted).max()
    if apart > _TOLERANCE * max(1.0, np.abs(wanted).max()):
        raise CannotExport(f"Its pixel values ({spec.preprocessing}) cannot be written with stock layers.")
    layer = keras.layers.Conv2D(weights.shape[1], 1, dtype="float32", name="pixels")
    kernel = weights[np.newaxis, np.newaxis]
    return layer, [kernel.astype(np.float32), offset.astype(np.float32)]


def _laid_out(prepared: Any, layout: Layout, name: str) -> Any:
    """Bring ``(N, H, W, channels)`` to the network's layout, as `laid_out` does."""
    import keras

    match layout:
        case "nchw":
            return keras.layers.Permute((3, 1, 2), name=name)(prepared)
        case "nhw":
            return keras.layers.Reshape(prepared.shape[1:-1], name=name)(prepared)
        case "flat":
            return keras.layers.Flatten(name=name)(prepared)
        case _:
            return prepared
