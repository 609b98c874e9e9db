"""The outputs of a finished model for pictures that it was not trained on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.inference.handed_over import HandedOver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import keras
    from numpy.typing import NDArray

    from desktop_app.core.datasets.pipeline.batches import Batches

    Outputs = NDArray[np.float64]

SAMPLED_NUMBERS = 2_000_000
"""Outputs that a sample has at most, 16 MB: what follows from it works on several copies of them."""

FEWEST_SAMPLED = 100
"""Pictures that a sample has however many outputs there are."""


def outputs_of(
    model: keras.Model, batches: Batches, *, tell: Callable[[int], None], check: Callable[[], None]
) -> Iterator[Outputs]:
    """Compute a model's outputs for all pictures of a split, in order, a batch at a time.

    Args:
        model: The network.
        batches: Batches of the split; of features, where the model is a network's head.
        tell: Callback with the pictures done, after every batch.
        check: Callback after every batch; what it raises ends the work.

    Yields:
        The network's outputs ``(n, outputs)``. Of all pictures they could be larger than the memory.
    """
    import tensorflow as tf

    def outputs_for(pictures: Any) -> Any:
        return tf.cast(model(pictures, training=False), tf.float32)

    signature = [tf.TensorSpec((None, *model.input_shape[1:]), tf.float32)]
    function = tf.function(outputs_for, input_signature=signature, autograph=False)
    # A head on features takes no time, so it is not worth a conversion.
    compute = HandedOver(function, batches.pictures if len(model.input_shape) > 2 else 0)
    done = 0
    for pictures, *_labels in batches.plain():
        outputs: Outputs = compute(pictures).astype(np.float64)
        yield outputs
        done += len(outputs)
        tell(done)
        check()


@dataclass(slots=True)
class Sample:
    """Some rows of what passes by, chosen at random beforehand: all of them where they are small enough.

    Attributes:
        rows: Numbers of the chosen rows, ascending.
    """

    rows: NDArray[np.int64]
    _taken: list[Outputs]

    @classmethod
    def of(cls, count: int, width: int, seed: int) -> Sample:
        """Choose among ``count`` rows of ``width`` numbers."""
        most = max(SAMPLED_NUMBERS // width, FEWEST_SAMPLED)
        rows = np.arange(count)
        if count > most:
            rows = np.sort(np.random.default_rng(seed).choice(count, most, replace=False))
        return cls(rows, [])

    def watch(self, batches: Iterator[Outputs]) -> Iterator[Outputs]:
        """Pass on all rows, and keep the chosen ones."""
        done = 0
        for batch in batches:
            first, last = np.searchsorted(self.rows, (done, done + len(batch)))
            self._taken.append(batch[self.rows[first:last] - done])
            done += len(batch)
            yield batch

    def taken(self) -> Outputs:
        """The chosen rows ``(n, width)``, once all have passed."""
        return np.concatenate(self._taken)
