"""Rows of a job, read only when they come into view."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.core.batch.job.rows import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.batch.job.rows import Row
    from desktop_app.workers.batch.batch_service import BatchService

KEPT = 2000
"""Rows in memory, some kilobytes each; older ones are read again when they come into view."""
MOST_ASKED = 200
"""Rows in one request to the service."""


class RowStore(QObject):
    """Asks for the missing rows in view; each arrives some milliseconds later.

    Signals:
        arrived: The set of numbers of pictures whose rows have arrived or changed.
    """

    arrived = Signal(object)

    def __init__(self, service: BatchService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._service = service
        self._rows: OrderedDict[int, Row] = OrderedDict()
        self._stale: set[int] = set()
        self._asked: list[int] = []
        service.rows_ready.connect(self._on_rows_ready)
        service.filed.connect(self._on_filed)

    def of(self, number: int) -> Row | None:
        """The row of a picture; None until it has been read."""
        row = self._rows.get(number)
        if row is not None:
            self._rows.move_to_end(number)
        return row

    def clear(self) -> None:
        """Forget everything: another job is shown."""
        self._rows.clear()
        self._stale.clear()
        self._asked = []

    def renew(self) -> None:
        """Read unclassified rows again once they come into view; until then they stay."""
        self._stale |= {number for number, row in self._rows.items() if row.status is Status.WAITING}
        self._asked = []

    def look_at(self, numbers: Sequence[int]) -> None:
        """Ask for those that are missing, the first of them first."""
        missing = [number for number in numbers if number not in self._rows or number in self._stale]
        missing = missing[:MOST_ASKED]
        if missing and missing != self._asked:
            self._asked = missing
            self._service.ask_rows(missing)

    def _on_filed(self) -> None:
        """Read all rows again once they come into view: their pictures may have been moved, or restored."""
        self._stale = set(self._rows)

    def _on_rows_ready(self, rows: tuple[Row, ...]) -> None:
        self._asked = []
        for row in rows:
            self._rows[row.number] = row
            self._rows.move_to_end(row.number)
            self._stale.discard(row.number)
        while len(self._rows) > KEPT:
            self._rows.popitem(last=False)
        self.arrived.emit({row.number for row in rows})
