"""How many pieces of work this computer can do at the same time."""

from __future__ import annotations

from desktop_app.core.devices.cpu import cpu_count
from desktop_app.core.devices.memory import free_memory

MAX_PARALLEL = 8
"""More threads would wait for Python's lock."""


def parallel_for(memory_bytes: int) -> int:
    """Count the threads for some work: as many as there are cores, and memory for.

    Args:
        memory_bytes: What the work may take in each thread.

    Returns:
        From 1 to `MAX_PARALLEL`.
    """
    return max(1, min(cpu_count(), MAX_PARALLEL, free_memory() // memory_bytes))
