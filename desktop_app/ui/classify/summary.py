"""The outcome for several pictures, in a few words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from desktop_app.workers.classify.messages import ItemState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.workers.classify.messages import Item

_STATES = (
    (ItemState.ANSWERED, "classified"),
    (ItemState.FAILED, "couldn't be read"),
    (ItemState.CANCELLED, "cancelled"),
    (ItemState.WAITING, "waiting"),
)


def summary(items: Sequence[Item]) -> str:
    """Count the pictures in each state, such as "5 classified, 2 couldn't be read"."""
    counts = Counter(item.state for item in items)
    return ", ".join(f"{counts[state]:,} {word}" for state, word in _STATES if counts[state])
