"""Reading a job whose pictures may have been moved, with cancellation; import it in functions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from desktop_app.core.batch.filing.journals import filed_files
from desktop_app.core.batch.job.filters import RowFilter
from desktop_app.core.batch.job.reader import JobReader
from desktop_app.core.foundation.cancellation import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from desktop_app.core.batch.job.reader import Answers
    from desktop_app.core.batch.job.rows import Row
    from desktop_app.core.foundation.cancellation import CancelToken

_AT_ONCE = 500
"""Rows by number that are read in one piece."""

_EVERYTHING = RowFilter()


class PlacesReader(JobReader):
    """Reads rows with the present paths of the pictures that the window moved.

    Args:
        path: The job's file.
        cancel: The token that ends `select`, `answers` and `pick` by `Cancelled`.
        as_found: Whether to leave the paths as they were found.
    """

    def __init__(self, path: Path, cancel: CancelToken = NEVER, *, as_found: bool = False) -> None:
        super().__init__(path)
        self._cancel = cancel
        self._moved: dict[Path, Path] = {}
        if not as_found:
            self.look_again()

    def look_again(self) -> None:
        """Read what was moved and what was restored since."""
        self._moved = filed_files(self.path).moved

    def rows_of(self, numbers: Sequence[int]) -> list[Row]:
        """Read rows by their numbers, in that order; at most some thousand at a time."""
        return [self._now(row) for row in super().rows_of(numbers)]

    def select(self, which: RowFilter = _EVERYTHING) -> Iterator[Row]:
        """Read all rows that match a filter, in the order found."""
        for row in super().select(which):
            self._cancel.check()
            yield self._now(row)

    def answers(self, top: int) -> Iterator[Answers]:
        """Read the ``top`` most probable classes of all classified pictures, in the order found."""
        for piece in super().answers(top):
            self._cancel.check()
            yield piece

    def pick(self, numbers: Sequence[int]) -> Iterator[Row]:
        """Read rows by their numbers, in that order; however many there are."""
        for start in range(0, len(numbers), _AT_ONCE):
            self._cancel.check()
            yield from self.rows_of(numbers[start : start + _AT_ONCE])

    def _now(self, row: Row) -> Row:
        if self._moved and (place := self._moved.get((self.spec.base / row.path).absolute())) is not None:
            return replace(row, path=place)
        return row
