"""A network made of nothing but layers that every Keras has and that other formats can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.foundation.text import printable
from desktop_app.core.networks.own_layers import LRN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import keras
    from numpy.typing import NDArray

_ONLY_TRAINING = frozenset({"RandAugment", "AugMix", "CutMix", "MixUp"})
_RANDOM = "Random"
_SHORT_FLOATS = ("float16", "bfloat16")


class CannotExport(ModelError):
    """A model cannot be written in a format; the sentence names the layer, where one is to blame."""


def stock_network(network: keras.Model) -> keras.Model:
    """Replace what other programs do not have; the answers stay.

    Augmentation goes, for it does nothing in prediction. Sightline's own normalisation and `Normalization`
    become stock layers. What computes in half precision computes in float32. Functions that filled the
    weights when the network was built, which no file can hold, become zeros.

    Args:
        network: A Functional or Sequential network. It answers as before, but forgets the functions that
            filled it.

    Returns:
        The network itself where there is nothing to replace, else a copy with the same weights.

    Raises:
        CannotExport: A layer has weights that are not numbers, or cannot be written with stock layers.
    """
    layers = list(leaves(network))
    _check_weights(layers)
    if any(_is_replaced(layer) or _is_short(layer) for layer in layers):
        return _copied(network, _is_replaced)
    for layer in layers:
        _forget_functions(layer)
    return network


def float32_network(network: keras.Model) -> keras.Model:
    """Let a network compute in float32.

    Args:
        network: A Functional or Sequential network. It is left as it is.

    Returns:
        The network itself where it does already, else a copy with the same layers and weights.
    """
    if not any(_is_short(layer) for layer in leaves(network)):
        return network
    return _copied(network, lambda _layer: False)


def _copied(network: keras.Model, is_replaced: Callable[[keras.Layer], bool]) -> keras.Model:
    import keras

    pairs: list[tuple[keras.Layer, keras.Layer]] = []
    filled: list[tuple[keras.Layer, list[NDArray[Any]]]] = []

    def copied(layer: keras.Layer) -> keras.Layer:
        if is_replaced(layer):
            return _replacement(layer, filled)
        made = type(layer).from_config(_without_functions(_in_float32(layer.get_config())))
        pairs.append((layer, made))
        return made

    clone = keras.models.clone_model(network, clone_function=copied, recursive=True)
    for old, new in pairs:
        if isinstance(old, keras.Layer):  # operations have no weights
            new.set_weights(old.get_weights())
    for layer, weights in filled:
        layer.set_weights(weights)
    return clone


def leaves(network: keras.Model) -> Iterator[keras.Layer]:
    """List the layers of a network and of the networks in it, without those networks themselves."""
    import keras

    for layer in network.layers:
        if isinstance(layer, keras.Model):
            yield from leaves(layer)
        else:
            yield layer


def _check_weights(layers: list[keras.Layer]) -> None:
    for layer in layers:
        for number, variable in enumerate(layer.weights):
            if not _all_finite(variable):
                raise CannotExport(
                    f"Layer '{printable(layer.name)}' has weights that are not numbers (array {number + 1}), "
                    "with which some programs would answer as if it were sound.",
                    "Train or import the model again.",
                )


def _all_finite(variable: keras.Variable) -> bool:
    """Whether no number is NaN or infinite; looked at where they lie, since a copy could be large."""
    import tensorflow as tf

    values = np.asarray(tf.convert_to_tensor(variable.value))
    if values.dtype.kind not in "fV":
        return True
    if values.dtype not in (np.float32, np.float64):  # bfloat16 is no number format of NumPy itself
        values = values.astype(np.float32)
    return bool(np.isfinite(values.min(initial=0)) and np.isfinite(values.max(initial=0)))


def _is_replaced(layer: keras.Layer) -> bool:
    kind: str = type(layer).__name__
    return kind.startswith(_RANDOM) or kind in _ONLY_TRAINING or kind in (LRN, "Normalization")


def _is_short(layer: keras.Layer) -> bool:
    formats = {str(layer.compute_dtype), *(str(weights.dtype) for weights in layer.weights)}
    return not formats.isdisjoint(_SHORT_FLOATS)


def _forget_functions(layer: keras.Layer) -> None:
    """Put zeros in place of initializers that are functions, without a copy of the weights."""
    import keras

    config = layer.get_config()
    for name, value in _without_functions(config).items():
        if value != config[name]:
            setattr(layer, name, keras.initializers.Zeros())


def _without_functions(config: dict[str, Any]) -> dict[str, Any]:
    """Replace initializers that are functions; the weights are set afterwards."""

    def is_function(value: Any) -> bool:
        return callable(value) or (isinstance(value, dict) and value.get("class_name") == "function")

    return {
        key: "zeros" if key.endswith("_initializer") and is_function(value) else value
        for key, value in config.items()
    }


def _in_float32(value: Any) -> Any:
    """Replace the number formats in a layer's configuration, those of layers in it too."""
    if isinstance(value, list):
        return [_in_float32(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") == "DTypePolicy":
        name = str(value.get("config", {}).get("name", ""))
        short = any(each in name for each in _SHORT_FLOATS)
        return {**value, "config": {"name": "float32"}} if short else value
    changed = {key: _in_float32(each) for key, each in value.items()}
    if str(changed.get("dtype", "")).removeprefix("mixed_") in _SHORT_FLOATS:
        changed["dtype"] = "float32"
    return changed


def _replacement(layer: keras.Layer, filled: list[tuple[keras.Layer, list[NDArray[Any]]]]) -> keras.Layer:
    import keras

    kind = type(layer).__name__
    if kind == LRN:
        return _normalised_by_neighbours(layer, filled)
    if kind == "Normalization":
        return _rescaling(layer)
    return keras.layers.Identity(name=layer.name)


def _normalised_by_neighbours(
    layer: keras.Layer, filled: list[tuple[keras.Layer, list[NDArray[Any]]]]
) -> keras.Model:
    """Write local response normalisation with stock layers.

    The sum over the neighbour channels is a 1 x 1 convolution of the squares, whose kernel is a band matrix.
    """
    import keras

    shape = layer.output.shape[1:]
    channels = shape[-1]
    apart = np.abs(np.subtract.outer(np.arange(channels), np.arange(channels)))
    kernel = (layer.alpha * (apart <= layer.depth_radius)).astype(np.float32)
    activity = keras.layers.Conv2D(channels, 1, name=f"{layer.name}_activity")
    inputs = keras.Input(shape, name=f"{layer.name}_input")
    squares = keras.layers.Multiply(name=f"{layer.name}_squares")([inputs, inputs])
    factor = keras.ops.power(activity(squares), -layer.beta)
    outputs = keras.layers.Multiply(name=f"{layer.name}_output")([inputs, factor])
    filled.append((activity, [kernel[np.newaxis, np.newaxis], np.full(channels, layer.bias, np.float32)]))
    return keras.Model(inputs, outputs, name=layer.name)


def _rescaling(layer: keras.Layer) -> keras.Layer:
    """Write a `Normalization` as a `Rescaling`, which keeps its numbers in the file in every format."""
    import keras

    mean, variance = (
        np.asarray(keras.ops.convert_to_numpy(each), np.float64) for each in (layer.mean, layer.variance)
    )
    last = len(layer.output.shape) - 1
    if tuple(layer.axis) not in ((), (last,), (-1,)):
        raise CannotExport(
            f"Layer '{printable(layer.name)}' normalises along another axis than the channels, which other "
            "formats cannot hold."
        )
    deviation = np.maximum(np.sqrt(variance.ravel()), keras.config.epsilon())
    mean = mean.ravel()
    scale, offset = (deviation, mean) if layer.invert else (1 / deviation, -mean / deviation)
    if len(scale) == 1:
        return keras.layers.Rescaling(float(scale[0]), float(offset[0]), name=layer.name)
    return keras.layers.Rescaling(scale.tolist(), offset.tolist(), name=layer.name)
