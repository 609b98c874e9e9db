"""Measures how long VGG19 takes from a weights file to a network, beside ``keras.applications``.

``python -m benchmarks.vgg19_load FILE [--runs 5]``: each way runs in fresh processes, in turn; the
time of the imports does not count. ``python -m benchmarks vgg19_load`` takes a file with random weights.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.frame import prepared
from benchmarks.frame.figure import Figure, Goal
from benchmarks.frame.process import fresh
from benchmarks.frame.turns import take_turns

if TYPE_CHECKING:
    from benchmarks.frame.plan import Plan

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
    seconds = _by_turns(options.file, options.runs)
    ours, theirs = (statistics.median(seconds[way]) for way in WAYS)
    print(f"sightline {ours:.2f} s, keras.applications {theirs:.2f} s, ratio {ours / theirs:.2f}")


def measure(plan: Plan) -> list[Figure]:
    """Load random weights of the published layout both ways."""
    seconds = _by_turns(prepared.vgg19(), plan.runs)
    return [
        Figure(
            "VGG19: build and load from the published layout",
            "`keras.applications.VGG19(weights=FILE)`",
            own=tuple(seconds["sightline"]),
            other=tuple(seconds["keras"]),
            goal=Goal(0.4),
            note="Without the imports.",
        )
    ]


def _by_turns(file: Path, runs: int) -> dict[str, list[float]]:
    def load(way: str) -> float:
        return float(fresh("benchmarks.vgg19_load", file, "--way", way))

    return take_turns({"sightline": lambda: load("sightline"), "keras": lambda: load("keras")}, runs)


def _seconds(way: str, file: Path) -> float:
    from desktop_app.core.engine.loading import load_engine

    load_engine()
    import h5py  # noqa: F401 - its import does not count
    import keras

    from desktop_app.core.library.vgg19.network import load_vgg19

    started = time.perf_counter()
    if way == "sightline":
        load_vgg19(file)
    else:
        keras.applications.VGG19(weights=str(file))
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
