"""How much memory a network needs for training and for predictions, estimated before it starts.

Where memory runs out within a step, TensorFlow ends the process as often as it raises an error.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from desktop_app.core.devices.memory import free_memory
from desktop_app.core.networks.layers import layers_of

if TYPE_CHECKING:
    import keras

STATES = 3
"""Numbers for each weight besides itself: its gradient and at most two of the optimiser."""

_HALF = {"float16", "bfloat16"}


class NetworkTooLarge(MemoryError):
    """A network takes more than is free even with batches of one picture."""


def require_memory(model: keras.Model, batch_size: int) -> None:
    """Refuse a training that this computer has no memory for; on a GPU TensorFlow says so itself.

    Raises:
        NetworkTooLarge: Even a step with a single picture would take more than is free.
        MemoryError: A step would take more than is free.
    """
    import tensorflow as tf

    free = free_memory()
    if free and not tf.config.list_physical_devices("GPU") and needed_bytes(model, batch_size) > free:
        raise NetworkTooLarge if needed_bytes(model, 1) > free else MemoryError


def needed_bytes(model: keras.Model, batch_size: int) -> int:
    """Estimate what one step of a training takes besides the weights.

    From the first trainable layer on, all outputs are kept for the backward pass, which works on another one
    of the largest; before it, two at a time. Measured on two processor cores, steps of `two-block-cnn`,
    `cats-dogs-cnn` and `resnet-small` took 1.18, 1.03 and 0.88 times as much.
    """
    kept, largest, learns = 0, 0, False
    for layer in layers_of(model):
        learns = learns or bool(layer.trainable_variables)
        output = _output_bytes(layer) * batch_size
        largest = max(largest, output)
        kept += output if learns else 0
    weights = 4 * sum(math.prod(variable.shape) for variable in model.trainable_variables)
    return int(max(kept + largest, 2 * largest) + STATES * weights)


def features_bytes(model: keras.Model) -> int:
    """Estimate what a picture takes on its way through a network: the largest features, and those before."""
    return 2 * max(map(_output_bytes, layers_of(model)), default=0)


def _output_bytes(layer: keras.Layer) -> int:
    """Bytes for one picture; 0 where the network calls the layer several times."""
    try:
        outputs = layer.output
    except (AttributeError, ValueError):
        return 0
    total = 0
    for output in outputs if isinstance(outputs, list | tuple) else [outputs]:
        total += math.prod(size or 1 for size in output.shape[1:]) * (2 if output.dtype in _HALF else 4)
    return total
