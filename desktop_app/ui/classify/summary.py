"""How it went with several pictures, in one sentence."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from desktop_app.workers.classify.messages import ItemState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.workers.classify.messages import Item

_ELSE = ((ItemState.FAILED, "failed"), (ItemState.CANCELLED, "cancelled"), (ItemState.WAITING, "waiting"))


def summary(items: Sequence[Item]) -> str:
    """Say how many pictures are answered, and what became of the others."""
    counts = Counter(item.state for item in items)
    answered, total = counts[ItemState.ANSWERED], len(items)
    if answered == total:
        return f"All {total:,} pictures are answered."
    others = ", ".join(f"{counts[state]:,} {word}" for state, word in _ELSE if counts[state])
    return f"{answered:,} of {total:,} pictures are answered; {others}."
