"""Selections of many rows, by the numbers of their pictures: never row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QItemSelectionRange

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

MANY_RANGES = 1000
"""Pieces of a selection beyond which Qt becomes slow: it asks each piece for each cell that it draws."""


def selected_numbers(selection: QItemSelection, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Find which pictures are selected.

    Args:
        selection: The selection of whole rows.
        numbers: The numbers of the pictures, row by row.

    Returns:
        Their numbers, in the order of the rows.
    """
    chosen = np.zeros(len(numbers), bool)
    for part in _parts(selection):
        chosen[part.top() : part.bottom() + 1] = True
    return numbers[chosen]


def ranges_of(numbers: NDArray[np.int64], selected: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Find where pictures are now: first and last row of each stretch of neighbours."""
    if not len(selected):
        return []
    chosen = np.isin(numbers, selected).astype(np.int8)
    edges = np.diff(chosen, prepend=0, append=0)
    firsts, lasts = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))


def select(model: QItemSelectionModel, ranges: Sequence[tuple[int, int]]) -> None:
    """Select stretches of whole rows, and nothing else."""
    rows = model.model()
    assert rows is not None
    last = rows.columnCount() - 1
    selection = QItemSelection()
    for first, final in ranges:
        selection.append(QItemSelectionRange(rows.index(first, 0), rows.index(final, last)))
    model.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)


def _parts(selection: QItemSelection) -> Iterable[QItemSelectionRange]:
    return (selection.at(place) for place in range(selection.count()))
