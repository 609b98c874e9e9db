"""What training writes, for `full_disk`: each writer prepares old content on a small disk.

It returns what writes the new, what checks the old, and what checks the new.
"""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from desktop_app.core.datasets.archives.archives import unpack
from desktop_app.core.datasets.examine.doctor import examine
from desktop_app.core.datasets.examine.picture_facts import examine_file
from desktop_app.core.datasets.examine.scan_cache import ScanCache
from desktop_app.core.datasets.pipeline.allocation import allocate
from desktop_app.core.datasets.splits.split_file import Split, SplitRow, read_split, write_split
from desktop_app.core.training.records.progress import Progress
from desktop_app.core.training.runs.checkpoint import Checkpoints
from desktop_app.core.training.runs.run_folder import RunFolder
from desktop_app.core.training.runs.run_record import RunRecord
from desktop_app.core.training.task.classification import CLASSIFICATION
from tests.core.training.epochs import epoch
from tests.core.training.tiny import tiny_config

if TYPE_CHECKING:
    from pathlib import Path

PAYLOAD_BYTES = 600 * 1024
_PICTURES, _SIDE = 12, 128


def _run(work: Path) -> RunFolder:
    folder = work / "runs" / "run"
    (folder / "checkpoints").mkdir(parents=True)
    return RunFolder(folder)


def run_record(work: Path):
    """``run.json``."""
    run = _run(work)
    old = RunRecord(run_id="run", name="old", config=tiny_config(work), created="2026-01-01T00:00:00+00:00")
    run.write_record(old)
    new = old.model_copy(update={"message": "n" * PAYLOAD_BYTES})
    return lambda: run.write_record(new), lambda: run.read_record() == old, lambda: run.read_record() == new


def split_file(work: Path):
    """``split.csv``."""
    path = _run(work).split_file

    def split(count: int) -> Split:
        names = [f"{number:0100}.jpg" for number in range(count)]
        rows = tuple(SplitRow(work / "class 1" / name, 0, "train") for name in names)
        return Split(work, ("class 1",), rows)

    old, new = split(2), split(PAYLOAD_BYTES // 130)
    write_split(old, path)
    return lambda: write_split(new, path), lambda: read_split(path) == old, lambda: read_split(path) == new


def history(work: Path):
    """``metrics.csv``."""
    run = _run(work)
    one = epoch(val_loss=0.25, val_accuracy=0.125)
    old, new = (one,), (one,) * (PAYLOAD_BYTES // 40)
    run.write_history(old, CLASSIFICATION)
    return (
        lambda: run.write_history(new, CLASSIFICATION),
        lambda: run.read_history() == old,
        lambda: run.read_history() == new,
    )


def checkpoint(work: Path):
    """A checkpoint in the place of an older one."""
    kept = Checkpoints(_run(work).checkpoints)
    old, new = [np.ones(7, np.float32)], [np.full(PAYLOAD_BYTES // 4, 2, np.float32)]
    kept.save_best(1, old, Progress())
    return (
        lambda: kept.save_best(1, new, Progress()),
        lambda: np.array_equal(kept.read_best(1), old),
        lambda: np.array_equal(kept.read_best(1), new),
    )


def picture_store(work: Path):
    """Pictures that do not fit into memory."""
    other = work / "other"
    other.write_bytes(b"old")
    made = []

    def write() -> None:
        rows, on_disk = allocate((PAYLOAD_BYTES // 48, 4, 4, 3), np.uint8, work, memory_limit=0)
        rows[:] = 255
        made.append(on_disk and bool(rows.all()))

    def intact() -> bool:
        return other.read_bytes() == b"old" and len(list(work.iterdir())) == 1

    return write, intact, lambda: made == [True] and intact()


def unpacked_archive(work: Path):
    """An archive of pictures."""
    archive, parent = work.parent / "pictures.tar", work / "datasets"
    if not archive.exists():
        with tarfile.open(archive, "w") as file:
            file.add(_pictures(work.parent / "pictures"), "pictures")
    return (
        lambda: unpack(archive, parent),
        lambda: not parent.exists() or not list(parent.iterdir()),
        lambda: len(list(parent.rglob("*.png"))) == _PICTURES,
    )


def scan_cache(work: Path):
    """What the doctor remembers: it does without where the disk is full, and what it knew stays."""
    data, cache = _pictures(work.parent / "pictures"), work / "scan.sqlite"
    known = sorted(data.rglob("*.png"))[:2]
    with ScanCache(cache) as remembered:
        for path in known:
            remembered.put(path, path.stat(), examine_file(path)[0])
    reports = []

    def knows_the_old() -> bool:
        with ScanCache(cache) as remembered:
            return all(remembered.get(path, path.stat())[1] for path in known)

    def examined() -> bool:
        return len(reports[-1].examples) == _PICTURES and knows_the_old()

    return lambda: reports.append(examine(data, cache=cache)), knows_the_old, examined


def _pictures(folder: Path) -> Path:
    """Two classes of noise, made once."""
    if not folder.exists():
        dice = np.random.default_rng(0)
        for number in range(_PICTURES):
            place = folder / f"class {number % 2}"
            place.mkdir(parents=True, exist_ok=True)
            noise = dice.integers(0, 256, (_SIDE, _SIDE, 3), np.uint8)
            Image.fromarray(noise).save(place / f"{number}.png")
    return folder


WRITERS = {
    "a run's record": run_record,
    "a split": split_file,
    "the figures of a run": history,
    "a checkpoint": checkpoint,
    "a picture store": picture_store,
    "an unpacked archive": unpacked_archive,
    "the doctor's memory": scan_cache,
}
