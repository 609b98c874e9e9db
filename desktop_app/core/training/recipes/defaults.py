"""How defaults follow from the size of a data set.

The batch size is the largest power of two that still makes at least ten batches of an epoch, from 8 to what
suits the network: with too few steps in an epoch, a network learns nothing from a small data set. The
number of epochs is such that a network sees a certain number of pictures in total, repetitions counted: many
epochs for few pictures, few for many. Where the learning rate stays the same, early stopping waits for a
fifth of the epochs, at least 5; where a schedule lowers it to the end, the last epochs are the best and all
are run.
"""

from __future__ import annotations

_FEWEST_BATCHES = 10
_SMALLEST_BATCH = 8


def batch_size_for(pictures: int, largest: int) -> int:
    """Largest power of two that makes ten batches or more of an epoch, from 8 to ``largest``."""
    size = _SMALLEST_BATCH
    while size * 2 * _FEWEST_BATCHES <= pictures and size * 2 <= largest:
        size *= 2
    return size


def epochs_for(pictures: int, *, seen: int, low: int, high: int) -> int:
    """Number of epochs after which a network has seen ``seen`` pictures, within limits.

    Args:
        pictures: Number of training pictures, 1 or more.
        seen: Pictures in total, each counted once for each epoch.
        low: Lowest number of epochs.
        high: Highest number of epochs.
    """
    return min(high, max(low, round(seen / max(1, pictures))))


def patience_for(epochs: int) -> int:
    """Epochs that early stopping waits for, where the learning rate does not fall by itself."""
    return max(5, epochs // 5)
