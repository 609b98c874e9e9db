"""The pace of a job, and the time that is left."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass

WINDOW_SECONDS = 10.0
"""Seconds over which the pace is measured: folders differ."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a job.

    Attributes:
        done: The number of classified pictures, acknowledged, those of earlier runs too.
        failed: The number of pictures that could not be read; not among ``done``.
        total: The number of all pictures; None while they are still being found.
        found: The number of pictures found so far.
        per_second: The pictures per second during the last seconds; 0 at the beginning.
        seconds_left: The time left; None while it is unknown.
        paused: Whether the job is paused.
    """

    done: int
    failed: int
    total: int | None
    found: int
    per_second: float
    seconds_left: float | None
    paused: bool = False

    @property
    def sentence(self) -> str:
        """The state in words."""
        of = f"{self.total:,}" if self.total is not None else f"{self.found:,} found so far"
        words = [f"{self.done + self.failed:,} of {of}"]
        if self.failed:
            words.append(f"{self.failed:,} couldn't be read")
        if self.paused:
            words.append("paused")
        elif self.per_second:
            words.append(f"{self.per_second:,.1f} pictures per second")
        return ", ".join(words)


class Pace:
    """Measures pictures a second over the last seconds."""

    def __init__(self) -> None:
        self._points: deque[tuple[float, int]] = deque()

    def restart(self) -> None:
        """Forget what was before: the job was paused."""
        self._points.clear()

    def measure(self, finished: int, now: float | None = None) -> float:
        """Note how many pictures are finished.

        Args:
            finished: So far, in all.
            now: Seconds of a clock; the system's by default.

        Returns:
            Pictures a second; 0 before there are two points.
        """
        now = time.monotonic() if now is None else now
        self._points.append((now, finished))
        while len(self._points) > 2 and self._points[1][0] <= now - WINDOW_SECONDS:
            self._points.popleft()
        began, before = self._points[0]
        return (finished - before) / (now - began) if now > began else 0.0
