"""The threads that decode pictures ahead for a worker."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor


def decoding_threads(count: int) -> Executor:
    """Make threads that decode pictures, for `core` to use and to end.

    On Linux a thread inherits the niceness of the one that starts it, here by submitting the first calls. A
    worker calls `core` in its `WorkerThread`, so these threads rank behind the GUI thread too.
    """
    return ThreadPoolExecutor(count, thread_name_prefix="decoding")
