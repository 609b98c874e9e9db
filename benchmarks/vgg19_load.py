"""Measures how long VGG19 takes from a weights file to a network, beside ``keras.applications``.

``python -m benchmarks.vgg19_load FILE [--runs 5]``: each way runs in fresh processes, in turn; the
time of the imports does not count.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

WAYS = ("sightline", "keras")


def main() -> None:
    """Run both ways and print the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        print(_seconds(options.way, options.file))
        return
    seconds: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(options.runs):
        for way in WAYS:
            command = [sys.executable, "-m", "benchmarks.vgg19_load", str(options.file), "--way", way]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            seconds[way].append(float(done.stdout.split()[-1]))
    ours, theirs = (statistics.median(seconds[way]) for way in WAYS)
    print(f"sightline {ours:.2f} s, keras.applications {theirs:.2f} s, ratio {ours / theirs:.2f}")


def _seconds(way: str, file: Path) -> float:
    from desktop_app.core.engine import load_engine

    load_engine()
    import h5py  # noqa: F401 - its import does not count
    import keras

    from desktop_app.core.classify.vgg19 import load_vgg19

    started = time.perf_counter()
    if way == "sightline":
        load_vgg19(file)
    else:
        keras.applications.VGG19(weights=str(file))
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
