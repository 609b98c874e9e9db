"""How the tests are shared among processes, and which of them are quick.

`make test` starts pytest with two workers (pytest-xdist). The tests of a file stay together, in their order,
so that what the file prepares is made once. Files with a display, which mostly wait for other processes, and
files with TensorFlow come first: what is short remains for the end, when one worker may be ahead.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desktop_app.core.devices.cpu import cpu_count
from desktop_app.core.devices.memory import free_memory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _pytest.reports import TestReport

WORKER_MEMORY = 5 * 1024**3
"""What a worker with TensorFlow and VGG19 takes at most, with the processes that its tests start."""
MOST_WORKERS = 2
"""More have never been tried."""
WINDOW_FIXTURES = frozenset({"qapp", "qtbot"})
WINDOW_FOLDER = Path(__file__).parent / "end2end"
"""Its tests start the whole app."""


def worker_count() -> int:
    """How many workers this machine has processors and memory for."""
    return max(1, min(MOST_WORKERS, cpu_count(), free_memory() // WORKER_MEMORY))


def mark(items: Sequence[pytest.Item]) -> None:
    """Mark what takes TensorFlow, an X server or Qt's application by its fixtures."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & WINDOW_FIXTURES or WINDOW_FOLDER in item.path.parents:
            item.add_marker(pytest.mark.window)
        if "engine" in fixtures:
            item.add_marker(pytest.mark.engine)
        if "virtual_display" in fixtures:
            item.add_marker(pytest.mark.display)


def in_order(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Put the files with a display first, those with TensorFlow next."""
    ranks: dict[str, int] = {}
    for item in items:
        rank = 0 if item.get_closest_marker("display") else 1 if item.get_closest_marker("engine") else 2
        ranks[item.path.as_posix()] = min(rank, ranks.get(item.path.as_posix(), 2))
    return sorted(items, key=lambda item: ranks[item.path.as_posix()])


def make_sendable(report: TestReport) -> None:
    """Write out what is no Unicode in captured output: a worker could not hand it to the main process."""
    report.sections = [
        (title, text.encode("utf-8", "backslashreplace").decode()) for title, text in report.sections
    ]
