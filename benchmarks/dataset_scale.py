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
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

CLASSES = 10
SIDE = 32
COUNTS = (10_000, 100_000)


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
            first, second = (_in_fresh_process(folder) for _ in range(2))
        peaks.append(first["peak_mb"])
        print(
            f"{count:,} files: {first['seconds']:.1f} s ({count / first['seconds']:,.0f} files/s), "
            f"peak {first['peak_mb']:.0f} MB of which {first['start_mb']:.0f} MB before it began; "
            f"second visit {second['seconds']:.2f} s, peak {second['peak_mb']:.0f} MB",
            flush=True,
        )
    if len(peaks) > 1:
        print(f"memory grows by {peaks[-1] - peaks[0]:.0f} MB")


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


def _in_fresh_process(folder: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.dataset_scale", "--examine", str(folder / "data")],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"SIGHTLINE_HOME": str(folder / "home")},
    )
    row: dict[str, float] = json.loads(done.stdout)
    return row


def _examine(folder: Path) -> dict[str, float]:
    from desktop_app.core.datasets.doctor import examine

    start = _peak_mb()
    report = examine(folder)
    return {"seconds": report.seconds, "start_mb": start, "peak_mb": _peak_mb()}


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


if __name__ == "__main__":
    main()
