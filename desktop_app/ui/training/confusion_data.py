"""A confusion matrix as an array: shares of the rows, and what of it fits on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Counts = NDArray[np.int64]
    Shares = NDArray[np.float64]


def as_counts(confusion: Sequence[Sequence[int]] | Counts) -> Counts:
    """Counts ``(classes, classes)``: rows truth, columns answer."""
    return np.array(confusion, np.int64).reshape(len(confusion), -1)


def row_shares(counts: Counts) -> Shares:
    """Each count as a part of its row, 0..1; a class without pictures is all zeros."""
    totals = counts.sum(axis=1, keepdims=True)
    shares: Shares = counts / np.maximum(totals, 1)
    return shares


def heat_map(shares: Shares, sides: int, right: Sequence[int], wrong: Sequence[int]) -> NDArray[np.uint8]:
    """Colour the cells: right answers in one colour, mistakes in another, the stronger the larger the share.

    Args:
        shares: ``(classes, classes)``, 0..1.
        sides: At most so many cells a side; of several cells in one place the largest share is shown.
        right: RGB of a right answer with share 1.
        wrong: RGB of a mistake with share 1.

    Returns:
        uint8 ``(n, n, 4)`` RGBA over whatever lies below, with n at most ``sides``.
    """
    diagonal = np.diag(np.diag(shares))
    parts = [_shrunk(diagonal, sides), _shrunk(shares - diagonal, sides)]
    strongest = np.maximum(*parts)
    result = np.empty((*strongest.shape, 4), np.uint8)
    result[..., :3] = np.where((parts[0] >= parts[1])[..., None], right, wrong)
    result[..., 3] = np.round(255 * np.sqrt(strongest))  # few mistakes are to be seen too
    return result


def most_confused(counts: Counts, most: int) -> list[tuple[int, int]]:
    """The commonest kinds of mistake as ``(truth, answer)``, at most so many, the commonest first."""
    wrong = counts - np.diag(np.diag(counts))
    cells = np.flatnonzero(wrong)
    order = np.argsort(-wrong.ravel()[cells], kind="stable")[:most]
    return [divmod(int(cell), len(counts)) for cell in cells[order]]


def _shrunk(shares: Shares, sides: int) -> Shares:
    count = len(shares)
    if count <= sides:
        return shares
    edges = np.arange(sides) * count // sides
    rows = np.maximum.reduceat(shares, edges, axis=0)
    return np.maximum.reduceat(rows, edges, axis=1)
