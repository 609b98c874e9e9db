"""The pictures that are most like one picture: those whose features point in the same direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_CHUNK = 4096
"""Rows at a time: 20 MB of features, and not a copy of all of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """Rows in the order of their likeness, the most similar first.

    Attributes:
        rows: Row numbers, int64 ``(K,)``.
        cosines: Their cosines, float32 ``(K,)``, -1..1.
    """

    rows: NDArray[np.int64]
    cosines: NDArray[np.float32]


def cosines(
    query: NDArray[np.float32],
    vectors: NDArray[np.float32],
    check: Callable[[], None] = lambda: None,
) -> NDArray[np.float32]:
    """Compare one vector ``(F,)`` with rows ``(N, F)``.

    Args:
        query: The vector.
        vectors: The rows, of any length.
        check: Callback between pieces; what it raises ends the work.

    Returns:
        Cosines, float32 ``(N,)``; 0 for a row of zeros.
    """
    found = np.zeros(len(vectors), np.float32)
    length = float(np.linalg.norm(query))
    if not length:
        return found
    unit = np.asarray(query / length, np.float32)
    for start in range(0, len(vectors), _CHUNK):
        check()
        piece = vectors[start : start + _CHUNK]
        lengths = np.sqrt(np.einsum("ij,ij->i", piece, piece))
        found[start : start + _CHUNK] = (piece @ unit) / np.where(lengths > 0, lengths, 1)
    return found


def nearest(
    query: NDArray[np.float32],
    vectors: NDArray[np.float32],
    top: int | None = None,
    usable: NDArray[np.bool_] | None = None,
    check: Callable[[], None] = lambda: None,
) -> Neighbours:
    """Find the rows most similar to a vector, by cosine.

    Args:
        query: The vector, ``(F,)``.
        vectors: The rows, ``(N, F)``.
        top: How many to return; all by default.
        usable: Rows that count, bool ``(N,)``; all by default.
        check: Callback between pieces; what it raises ends the work.

    Returns:
        The rows; of equal cosines the first row comes first.
    """
    found = cosines(query, vectors, check)
    rows = np.arange(len(vectors)) if usable is None else np.flatnonzero(usable)
    if top is not None and top < len(rows):
        least = np.partition(found[rows], len(rows) - top)[len(rows) - top] if top else np.inf
        rows = rows[found[rows] >= least]
    order = np.argsort(-found[rows], kind="stable")[:top]
    rows = np.asarray(rows[order], np.int64)
    return Neighbours(rows, found[rows])
