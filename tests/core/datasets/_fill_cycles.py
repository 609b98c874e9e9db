"""Fills and closes a store again and again: ``python -m tests.core.datasets._fill_cycles PICTURE SCRATCH``.

A process of its own, in whose memory nothing else comes and goes. Prints for a store in memory and one on
disk how many bytes the process had more while the store was there, and after the last one was closed.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from desktop_app.core.datasets.pipeline.picture_store import fill
from desktop_app.core.engine.loading import load_engine

PICTURES, SIZE, CYCLES = 70, 500, 5  # 52.5 MB


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def nothing(*_: object) -> None:
    pass


def cycle(picture: Path, scratch: Path, limit: int | None) -> int:
    options = {"height": SIZE, "width": SIZE, "folder": scratch, "memory_limit": limit}
    options["make_executor"] = ThreadPoolExecutor
    with fill([picture] * PICTURES, on_progress=nothing, on_bad=nothing, **options) as store:
        tensor = store.tensor()
        assert int(tensor[-1, -1, -1, -1]) == 200
        return resident()


def main() -> None:
    load_engine()
    picture, scratch = map(Path, sys.argv[1:])
    for limit in (None, 0):
        cycle(picture, scratch, limit)
        before = resident()
        peak = max(cycle(picture, scratch, limit) for _ in range(CYCLES))
        print(peak - before, resident() - before)


if __name__ == "__main__":
    main()
