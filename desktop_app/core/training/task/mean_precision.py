"""The mean average precision as a Keras metric."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras

BINS = 240
_SPAN = 12.0
"""Logits from -12 to 12 are told apart, in steps of 0.1; beyond, a probability is 0 or 1 to five digits."""


def mean_precision(label_count: int) -> keras.metrics.Metric:
    """Make the metric ``mean_ap``: the mean over the labels seen of their average precision.

    Truth is zeros and ones, predictions are probabilities, both ``(N, labels)``. Probabilities are counted by
    their logits in bins of 0.1, those in the same bin as equal: the memory does not grow with the pictures.

    Args:
        label_count: Number of labels.
    """
    import keras
    from keras import ops

    class MeanPrecision(keras.metrics.Metric):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(name="mean_ap")
            shape = (label_count * BINS,)
            self.positive = self.add_weight(shape=shape, initializer="zeros", name="positive")
            self.all = self.add_weight(shape=shape, initializer="zeros", name="all")

        def update_state(self, truth: Any, predictions: Any, sample_weight: Any = None) -> None:  # noqa: ARG002
            given = ops.clip(ops.cast(predictions, "float32"), 1e-7, 1 - 1e-7)
            logits = ops.log(given) - ops.log(1 - given)
            place = ops.floor((logits + _SPAN) * (BINS / (2 * _SPAN)))
            place = ops.cast(ops.clip(place, 0, BINS - 1), "int32")
            place = place + BINS * ops.arange(label_count, dtype="int32")
            place = ops.reshape(place, (-1,))
            right = ops.reshape(ops.cast(truth > 0.5, self.all.dtype), (-1,))
            size = label_count * BINS
            self.positive.assign_add(ops.segment_sum(right, place, size))
            self.all.assign_add(ops.segment_sum(ops.ones_like(right), place, size))

        def result(self) -> Any:
            def down(counts: Any) -> Any:
                return ops.flip(ops.reshape(counts, (label_count, BINS)), axis=1)

            gained = down(self.positive)
            found, taken = ops.cumsum(gained, axis=1), ops.cumsum(down(self.all), axis=1)
            precision = found / ops.maximum(taken, 1.0)
            total = found[:, -1]
            each = ops.sum(gained * precision, axis=1) / ops.maximum(total, 1.0)
            seen = ops.cast(total > 0, each.dtype)
            return ops.sum(each * seen) / ops.maximum(ops.sum(seen), 1.0)

    return MeanPrecision()
