"""How quickly a job goes on, and how long it will take."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass

WINDOW_SECONDS = 10.0
"""The pace of the last seconds counts: folders differ."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is.

    Attributes:
        done: Pictures with an answer, acknowledged, those of earlier runs too.
        failed: Pictures that could not be read; not among ``done``.
        total: All pictures; None while they are still being found.
        found: Pictures found so far.
        per_second: Pictures a second during the last seconds; 0 at the beginning.
        seconds_left: None while that cannot be told.
        paused: Whether the job waits to go on.
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
            words.append(f"{self.failed:,} unreadable")
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
