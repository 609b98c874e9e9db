"""The balanced accuracy as a Keras metric."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras


def balanced_accuracy(class_count: int) -> keras.metrics.Metric:
    """Make the metric ``balanced_accuracy``: the mean over the classes seen of the share that is found.

    Labels and predictions are one-hot and a distribution, ``(N, classes)``, or ``(N, 1)`` for the second of
    two classes.

    Args:
        class_count: Number of classes.
    """
    import keras
    from keras import ops

    def labels(values: Any) -> Any:
        if values.shape[-1] == 1:
            return ops.cast(values[:, 0] > 0.5, "int32")
        return ops.cast(ops.argmax(values, axis=-1), "int32")

    class BalancedAccuracy(keras.metrics.Metric):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(name="balanced_accuracy")
            self.pictures = self.add_weight(shape=(class_count,), initializer="zeros", name="pictures")
            self.found = self.add_weight(shape=(class_count,), initializer="zeros", name="found")

        def update_state(self, truth: Any, predictions: Any, sample_weight: Any = None) -> None:  # noqa: ARG002
            actual = labels(truth)
            hits = ops.cast(ops.equal(actual, labels(predictions)), self.found.dtype)
            self.pictures.assign_add(ops.segment_sum(ops.ones_like(hits), actual, class_count))
            self.found.assign_add(ops.segment_sum(hits, actual, class_count))

        def result(self) -> Any:
            seen = ops.cast(self.pictures > 0, self.found.dtype)
            shares = self.found / ops.maximum(self.pictures, 1.0)
            return ops.sum(shares) / ops.maximum(ops.sum(seen), 1.0)

    return BalancedAccuracy()
