"""Reports at a pace that a window can show."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

REPORTS_PER_SECOND = 20
"""More would not be seen, and would cost the work time."""


class ReportRate:
    """Says when work in progress should report again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._next = float("-inf")

    def due(self, *, last: bool = False) -> bool:
        """Whether to report now, which is then counted as done.

        Args:
            last: Whether this is the end of the work, which is always reported.
        """
        now = self._clock()
        if now < self._next and not last:
            return False
        self._next = now + 1 / REPORTS_PER_SECOND
        return True
