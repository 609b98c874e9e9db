"""Kernels and biases in an HDF5 file, as starting values of Keras's layers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.foundation.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

    import h5py
    from numpy.typing import NDArray

_ALIGNMENT = 64
"""Bytes; TensorFlow's tensors begin at multiples of it (EIGEN_MAX_ALIGN_BYTES)."""


class StoredWeights:
    """Kernels and biases by layer, each read once into the memory that its variable keeps.

    Args:
        file: Open HDF5 file with a group for each layer and the attribute ``weight_names``: kernel and bias.
        path: Its path, for messages.
        network: Name of the network whose weights it should have, for messages.
        advice: What to do when it does not.
    """

    def __init__(self, file: h5py.File, path: Path, network: str, advice: str) -> None:
        self._file = file
        self._path = path
        self._network = network
        self._advice = advice

    def initializers(self, layer: str) -> dict[str, Any]:
        """Give the constructor arguments that make a layer start with its stored weights.

        Raises:
            ModelError: The layer is missing; later, when the layer is built: it has another shape.
        """
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
            f"The weights {self._path.name} are not {self._network}'s: "
            f"the layer {layer} is missing or another.",
            self._advice,
        )


def _aligned_empty(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Allocate a float32 array at an address that TensorFlow can share: a multiple of `_ALIGNMENT`."""
    count = math.prod(shape) * 4
    memory = np.empty(count + _ALIGNMENT, np.uint8)
    start = -memory.ctypes.data % _ALIGNMENT
    return memory[start : start + count].view(np.float32).reshape(shape)
