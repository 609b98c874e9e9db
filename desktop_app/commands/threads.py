"""The threads of the command line: the one place that makes some outside of the window."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor

from desktop_app.core.engine.libraries import import_picture_modules


def decoding_threads(count: int) -> Executor:
    """Make threads that decode pictures, for `core` to use and to end; the workers of a cluster do so too."""
    import_picture_modules()  # several threads must not begin it at the same time
    return ThreadPoolExecutor(count, thread_name_prefix="decoding")
