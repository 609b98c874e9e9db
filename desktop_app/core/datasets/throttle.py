"""Progress of a scan at a pace that a window can show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.datasets.report import ScanProgress
from desktop_app.core.foundation.report_rate import ReportRate

if TYPE_CHECKING:
    from collections.abc import Callable


class Throttle:
    """Passes on a report now and then, and the last one of each kind of work."""

    def __init__(self, on_progress: Callable[[ScanProgress], None]) -> None:
        self._on_progress = on_progress
        self._rate = ReportRate()

    def __call__(self, done: int, total: int | None, message: str) -> None:
        """Report, unless the report before was a moment ago and there is more to do."""
        if self._rate.due(last=done == total):
            self._on_progress(ScanProgress(done, total, message))
