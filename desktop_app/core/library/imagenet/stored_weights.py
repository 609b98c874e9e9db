"""Kernels and biases in an HDF5 file, for Keras's layers and for OpenVINO."""

from __future__ import annotations

import contextlib
import math
import os
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.engine.mapped_file import MappedFile
from desktop_app.core.foundation.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator
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
        self._mapped: MappedFile | None = None

    def initializers(self, layer: str) -> dict[str, Any]:
        """Give the constructor arguments that make a layer start with its stored weights.

        Raises:
            ModelError: The layer is missing; later, when the layer is built: it has another shape.
        """
        kernel, bias = self._stored(layer)
        return {
            "kernel_initializer": self._initializer(layer, kernel),
            "bias_initializer": self._initializer(layer, bias),
        }

    def arrays(
        self, layer: str, kernel_shape: tuple[int, ...], bias_shape: tuple[int, ...]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Kernel and bias of a layer as they are stored, little-endian and contiguous.

        Raises:
            ModelError: The layer is missing, has other shapes or other numbers than float32.
        """
        kernel, bias = self._checked(layer, kernel_shape, bias_shape)
        return np.asarray(kernel[()], "<f4"), np.asarray(bias[()], "<f4")

    def mapped(
        self, layer: str, kernel_shape: tuple[int, ...], bias_shape: tuple[int, ...]
    ) -> tuple[NDArray[np.float32], MappedFile | None, NDArray[np.float32]]:
        """Kernel and bias of a layer, the kernel where it lies in the file; for large ones.

        Returns:
            The kernel; the file that it is mapped to, None where it had to be read; and the bias.

        Raises:
            ModelError: As for `arrays`.
        """
        kernel, bias = self._checked(layer, kernel_shape, bias_shape)
        offset = kernel.id.get_offset()
        # Windows neither replaces nor removes a file that is mapped.
        plain = kernel.dtype == np.dtype("<f4") and not kernel.external and os.name != "nt"
        if offset is None or offset % 4 or not plain:
            return np.asarray(kernel[()], "<f4"), None, np.asarray(bias[()], "<f4")
        if self._mapped is None:
            self._mapped = MappedFile(self._path)
        return self._mapped.array(offset, kernel.shape), self._mapped, np.asarray(bias[()], "<f4")

    def _checked(
        self, layer: str, kernel_shape: tuple[int, ...], bias_shape: tuple[int, ...]
    ) -> tuple[h5py.Dataset, h5py.Dataset]:
        kernel, bias = self._stored(layer)
        for dataset, shape in ((kernel, kernel_shape), (bias, bias_shape)):
            if dataset.shape != shape or not _is_float32(dataset):
                raise self._unfit(layer)
        return kernel, bias

    def _stored(self, layer: str) -> tuple[h5py.Dataset, h5py.Dataset]:
        try:
            group = self._file[layer]
            names = [
                name.decode() if isinstance(name, bytes) else name for name in group.attrs["weight_names"]
            ]
            kernel, bias = (group[name] for name in names)
        except (KeyError, ValueError, AttributeError) as error:
            raise self._unfit(layer) from error
        return kernel, bias

    def _initializer(self, layer: str, dataset: h5py.Dataset) -> Any:
        def initialize(shape: tuple[int, ...], dtype: Any = None) -> Any:
            import tensorflow as tf

            if dataset.shape != tuple(shape) or not _is_float32(dataset):
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


@contextlib.contextmanager
def stored_weights(path: Path, network: str, advice: str) -> Iterator[StoredWeights]:
    """Open a file with weights for the duration of the body.

    Args:
        path: HDF5 file.
        network: Name of the network whose weights it should have, for messages.
        advice: What to do when it does not.

    Raises:
        ModelError: It cannot be read.
    """
    import h5py

    try:
        with h5py.File(path, "r") as file:
            yield StoredWeights(file, path, network, advice)
    except OSError as error:
        raise ModelError(f"The weights {path.name} cannot be read: {error}.", advice) from error


def _is_float32(dataset: h5py.Dataset) -> bool:
    """Whether it holds float32 numbers, in either byte order; h5py turns them."""
    return bool(dataset.dtype.newbyteorder("=") == np.float32)


def _aligned_empty(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Allocate a float32 array at an address that TensorFlow can share: a multiple of `_ALIGNMENT`."""
    count = math.prod(shape) * 4
    memory = np.empty(count + _ALIGNMENT, np.uint8)
    start = -memory.ctypes.data % _ALIGNMENT
    return memory[start : start + count].view(np.float32).reshape(shape)
