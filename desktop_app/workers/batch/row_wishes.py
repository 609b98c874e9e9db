"""The requested rows of a job: the latest requests come first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.workers.batch.reader import RowsRequest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

AT_ONCE = 200
"""Rows in one request: some milliseconds of reading."""

MOST_WAITING = 20
"""Waiting requests, more rows than any table shows at once; older ones are dropped."""


class RowWishes(QObject):
    """Hands one request at a time to the reader, so that a newer request overtakes older ones.

    Connect ``requested`` with the reader's slot, and the signal that ends each request with `on_served`.
    """

    requested = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: list[RowsRequest] = []
        self._busy = False

    def ask(self, path: Path, numbers: Sequence[int]) -> None:
        """Request rows of a job, before all that were requested earlier."""
        pieces = [tuple(numbers[start : start + AT_ONCE]) for start in range(0, len(numbers), AT_ONCE)]
        self._waiting += [RowsRequest(path, piece) for piece in reversed(pieces)]
        del self._waiting[:-MOST_WAITING]
        self._advance()

    def clear(self) -> None:
        """Drop all waiting requests."""
        self._waiting.clear()

    @Slot()
    def on_served(self) -> None:
        """Send the next request: the reader is free again."""
        self._busy = False
        self._advance()

    def _advance(self) -> None:
        if not self._busy and self._waiting:
            self._busy = True
            self.requested.emit(self._waiting.pop())
