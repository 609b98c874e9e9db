"""What a finished model does on pictures that it was not trained on."""

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
    """Let a model answer for all pictures of a part, in order.

    Args:
        model: The network.
        batches: Of the part; of features, where the model is a network's head.
        tell: Told after every batch how many pictures are done.
        check: Called after every batch; what it raises ends the work.

    Returns:
        The network's outputs ``(N, outputs)``.
    """
    import tensorflow as tf

    def cast_answer(pictures: Any) -> Any:
        return tf.cast(model(pictures, training=False), tf.float64)

    signature = [tf.TensorSpec((None, *model.input_shape[1:]), tf.float32)]
    answer = tf.function(cast_answer, input_signature=signature, autograph=False)
    parts: list[NDArray[np.float64]] = []
    done = 0
    for pictures, *_labels in batches.plain():
        parts.append(answer(pictures).numpy())
        done += len(parts[-1])
        tell(done)
        check()
    return np.concatenate(parts)
