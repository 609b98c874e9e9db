"""How fast a fit goes and how long it will still take."""

from __future__ import annotations

from collections import deque

WINDOW = 5.0
"""Seconds that the present speed is taken over."""

FIRST_STEPS = 3
"""Steps before an estimate: the first one compiles the network."""


class Pace:
    """Speed over the last seconds, measured on a clock that stands still while the fit is paused."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()
        self._steps = 0

    def begin(self, now: float) -> None:
        """Start anew, without what lay between: another epoch, or the end of a validation."""
        self._marks.clear()
        self._marks.append((now, self._steps))

    def step_ended(self, now: float) -> None:
        """Note the end of a batch."""
        self._steps += 1
        if self._steps == FIRST_STEPS:
            self._marks.clear()
        self._marks.append((now, self._steps))
        while len(self._marks) > 2 and now - self._marks[0][0] > WINDOW:
            self._marks.popleft()

    @property
    def seconds_per_step(self) -> float | None:
        """Of the last steps; None in the first moments."""
        if len(self._marks) < 2:
            return None
        (began, first), (ended, last) = self._marks[0], self._marks[-1]
        return (ended - began) / (last - first) if last > first else None
