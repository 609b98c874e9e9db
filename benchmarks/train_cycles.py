"""Measures whether training gives its memory back: trains and cancels again and again in one process.

``python -m benchmarks.train_cycles [--cycles 10] [--recipe ID]`` makes a small data set, trains on it,
cancels within the second epoch, and prints the resident memory after each cycle.
"""

from __future__ import annotations

import argparse
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from desktop_app.core.library.store import Library
from desktop_app.core.training import fit
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.records.events import BatchEnded, TrainingEvent
from desktop_app.core.training.runs.store import RunStore
from desktop_app.core.training.settings.config import TrainingConfig

PICTURES, SIDE = 300, 64
"""Pictures in each of two classes."""

WARM_UP = 2
"""Cycles after which TensorFlow's and the allocator's own caches have their size."""


def main() -> None:
    """Run the cycles and print the memory after each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cycles", type=int, default=10)
    parser.add_argument("--recipe", default="cats-dogs-cnn")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sightline-cycles-") as name:
        folder = Path(name)
        _make_data(folder / "data")
        sizes = []
        for cycle in range(1, options.cycles + WARM_UP + 1):
            _train_and_cancel(folder, options.recipe)
            sizes.append(_resident_megabytes())
            warm_up = " (warm-up)" if cycle <= WARM_UP else ""
            print(f"cycle {cycle}: {sizes[-1]:.0f} MB{warm_up}", flush=True)
    measured = sizes[WARM_UP:]
    slope = float(np.polyfit(range(len(measured)), measured, 1)[0]) if len(measured) > 1 else 0.0
    print(f"from {measured[0]:.0f} to {measured[-1]:.0f} MB; on average {slope:+.2f} MB a cycle")


def _train_and_cancel(folder: Path, recipe: str) -> None:
    control = TrainingControl()

    def cancel(event: TrainingEvent) -> None:
        if isinstance(event, BatchEnded) and event.epoch == 2:
            control.cancel()

    values = catalogue.get(recipe).defaults(2 * PICTURES, 2).changed({"epochs": 3})
    config = TrainingConfig(data=folder / "data", recipe=recipe, hyperparameters=values)
    runs = RunStore(folder / "runs", folder / "trash-runs", folder / "scratch")
    library = Library(folder / "shipped", folder / "models", folder / "trash", folder / "downloads")
    result = fit.train(
        config, cancel, control.token, runs=runs, library=library, make_executor=ThreadPoolExecutor
    )
    assert result.status == "cancelled", result


def _make_data(folder: Path) -> None:
    random = np.random.default_rng(0)
    for label in range(2):
        place = folder / f"class {label}"
        place.mkdir(parents=True)
        for number in range(PICTURES):
            pixels = random.integers(0, 256, (SIDE, SIDE, 3), np.uint8)
            Image.fromarray(pixels).save(place / f"{number}.png")


def _resident_megabytes() -> float:
    """This process's memory in RAM (Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    raise OSError("/proc/self/status has no VmRSS")


if __name__ == "__main__":
    main()
