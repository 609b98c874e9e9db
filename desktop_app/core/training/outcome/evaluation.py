"""The outputs of a finished model for pictures that it was not trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import keras
    from numpy.typing import NDArray

    from desktop_app.core.datasets.pipeline.batches import Batches


def outputs_of(
    model: keras.Model, batches: Batches, *, tell: Callable[[int], None], check: Callable[[], None]
) -> NDArray[np.float64]:
    """Compute a model's outputs for all pictures of a split, in order.

    Args:
        model: The network.
        batches: Batches of the split; of features, where the model is a network's head.
        tell: Callback with the pictures done, after every batch.
        check: Callback after every batch; what it raises ends the work.

    Returns:
        The network's outputs ``(N, outputs)``.
    """
    import tensorflow as tf

    def outputs_for(pictures: Any) -> Any:
        return tf.cast(model(pictures, training=False), tf.float64)

    signature = [tf.TensorSpec((None, *model.input_shape[1:]), tf.float32)]
    compute = tf.function(outputs_for, input_signature=signature, autograph=False)
    parts: list[NDArray[np.float64]] = []
    done = 0
    for pictures, *_labels in batches.plain():
        parts.append(compute(pictures).numpy())
        done += len(parts[-1])
        tell(done)
        check()
    return np.concatenate(parts)
