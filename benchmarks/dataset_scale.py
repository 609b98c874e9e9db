"""Measures the doctor on generated data sets of many small files.

``python -m benchmarks.dataset_scale [COUNT ...]``: for each count (10,000 and 100,000 by default) it writes
so many JPEG files of 32 x 32 pixels in ten classes into a temporary folder, and examines them twice, each
time in a fresh process. It prints the seconds, the most memory in use, and how much that grows from the first
count to the last.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from benchmarks.frame.figure import Figure, Goal
from benchmarks.frame.process import fresh
from benchmarks.frame.turns import take_turns

if TYPE_CHECKING:
    from benchmarks.frame.plan import Plan

CLASSES = 10
SIDE = 32
COUNTS = (10_000, 100_000)
LINEAR = 1.1
"""A hundred times as many pictures may take this much longer each, and time still counts as linear."""


def main() -> None:
    """Generate, examine and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", nargs="*", type=int, default=COUNTS)
    parser.add_argument("--examine", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.examine is not None:
        print(json.dumps(_examine(options.examine)))
        return
    peaks = []
    for count in options.counts:
        with tempfile.TemporaryDirectory(prefix="sightline-scale-") as name:
            folder = Path(name)
            _generate(folder / "data", count)
            first, second = (_in_fresh_process(folder, folder / "home") for _ in range(2))
        peaks.append(first["peak_mb"])
        print(
            f"{count:,} files: {first['seconds']:.1f} s ({count / first['seconds']:,.0f} files/s), "
            f"peak {first['peak_mb']:.0f} MB of which {first['start_mb']:.0f} MB before it began; "
            f"second visit {second['seconds']:.2f} s, peak {second['peak_mb']:.0f} MB",
            flush=True,
        )
    if len(peaks) > 1:
        print(f"memory grows by {peaks[-1] - peaks[0]:.0f} MB")


def measure(plan: Plan) -> list[Figure]:
    """Examine a small and a large folder, each time with an empty memory of what was seen before."""
    counts = (plan.count(100, 1000), plan.count(1000, 30_000, 100_000))
    for count in counts:
        _generate(plan.scratch / str(count) / "data", count)

    def first_visit(count: int) -> dict[str, float]:
        with tempfile.TemporaryDirectory(prefix="sightline-scale-home-") as home:
            return _in_fresh_process(plan.scratch / str(count), Path(home))

    ways = {str(count): partial(first_visit, count) for count in counts}
    found = take_turns(ways, plan.runs)
    each = {count: tuple(1e6 * row["seconds"] / count for row in found[str(count)]) for count in counts}
    few, many = counts
    growth = tuple(
        (large["peak_mb"] - small["peak_mb"]) * 1000 / (many - few)
        for small, large in zip(found[str(few)], found[str(many)], strict=True)
    )
    what = f"examining {many:,} pictures"
    return [
        Figure(
            f"{what}, time of each", f"of {few:,}", "us", each[many], each[few], Goal(LINEAR),
            "Linear time is a ratio of 1.", digits=0,
        ),
        Figure(f"{what}, memory of each more", unit="KB", own=growth, goal=Goal(2.0)),
    ]  # fmt: skip


def _generate(folder: Path, count: int) -> None:
    random = np.random.default_rng(0)
    for number in range(CLASSES):
        (folder / f"class {number}").mkdir(parents=True)
    an_hour_ago = time.time() - 3600  # what changed a moment ago is not remembered
    for number in range(count):
        blocks = Image.fromarray(random.integers(0, 256, (6, 6, 3), np.uint8))
        file = io.BytesIO()
        blocks.resize((SIDE, SIDE), Image.Resampling.BICUBIC).save(file, "JPEG")
        path = folder / f"class {number % CLASSES}" / f"picture {number}.jpg"
        path.write_bytes(file.getvalue())
        os.utime(path, (an_hour_ago, an_hour_ago))


def _in_fresh_process(folder: Path, home: Path) -> dict[str, float]:
    environment = {"SIGHTLINE_HOME": str(home)}
    row: dict[str, float] = fresh(
        "benchmarks.dataset_scale", "--examine", folder / "data", environment=environment
    )
    return row


def _examine(folder: Path) -> dict[str, float]:
    from desktop_app.core.datasets.examine.doctor import examine

    start = _peak_mb()
    report = examine(folder)
    return {"seconds": report.seconds, "start_mb": start, "peak_mb": _peak_mb()}


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


if __name__ == "__main__":
    main()
