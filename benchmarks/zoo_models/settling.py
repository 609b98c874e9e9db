"""Weights that behave as trained ones do: real statistics, and answers that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

SPREAD = 2.0
"""Deviation of the logits over the pictures: answers are neither all alike nor all certain."""
FLOOR = 1e-2
"""Least variance of a channel, as a share of the mean: channels in which random weights leave hardly anything
would only magnify rounding, as those of trained networks do not."""


def views(photographs: Sequence[NDArray[np.uint8]], side: int, count: int) -> NDArray[np.uint8]:
    """Cut square parts out of photographs: pictures that a network might have been trained on.

    Args:
        photographs: RGB uint8 ``(H, W, 3)``.
        side: Height and width of the parts.
        count: Their number; with few of them the last layers, whose maps are small, get statistics of so few
            numbers that answers hang on rounding.

    Returns:
        uint8 ``(count, side, side, 3)``.
    """
    random = np.random.default_rng(1)
    parts = []
    for number in range(count):
        photograph = photographs[number % len(photographs)]
        edge = round(min(photograph.shape[:2]) * random.uniform(0.3, 0.8))
        top, left = (random.integers(0, full - edge) for full in photograph.shape[:2])
        part = Image.fromarray(photograph[top : top + edge, left : left + edge])
        parts.append(np.asarray(part.resize((side, side), Image.Resampling.BILINEAR)))
    return np.stack(parts)


def settle(model: Any, inputs: NDArray[np.float32]) -> None:
    """Give a network with random weights the statistics of pictures, and a last layer that tells them apart.

    Each BatchNormalization gets mean and variance of what reaches it, after those before it have theirs. The
    last kernel is scaled and its bias moved, so that the logits' mean over the pictures is zero.

    Args:
        model: The network.
        inputs: Prepared pictures.
    """
    import keras

    layers = list(_layers(model))
    replaced = []
    for layer in layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            replaced.append((layer, layer.call))
            layer.call = _measuring(layer, layer.call)
    last = next((layer for layer in reversed(layers) if getattr(layer, "kernel", None) is not None), None)
    seen: list[NDArray[Any]] = []
    if last is not None:
        replaced.append((last, last.call))
        last.call = _watching(seen, last.call)
    try:
        fixed = model.inputs[0].shape[0] == 1
        for part in [inputs] if not fixed else [inputs[n : n + 1] for n in range(len(inputs))]:
            model(part, training=False)
    finally:
        for layer, call in replaced:
            del layer.call  # the class's own again
            assert layer.call == call
    if last is not None and seen:
        _spread(last, np.concatenate(seen))


def _layers(model: Any) -> Iterator[Any]:
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from _layers(layer)
        else:
            yield layer


def _measuring(layer: Any, call: Any) -> Any:
    def measured(values: Any, **options: Any) -> Any:
        numbers = np.asarray(values, np.float64)
        axis = layer.axis if isinstance(layer.axis, int) else layer.axis[0]
        others = tuple(each for each in range(numbers.ndim) if each != axis % numbers.ndim)
        variance = numbers.var(others)
        variance += FLOOR * variance.mean()
        layer.moving_mean.assign(numbers.mean(others).astype(np.float32))
        layer.moving_variance.assign(variance.astype(np.float32))
        return call(values, **options)

    return measured


def _watching(seen: list[NDArray[Any]], call: Any) -> Any:
    def watched(values: Any, **options: Any) -> Any:
        seen.append(np.asarray(values, np.float64))
        return call(values, **options)

    return watched


def _spread(layer: Any, values: NDArray[np.float64]) -> None:
    kernel = np.asarray(layer.kernel, np.float64)
    if kernel.ndim != 2 or values.shape[-1] != kernel.shape[0] or layer.bias is None:
        return
    sums = values.reshape(-1, kernel.shape[0]) @ kernel
    around = sums - sums.mean(axis=0)
    scale = SPREAD / max(float(around.std()), 1e-6)
    layer.kernel.assign((kernel * scale).astype(np.float32))
    layer.bias.assign((-sums.mean(axis=0) * scale).astype(np.float32))
