"""Progress at a pace that a window can show."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from desktop_app.core.datasets.report import ScanProgress

if TYPE_CHECKING:
    from collections.abc import Callable

REPORTS_PER_SECOND = 20


class Throttle:
    """Passes on at most `REPORTS_PER_SECOND` reports, and the last one of each kind of work."""

    def __init__(
        self, on_progress: Callable[[ScanProgress], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._on_progress = on_progress
        self._clock = clock
        self._next = 0.0

    def __call__(self, done: int, total: int | None, message: str) -> None:
        """Report, unless the report before was a moment ago and there is more to do."""
        now = self._clock()
        if now >= self._next or done == total:
            self._next = now + 1 / REPORTS_PER_SECOND
            self._on_progress(ScanProgress(done, total, message))
