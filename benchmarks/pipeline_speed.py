"""Measures how quickly pictures reach a network in training.

``python -m benchmarks.pipeline_speed [FOLDER] [--size 64] [--batch-size 32] [--count 2000]``: reads the
pictures of a folder, or generated JPEGs of 400 x 300 pixels, into a store, then goes through whole epochs
with several settings of the augmentation. Prints pictures a second, and the processor time that each takes.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from desktop_app.core.datasets.pipeline.augmentation_settings import AugmentationSettings
from desktop_app.core.datasets.pipeline.batches import Batches
from desktop_app.core.datasets.pipeline.picture_store import fill
from desktop_app.core.devices.cpu import cpu_count
from desktop_app.core.devices.memory import free_memory
from desktop_app.core.engine.loading import load_engine
from desktop_app.core.foundation.text import readable_size
from desktop_app.core.images.folders import find_pictures

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.core.datasets.pipeline.arrays import PictureStore

SETTINGS = {
    "epoch, plain": AugmentationSettings(),
    "epoch, flip": AugmentationSettings(flip=True),
    "epoch, flip + shear + zoom": AugmentationSettings(flip=True, shear=0.2, zoom=0.2),
    "epoch, brightness + contrast + saturation": AugmentationSettings(
        brightness=0.2, contrast=0.2, saturation=0.2
    ),
    "epoch, erase": AugmentationSettings(erase=0.5),
    "epoch, degrade": AugmentationSettings(degrade=0.3),
}
LEAST_SECONDS = 3.0
"""Epochs are repeated for at least this long."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", metavar="FOLDER")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--count", type=int, default=2000, help="pictures to generate, or to take at most")
    options = parser.parse_args()
    load_engine()
    print(f"{cpu_count()} cores, {readable_size(free_memory())} free; {options.size} x {options.size} pixels")
    print(f"{'':44}{'pictures/s':>11}{'CPU us each':>13}")
    with tempfile.TemporaryDirectory() as scratch:
        paths = _pictures(options.folder, Path(scratch), options.count)
        for title, limit in (("read into memory", None), ("read into a file", 0)):
            _measure(title, partial(_read_and_close, paths, options.size, Path(scratch), limit))
        with _read(paths, options.size, Path(scratch), None) as store:
            for title, settings in SETTINGS.items():
                batches = _batches(store, settings, options.batch_size)
                _one_epoch(batches, 0)  # compiles
                _measure(title, _epochs(batches))


def _pictures(folder: Path | None, scratch: Path, count: int) -> list[Path]:
    if folder is not None:
        return list(find_pictures(folder))[:count]
    random = np.random.default_rng(0)
    paths = []
    for number in range(count):
        coarse = Image.fromarray(random.integers(0, 256, (30, 40, 3), dtype=np.uint8))
        paths.append(scratch / f"{number}.jpg")
        coarse.resize((400, 300), Image.Resampling.BICUBIC).save(paths[-1])
    return paths


def _read(paths: list[Path], size: int, scratch: Path, limit: int | None) -> PictureStore:
    return fill(
        paths,
        height=size,
        width=size,
        folder=scratch,
        on_progress=lambda _done, _total: None,
        on_bad=lambda path, reason: print(f"{path}: {reason}"),
        memory_limit=limit,
        make_executor=ThreadPoolExecutor,
    )


def _read_and_close(paths: list[Path], size: int, scratch: Path, limit: int | None) -> int:
    with _read(paths, size, scratch, limit) as store:
        return len(store)


def _batches(store: PictureStore, settings: AugmentationSettings, batch_size: int) -> Batches:
    rows = np.flatnonzero(store.good)
    return Batches(
        store,
        rows,
        rows % 2,
        class_count=2,
        outputs=1,
        batch_size=batch_size,
        seed=1,
        preprocessing="unit",
        channels=3,
        augmentation=settings,
    )


def _epochs(batches: Batches) -> Callable[[], int]:
    def run() -> int:
        began, done, epoch = time.perf_counter(), 0, 0
        while time.perf_counter() - began < LEAST_SECONDS:
            epoch += 1
            done += _one_epoch(batches, epoch)
        return done

    return run


def _one_epoch(batches: Batches, epoch: int) -> int:
    return sum(len(pictures) for pictures, _targets in batches.epoch(epoch))


def _measure(title: str, work: Callable[[], int]) -> None:
    """Time some work that returns how many pictures it did."""
    began, cpu = time.perf_counter(), time.process_time()
    count = work()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    print(f"{title:44}{count / seconds:>11,.0f}{cpu / count * 1e6:>13.0f}")


if __name__ == "__main__":
    main()
