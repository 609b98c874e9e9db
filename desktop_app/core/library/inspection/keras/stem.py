"""Whether a network's first BatchNormalization contradicts the pixels that its scaling layers ask for."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.library.inspection.containers.hdf5 import read_statistics
from desktop_app.core.library.inspection.keras.scaling import whole_scaling
from desktop_app.core.networks.pixels import (
    IMAGENET_DEVIATIONS,
    IMAGENET_MEANS,
    Affine,
    affine_of,
    pixel_choices,
)

if TYPE_CHECKING:
    import io
    from collections.abc import Mapping
    from typing import Any, BinaryIO

    from numpy.typing import NDArray

    from desktop_app.core.library.inspection.containers.hdf5 import StoredTensor
    from desktop_app.core.library.inspection.keras.network.graph import Layer
    from desktop_app.core.library.inspection.keras.network.rule import Shape
    from desktop_app.core.library.inspection.keras.network.trace import Trace
    from desktop_app.core.library.inspection.result.network_summary import Scaling
    from desktop_app.core.networks.pixels import Preprocessing

_COLOURS = 0.9
"""Correlation of two channels of photos."""
_NEIGHBOURS = 20.0
"""Pixels at which the correlation of two of them is 1/e; neighbours have 0.95."""
_BORDER = 0.5
"""Share of the kernel that lies outside of the picture at its border, about."""
_APART = 10.0
"""Divergence from which a preprocessing does not fit: for eleven networks settled on photos the right one had
0.2 to 0.9, and 0..255 had 16 to 120,000 where pixels had been divided by 255 once too often."""
_BETTER = 5.0
"""Factor by which another one must fit better."""
_ALIKE = 1.5
"""Factor within which choices fit alike."""
_LARGEST = 1024
"""Numbers that a filter sees, at most: more would make the covariances large."""


@dataclass(frozen=True, slots=True)
class Stem:
    """The first layers of many networks.

    Attributes:
        kernel: The first convolution's, ``(height, width, channels, filters)``.
        bias: One number for each filter; zero where it has none.
        mean: What the BatchNormalization behind it kept of its training, for each filter.
        variance: The same.
    """

    kernel: NDArray[np.float64]
    bias: NDArray[np.float64]
    mean: NDArray[np.float64]
    variance: NDArray[np.float64]


def doubted(
    scaling: Scaling,
    trace: Trace,
    picture: Shape,
    file: io.BufferedIOBase | io.RawIOBase | BinaryIO,
    tensors: Mapping[str, StoredTensor],
) -> Scaling:
    """Look whether what a network kept of its training contradicts what was decided by its layers.

    Args:
        scaling: What was decided.
        trace: The way of a picture through the network.
        picture: Shape of the picture.
        file: The HDF5 file with the weights, open for reading.
        tensors: Its arrays, as `stored_tensors` lists them.

    Returns:
        The same, or what is doubtful about it.
    """
    if trace.stem is None or not trace.scalers:
        return scaling
    side, channels = picture[0], picture[-1]
    affine = whole_scaling(trace.scalers, channels, lambda count: read_statistics(file, tensors, count))
    stem = read_stem(file, tensors, trace.stem, channels)
    if affine is None or stem is None:
        return scaling
    found = trained_on(stem, affine, side, pixel_choices(channels))
    if found is None:
        return scaling
    return replace(scaling, decided=False, contradicted=found)


def read_stem(
    file: io.BufferedIOBase | io.RawIOBase | BinaryIO,
    tensors: Mapping[str, StoredTensor],
    layers: tuple[Layer, Layer],
    channels: int,
) -> Stem | None:
    """Read the arrays of a convolution and the BatchNormalization behind it in a checked weights file.

    Args:
        file: The HDF5 file, open for reading.
        tensors: Its arrays, as `stored_tensors` lists them.
        layers: The two layers, the first of their kinds in their model.
        channels: Number of the convolution's inputs.

    Returns:
        None where it is not certain which arrays are theirs.
    """
    import h5py

    first, normalization = layers
    size, filters = first.config.get("kernel_size"), first.config.get("filters")
    if not isinstance(size, list) or not isinstance(filters, int):
        return None
    shape = (*size, channels, filters)
    if math.prod(shape[:3]) > _LARGEST:
        return None
    ends = "/conv2d/vars/0"
    kernels = [path for path in tensors if f"/{path}".endswith(ends) and tensors[path].shape == shape]
    if len(kernels) != 1:
        return None
    before = kernels[0][: -len(ends) + 1]
    scale, center = (bool(normalization.config.get(name, True)) for name in ("scale", "center"))
    names = [f"{before}batch_normalization/vars/{scale + center + number}" for number in (0, 1)]
    if any(name not in tensors or tensors[name].shape != (filters,) for name in names):
        return None
    biased = bool(first.config.get("use_bias", True))
    if biased:
        names.append(f"{before}conv2d/vars/1")
    with h5py.File(file, "r") as weights:
        kernel, mean, variance, *bias = (
            np.asarray(weights[name][()], np.float64) for name in (kernels[0], *names)
        )
    return Stem(kernel, bias[0] if bias else np.zeros(filters), mean, variance)


def trained_on(
    stem: Stem, scaling: Affine, side: int, choices: tuple[Preprocessing, ...]
) -> Preprocessing | None:
    """Find the pixels that a network was trained on, where they cannot be those in 0..255.

    What photos give the BatchNormalization follows from the means, deviations and correlations of their
    pixels, and from the border, where the convolution sees zeros.

    Args:
        stem: Its first layers.
        scaling: What the layers before them do to pixels.
        side: Height or width of its pictures.
        choices: Pixels that it may have been trained on.

    Returns:
        None where nothing contradicts pixels in 0..255.
    """
    if not stem.mean.any() and (stem.variance == 1).all():
        return None  # never trained
    numbers = (stem.kernel, stem.bias, stem.mean, stem.variance)
    if not all(np.isfinite(values).all() for values in numbers) or (stem.variance < 0).any():
        return None
    distances = {choice: _distance(stem, affine_of(choice), scaling, side) for choice in choices}
    lowest = min(distances.values())
    if distances["none"] < _APART or distances["none"] < _BETTER * lowest:
        return None
    # Where hardly more than a constant is left of the pixels, several fit alike: the usual one is proposed.
    return next(choice for choice in ("unit", *choices) if distances.get(choice, math.inf) <= _ALIKE * lowest)


def _distance(stem: Stem, pixels: Affine, scaling: Affine, side: int) -> float:
    """Symmetric Kullback-Leibler divergence of what photos give and what was kept; the filters' median."""
    channels = stem.kernel.shape[2]
    means, deviations = 255 * np.array(IMAGENET_MEANS), 255 * np.array(IMAGENET_DEVIATIONS)
    if pixels.reversed:
        means, deviations = means[::-1], deviations[::-1]
    if channels == 1:
        means, deviations = means.mean(keepdims=True), deviations.mean(keepdims=True)
    factor = np.array(scaling.scale) * np.array(pixels.scale) * np.ones(channels)
    means = factor * means + np.array(scaling.scale) * np.array(pixels.offset) + np.array(scaling.offset)
    deviations = np.abs(factor) * deviations
    rows, columns, _, filters = stem.kernel.shape
    flat = stem.kernel.reshape(-1, filters)
    sums = np.tile(means, rows * columns) @ flat
    variance = np.einsum("if,ij,jf->f", flat, _covariance(rows, columns, deviations), flat)
    border = min(0.5, 2 * (rows - 1) / max(side, 1))
    variance += border * (_BORDER * sums) ** 2 + 1e-12
    kept = stem.variance + 1e-12
    apart = (sums + stem.bias - stem.mean) ** 2
    both = (variance + apart) / kept + (kept + apart) / variance - 2
    return float(np.median(both / 2))


def _covariance(rows: int, columns: int, deviations: NDArray[np.float64]) -> NDArray[Any]:
    """Covariances of the pixels under a kernel, channels innermost."""
    y, x = (axis.reshape(-1) for axis in np.mgrid[:rows, :columns])
    distances = np.hypot(y[:, None] - y, x[:, None] - x)
    colours = np.where(np.eye(len(deviations)), 1.0, _COLOURS) * np.outer(deviations, deviations)
    return np.kron(np.exp(-distances / _NEIGHBOURS), colours)
