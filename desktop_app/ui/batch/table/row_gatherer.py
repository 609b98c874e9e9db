"""Rows of some pictures, in view or not, for code that needs all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop_app.core.batch.job.rows import Row
    from desktop_app.ui.batch.table.row_store import RowStore


class RowGatherer(QObject):
    """Waits until all are there; a later request replaces an earlier one."""

    def __init__(self, rows: RowStore) -> None:
        super().__init__(rows)
        self._rows = rows
        self._wanted: Sequence[int] = ()
        self._then: Callable[[list[Row]], None] | None = None
        rows.arrived.connect(self._look)

    def gather(self, numbers: Sequence[int], then: Callable[[list[Row]], None]) -> None:
        """Call ``then`` with the rows of these pictures, in this order.

        Args:
            numbers: The pictures, at most `row_store.MOST_ASKED`.
            then: The callback, called at once if all rows are there.
        """
        self._wanted, self._then = numbers, then
        self._look()
        if self._then is not None:
            self._rows.look_at(numbers)

    def forget(self) -> None:
        """Drop the request: another job is shown."""
        self._wanted, self._then = (), None

    def _look(self) -> None:
        if self._then is None:
            return
        found = [self._rows.of(number) for number in self._wanted]
        rows = [row for row in found if row is not None]
        if len(rows) == len(found):
            then = self._then
            self.forget()
            then(rows)
