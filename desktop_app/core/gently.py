"""Long work in Python cut into short steps, so that the window's thread gets its turn."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Item = TypeVar("Item")

_PIECE = 512
"""Sorting so many at once takes 2 ms."""


def sorted_gently(items: Sequence[Item], key: Callable[[Item], Any]) -> list[Item]:
    """Sort like `sorted`, which holds the interpreter's lock to its end: 0.4 s for 50,000 file names.

    Args:
        items: To be sorted; items with the same key keep their order.
        key: Gives what is compared.

    Returns:
        A new list.
    """
    pieces = [sorted(items[start : start + _PIECE], key=key) for start in range(0, len(items), _PIECE)]
    return list(heapq.merge(*pieces, key=key))
