"""Features of pictures, one row for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Features of pictures, in the order of the paths.

    Attributes:
        paths: Paths of the pictures, ``N`` of them.
        vectors: Features, float32 ``(N, F)``; zeros where a picture could not be read.
        good: Pictures that could be read, bool ``(N,)``.
    """

    paths: tuple[Path, ...]
    vectors: NDArray[np.float32]
    good: NDArray[np.bool_]

    @property
    def unit(self) -> NDArray[np.float32]:
        """The vectors scaled to length 1, so that their product is the cosine; zeros stay zeros."""
        return unit_rows(self.vectors)

    def usable(self) -> Features:
        """Only the pictures that could be read."""
        rows = np.flatnonzero(self.good)
        return self.of(rows.tolist())

    def of(self, rows: Sequence[int]) -> Features:
        """Only these rows, in this order."""
        return Features(
            tuple(self.paths[row] for row in rows), self.vectors[list(rows)], self.good[list(rows)]
        )


def unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale rows ``(N, F)`` to length 1; rows of zeros stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), np.float32)
