"""How fast a fit runs and how long it will still take."""

from __future__ import annotations

from collections import deque

WINDOW = 5.0
"""Seconds over which the speed is measured."""

SLEEP, SLEEP_STEPS = 30.0, 20
"""Seconds, and usual steps, beyond which a gap between two steps means that the computer slept.

Some systems' clocks count that time, and a program may be suspended on any system.
"""


class Pace:
    """Speed and time left, measured on a clock that stops while the fit is paused."""

    def __init__(self, steps: int) -> None:
        """Follow epochs of so many steps."""
        self._steps = steps
        self._marks: deque[tuple[float, int]] = deque()
        self._last: float | None = None
        self._validation = 0.0
        self._epoch: float | None = None

    def begin(self) -> None:
        """Start an epoch: the time between two epochs is not counted as part of a step."""
        self._last = self.seconds_per_step
        self._marks.clear()

    def step_ended(self, now: float, step: int) -> None:
        """Note that ``step`` steps of the epoch are done."""
        self._marks.append((now, step))
        while len(self._marks) > 2 and now - self._marks[0][0] > WINDOW:
            self._marks.popleft()

    def validated(self, seconds: float) -> None:
        """Note how long a validation took."""
        self._validation = seconds

    def epoch_ended(self, seconds: float) -> None:
        """Note how long a whole epoch took, validation included."""
        self._epoch = seconds

    @property
    def seconds_per_step(self) -> float | None:
        """Seconds for a step, measured lately or in the epoch before; None in the first moments."""
        if len(self._marks) < 2:
            return self._last
        (began, first), (ended, last) = self._marks[0], self._marks[-1]
        return (ended - began) / (last - first)

    def slept(self, gap: float) -> float:
        """How much of the seconds between two steps was no work; 0 unless it was far longer than a step."""
        each = self.seconds_per_step
        if each is None or gap <= max(SLEEP, SLEEP_STEPS * each):
            return 0.0
        return gap - each

    def seconds_left(self, step: int, epochs_after: int) -> float | None:
        """Seconds for the rest of this epoch and the epochs after it; None in the first moments.

        Args:
            step: Steps done in this epoch.
            epochs_after: Number of epochs that follow it.
        """
        each = self.seconds_per_step
        if each is None:
            return None
        epoch = self._epoch if self._epoch is not None else self._steps * each + self._validation
        return (self._steps - step) * each + self._validation + epochs_after * epoch
