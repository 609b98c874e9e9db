"""The layout of a VGG19 weights file: which arrays it must have, and nothing that leads elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.library.imagenet.published import CLASS_COUNT
from desktop_app.core.library.inspection.containers.layout import check_weights

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

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
    with_bias = {layer: (shape, shape[-1:]) for layer, shape in shapes.items()}
    check_weights(path, with_bias, network="VGG19", advice=_ADVICE)
