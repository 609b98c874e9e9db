"""How long something took that must not take long."""

from __future__ import annotations

import time


class Stopwatch:
    """Runs from its making; other work on a busy machine hardly counts, nor do several threads together."""

    def __init__(self) -> None:
        self._clock, self._processor = time.perf_counter(), time.process_time()

    def seconds(self) -> float:
        """Seconds by the clock or of the processor, whichever are fewer."""
        return min(time.perf_counter() - self._clock, time.process_time() - self._processor)
