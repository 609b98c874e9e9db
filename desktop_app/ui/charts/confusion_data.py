"""A confusion matrix as an array: shares of the rows, and what fits on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Counts = NDArray[np.int64]
    Shares = NDArray[np.float64]


def row_shares(counts: Counts) -> Shares:
    """Each count as a fraction of its row, 0..1; a class without pictures is all zeros."""
    totals = counts.sum(axis=1, keepdims=True)
    shares: Shares = counts / np.maximum(totals, 1)
    return shares


def heat_map(shares: Shares, sides: int, right: Sequence[int], wrong: Sequence[int]) -> NDArray[np.uint8]:
    """Colour the cells: correct ones in one colour, mistakes in another, the stronger the larger the share.

    Args:
        shares: Shares ``(classes, classes)``, 0..1.
        sides: Most cells in a side; of several cells in one pixel the largest share is shown.
        right: RGB of a correct cell with share 1.
        wrong: RGB of a mistake with share 1.

    Returns:
        The picture, uint8 ``(n, n, 4)`` RGBA over whatever lies below, with n at most ``sides``.
    """
    # Correct cells lie on the diagonal only, also when cells are merged: no second matrix is needed.
    mistakes = shares.astype(np.float32)
    hits = _shrunk_line(np.diag(mistakes).copy(), sides)
    np.fill_diagonal(mistakes, 0)
    strongest = _shrunk(mistakes, sides)
    beside = np.diag(strongest)
    places = np.flatnonzero(hits >= beside)
    strongest[places, places] = hits[places]
    result = np.empty((*strongest.shape, 4), np.uint8)
    result[..., :3] = wrong
    result[places, places, :3] = right
    result[..., 3] = np.round(255 * np.sqrt(strongest))  # few mistakes must be visible too
    return result


def _shrunk(shares: NDArray[np.float32], sides: int) -> NDArray[np.float32]:
    """The largest of the cells that share a pixel; a copy that may be written to."""
    if len(shares) <= sides:
        return shares.copy()
    rows = np.maximum.reduceat(shares, _edges(len(shares), sides), axis=0)
    return np.maximum.reduceat(rows, _edges(len(shares), sides), axis=1)


def _shrunk_line(shares: NDArray[np.float32], sides: int) -> NDArray[np.float32]:
    return np.maximum.reduceat(shares, _edges(len(shares), sides)) if len(shares) > sides else shares


def _edges(count: int, sides: int) -> NDArray[np.int64]:
    """The first cell of each pixel."""
    return np.arange(sides) * count // sides
