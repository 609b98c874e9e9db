"""How far a transfer of bytes is, how fast it goes and how long it will take."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.foundation.report_rate import ReportRate
from desktop_app.core.foundation.text import readable_size, remaining

if TYPE_CHECKING:
    from collections.abc import Callable

SPEED_WINDOW = 5.0
"""Seconds over which the speed is averaged: long enough to be calm, short enough to notice a stall."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One progress report.

    Attributes:
        done: Bytes so far, earlier tries included.
        total: Bytes in total; None when unknown.
        bytes_per_second: Speed over the last seconds; 0 while unknown.
        seconds_left: Estimate; None while it is unknown.
    """

    done: int
    total: int | None
    bytes_per_second: float = 0.0
    seconds_left: float | None = None

    @property
    def sentence(self) -> str:
        """Such as "12.3 of 574.7 MB, 4.1 MB/s, 2 min left"."""
        parts = [_progress(self.done, self.total)]
        if self.bytes_per_second > 0:
            parts.append(f"{readable_size(self.bytes_per_second)}/s")
        if self.seconds_left is not None:
            parts.append(f"{remaining(self.seconds_left)} left")
        return ", ".join(parts)


class TransferMeter:
    """Turns counts of bytes into reports, at the pace of `ReportRate`."""

    def __init__(
        self,
        on_progress: Callable[[Transfer], None],
        total: int | None,
        done: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Report the start at once.

        Args:
            on_progress: Callback for every report, in the calling thread.
            total: Bytes in total; None when unknown.
            done: Bytes that were there before.
            clock: Clock in seconds that never runs backwards.
        """
        self._on_progress = on_progress
        self._total = total
        self._clock = clock
        self._history: deque[tuple[float, int]] = deque([(clock(), done)])
        self._rate = ReportRate(clock)
        self._rate.due()  # the report of the start
        on_progress(Transfer(done, total))

    def update(self, done: int) -> None:
        """Take note that ``done`` bytes are there, and report unless a report was just made."""
        now = self._clock()
        self._history.append((now, done))
        while len(self._history) > 2 and now - self._history[1][0] >= SPEED_WINDOW:
            self._history.popleft()
        if self._rate.due(last=done == self._total):
            self._on_progress(self._report(now, done))

    def _report(self, now: float, done: int) -> Transfer:
        then, before = self._history[0]
        speed = max(0.0, (done - before) / (now - then)) if now > then else 0.0
        left = None
        if self._total is not None and done < self._total and speed > 0:
            left = (self._total - done) / speed
        return Transfer(done, self._total, speed, left)


def _progress(done: int, total: int | None) -> str:
    if total is None:
        return readable_size(done)
    amount, unit = readable_size(total).split(" ", 1)
    factor = {"GB": 1e9, "MB": 1e6, "kB": 1e3}.get(unit)
    return f"{done / factor:.1f} of {amount} {unit}" if factor else f"{done} of {amount} {unit}"
