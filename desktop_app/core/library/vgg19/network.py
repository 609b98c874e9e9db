"""VGG19 with the published weights (Simonyan and Zisserman, 2014), built without random numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.vgg19.imagenet import CLASS_COUNT
from desktop_app.core.library.vgg19.layout import BLOCKS, DENSE_UNITS, INPUT_SIZE

if TYPE_CHECKING:
    from pathlib import Path

    import h5py
    import keras
    from numpy.typing import NDArray

_ALIGNMENT = 64
"""Bytes; TensorFlow's tensors begin at multiples of it (EIGEN_MAX_ALIGN_BYTES)."""


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
    import h5py

    try:
        with h5py.File(weights, "r") as file:
            return _build(_WeightsFile(file, weights))
    except OSError as error:
        raise ModelError(
            f"The weights {weights.name} cannot be read: {error}.",
            "Remove this model and download or import it again.",
        ) from error


class _WeightsFile:
    """Kernels and biases by layer, each read once into the memory that its variable keeps."""

    def __init__(self, file: h5py.File, path: Path) -> None:
        self._file = file
        self._path = path

    def initializers(self, layer: str) -> dict[str, Any]:
        """Give the constructor arguments that make a layer start with its stored weights."""
        try:
            group = self._file[layer]
            names = [
                name.decode() if isinstance(name, bytes) else name for name in group.attrs["weight_names"]
            ]
            kernel, bias = (group[name] for name in names)
        except (KeyError, ValueError, AttributeError) as error:
            raise self._unfit(layer) from error
        return {
            "kernel_initializer": self._initializer(layer, kernel),
            "bias_initializer": self._initializer(layer, bias),
        }

    def _initializer(self, layer: str, dataset: h5py.Dataset) -> Any:
        def initialize(shape: tuple[int, ...], dtype: Any = None) -> Any:
            import tensorflow as tf

            if dataset.shape != tuple(shape) or dataset.dtype != np.float32:
                raise self._unfit(layer)
            stored = _aligned_empty(dataset.shape)
            dataset.read_direct(stored)
            # Shares the memory. Copying 400 MB into a tensor would stop all other threads for 0.3 s.
            tensor = tf.experimental.dlpack.from_dlpack(stored.__dlpack__())
            return tf.cast(tensor, dtype or "float32")

        return initialize

    def _unfit(self, layer: str) -> ModelError:
        return ModelError(
            f"The weights {self._path.name} are not VGG19's: the layer {layer} is missing or another.",
            "Download the published weights, or import a file of the same layout.",
        )


def _aligned_empty(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Allocate a float32 array at an address that TensorFlow can share: a multiple of `_ALIGNMENT`."""
    count = math.prod(shape) * 4
    memory = np.empty(count + _ALIGNMENT, np.uint8)
    start = -memory.ctypes.data % _ALIGNMENT
    return memory[start : start + count].view(np.float32).reshape(shape)


def _build(weights: _WeightsFile) -> keras.Model:
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
