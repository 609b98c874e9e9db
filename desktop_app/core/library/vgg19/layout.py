"""The layout of a VGG19 weights file: which arrays it must have, and nothing that leads elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from desktop_app.core.engine.libraries import import_h5py
from desktop_app.core.foundation.files import open_regular
from desktop_app.core.library.imagenet.published import CLASS_COUNT
from desktop_app.core.library.inspection.containers.hdf5 import stored_tensors
from desktop_app.core.library.inspection.containers.refusal import Refusal, naming_the_file, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from desktop_app.core.library.inspection.containers.hdf5 import StoredTensor

BLOCKS = ((64, 2), (128, 2), (256, 4), (512, 4), (512, 4))
"""Channels and number of 3x3 convolutions of each block, each of which halves height and width
(Simonyan and Zisserman, 2014, configuration E)."""
DENSE_UNITS = 4096
INPUT_SIZE = 224
_ADVICE = "Choose weights of VGG19 for 1,000 classes, saved by Keras as HDF5."


def convolution_shapes() -> dict[str, tuple[int, ...]]:
    """Shapes of the 16 convolution kernels by layer; each has a bias of the last size."""
    shapes: dict[str, tuple[int, ...]] = {}
    channels = 3
    for block, (width, depth) in enumerate(BLOCKS, start=1):
        for convolution in range(1, depth + 1):
            shapes[f"block{block}_conv{convolution}"] = (3, 3, channels, width)
            channels = width
    return shapes


def kernel_shapes() -> dict[str, tuple[int, ...]]:
    """Shapes of all kernels by layer: the convolutions' and those of the 3 dense layers."""
    side = INPUT_SIZE // 2 ** len(BLOCKS)
    channels, _ = BLOCKS[-1]
    return convolution_shapes() | {
        "fc1": (side * side * channels, DENSE_UNITS),
        "fc2": (DENSE_UNITS, DENSE_UNITS),
        "predictions": (DENSE_UNITS, CLASS_COUNT),
    }


def check_layout(path: Path) -> None:
    """Check that a file has VGG19's layers, each with a float32 kernel and bias of the right shapes.

    Raises:
        ModelError: A layer is missing or different, or there are links, external, virtual or compressed
            arrays.
        StorageError: It cannot be read.
    """
    _check(path, kernel_shapes())


def check_convolutions(path: Path) -> None:
    """Do the same for a file that needs to have the convolutions only.

    Raises:
        ModelError: As for `check_layout`.
        StorageError: It cannot be read.
    """
    _check(path, convolution_shapes())


def _check(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> None:
    import_h5py()
    import h5py

    with naming_the_file(path), open_regular(path) as file:
        try:
            tensors = stored_tensors(file, file.seek(0, 2))
            with h5py.File(file, "r") as weights:
                for layer, shape in shapes.items():
                    _check_layer(weights, layer, shape, tensors)
        except Refusal as refusal:
            refuse(refusal.clause, _ADVICE)  # the advice for .keras files would be misleading
        except (OSError, RuntimeError, KeyError, ValueError, TypeError, AttributeError) as error:
            _unfit(type(error).__name__)


def _check_layer(
    weights: Any, layer: str, shape: tuple[int, ...], tensors: Mapping[str, StoredTensor]
) -> None:
    if layer not in weights:
        _unfit(f"the layer {layer} is missing")
    names = [
        name.decode() if isinstance(name, bytes) else str(name) for name in _weight_names(weights[layer])
    ]
    found = [tensors.get(f"{layer}/{name}") for name in names]
    described = [(tensor.shape, tensor.dtype) if tensor else None for tensor in found]
    if described != [(shape, "float32"), (shape[-1:], "float32")]:
        _unfit(f"the layer {layer} has other weights")


def _weight_names(group: Any) -> list[bytes | str]:
    return list(group.attrs["weight_names"])


def _unfit(reason: str) -> NoReturn:
    refuse(f"it does not hold weights of VGG19: {reason}", _ADVICE)
