"""The published preparations, written down once more: what the product's own are compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from benchmarks.zoo_models.case import Meaning, Pixels

LUMA = (0.299, 0.587, 0.114)
"""ITU-R BT.601, as Pillow and TensorFlow turn colours into grey."""


def prepared(pictures: NDArray[np.uint8], pixels: Pixels, shape: Sequence[int | None]) -> NDArray[np.float32]:
    """Prepare pictures the way the network's makers do.

    Args:
        pictures: RGB uint8 ``(N, H, W, 3)``, of the network's size.
        pixels: What it was trained on.
        shape: The network's input without the batch axis; without a channel axis for grey pictures.

    Returns:
        float32 ``(N, *shape)``.
    """
    values = pictures.astype(np.float64)
    grey = len(shape) < 3 or shape[-1] == 1
    if grey:
        values = (values @ np.array(LUMA))[..., None]
    match pixels:
        case "unit":
            values = values / 255
        case "symmetric":
            values = values / 127.5 - 1
        case "caffe":
            values = values[..., ::-1] - np.array([103.939, 116.779, 123.68])
        case "torch":
            values = (values / 255 - np.array([0.485, 0.456, 0.406])) / np.array([0.229, 0.224, 0.225])
        case "bgr":
            values = values[..., ::-1]
        case "bgr-unit":
            values = values[..., ::-1] / 255
        case "standard":
            axes = (1, 2, 3)
            values = (values - values.mean(axes, keepdims=True)) / values.std(axes, keepdims=True)
    if len(shape) < 3:
        values = values.reshape(len(values), *(values.shape[1:3] if len(shape) == 2 else (-1,)))
    return np.ascontiguousarray(values, np.float32)


def expected(outputs: NDArray[Any], meaning: Meaning) -> NDArray[np.float64]:
    """What the numbers of a network say: probabilities, or amounts as they are."""
    values = outputs.astype(np.float64)
    match meaning:
        case "logits":
            shifted = np.exp(values - values.max(axis=1, keepdims=True))
            return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))
        case "log-softmax":
            return np.exp(values)
        case "labels-logits":
            return np.asarray(1 / (1 + np.exp(-values)))
        case "sigmoid":
            return np.hstack([1 - values, values])
        case "logit" | "margin":
            return np.hstack([1 / (1 + np.exp(values)), 1 / (1 + np.exp(-values))])
    return values
