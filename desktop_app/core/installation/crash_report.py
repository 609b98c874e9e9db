"""What a person sends to the developers after a crash: versions and traceback, nothing about them."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import sys
import traceback
from typing import TYPE_CHECKING

from desktop_app.core.foundation import paths
from desktop_app.core.installation.scrub import scrub

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_TRACE_BYTES = 256 * 1024
"""A trace of 100 threads stays below this."""


def trace_file() -> Path:
    """The file to which the interpreter writes its stacks when the process crashes."""
    return paths.logs() / "crash-trace.txt"


def error_report(error: BaseException) -> str:
    """Describe an unexpected error: versions and traceback, without the user's paths and name."""
    return _report("".join(traceback.format_exception(error)))


@contextlib.contextmanager
def crash_trace() -> Iterator[None]:
    """Have the interpreter write the stacks of all threads if the process crashes in the body.

    The trace of an earlier run stays in the file until `take_last_crash` takes it. Where the file cannot be
    opened, the stacks go to standard error.
    """
    path = trace_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a", encoding="utf-8")
    except OSError:
        if sys.stderr is not None:  # None in a program without terminal on Windows
            faulthandler.enable(all_threads=True)
        yield
        return
    with file:
        faulthandler.enable(file, all_threads=True)
        try:
            yield
        finally:
            faulthandler.disable()


def take_last_crash() -> str | None:
    """Take the trace that a crashed run left, so that it is offered once.

    Returns:
        A report like that of `error_report`; None when the last run ended well or cannot be known.
    """
    path = trace_file()
    try:
        with path.open("rb") as file:
            trace = file.read(MAX_TRACE_BYTES).decode("utf-8", "replace").strip()
        if not trace:
            return None
        os.truncate(path, 0)
    except OSError:
        return None
    return _report(f"The last run of Sightline crashed:\n{trace}\n")


def _report(trace: str) -> str:
    from desktop_app.core.installation.versions import versions

    lines = [f"{name}: {version}" for name, version in versions().items()]
    return scrub("\n".join([*lines, "", trace]))
