"""Measures how long the GUI thread is away at most while the table of a large job is used.

``python -m benchmarks.table_scroll [--pictures 100000]``: a job of so many pictures (hard links to a few)
with answers that are made up is opened in the window, and its table is scrolled, sorted and selected while a
5 ms timer notes when it is served. On a busy machine the wall clock tells of the others, too: "busy" is the
processor time of the GUI thread between two beats.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.core.batch.rows import Outcome
    from desktop_app.ui.desktop import Desktop

TIMER_MS = 5
STEP_MS = 40
PER_FOLDER = 1000
SIZE = (1280, 800)


def main() -> None:
    """Make the job, use the table, and print the longest gap of each kind of use."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=100_000)
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SIGHTLINE_HOME"] = str(Path(folder) / "home")
        job = _make_job(Path(folder) / "pictures", options.pictures)
        for use, found in _Measured(job).gaps.items():
            gaps, busy = (sorted(column) for column in zip(*found, strict=True))
            p99 = gaps[int(len(gaps) * 0.99)]
            print(
                f"{use:10} longest gap {gaps[-1]:6.1f} ms, 99th percentile {p99:5.1f} ms, "
                f"busy at most {busy[-1]:5.1f} ms"
            )
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{options.pictures:,} pictures, {peak:,.0f} MiB at most, TensorFlow included")


def _make_job(folder: Path, count: int) -> Path:
    from PIL import Image

    from desktop_app.core import paths
    from desktop_app.core.batch.job import Job
    from desktop_app.core.batch.spec import JobSpec
    from desktop_app.core.library.store import Library

    rng = np.random.default_rng(1)
    for number in range(count):
        path = folder / f"{number // PER_FOLDER:04}" / f"{number:06}.jpg"
        if number % PER_FOLDER == 0:  # hard links are counted, and there may not be too many of one file
            path.parent.mkdir(parents=True)
            Image.new("RGB", (200, 150), tuple(rng.bytes(3))).save(path)
            first = path
        else:
            path.hardlink_to(first)
    card = Library.default().get("everyday").card
    job_path = paths.jobs() / "batch-measured.job"
    with Job(job_path, JobSpec.for_card(card, [folder])) as job:
        listing = job.listing()
        while not listing.finished:
            for found in listing.more(1.0):
                job.add(found)
        classes = len(card.classes)
        for start in range(1, count + 1, PER_FOLDER):
            numbers = range(start, min(start + PER_FOLDER, count + 1))
            job.record([_outcome(number, rng, classes) for number in numbers])
        job.state = "finished"
    return job_path


def _outcome(number: int, rng: np.random.Generator, classes: int) -> Outcome:
    from desktop_app.core.batch.rows import Outcome

    top, seconds = float(rng.random()), float(rng.random()) / 50
    return Outcome(number, rng.permutation(classes)[:5].tolist(), [top, 1 - top, 0.0, 0.0, 0.0], seconds)


class _Measured:
    """Uses the window; `gaps` has milliseconds of the clock and of the processor for each kind of use."""

    def __init__(self, job: Path) -> None:
        from PySide6.QtCore import Qt, QTimer
        from PySide6.QtWidgets import QApplication

        from desktop_app.core.library.store import Library
        from desktop_app.core.settings import SettingsStore
        from desktop_app.ui.batch.picture_table import PictureTable
        from desktop_app.ui.desktop import Desktop

        self.gaps: dict[str, list[tuple[float, float]]] = {}
        self._application = QApplication([])
        store = SettingsStore(job.parent / "settings.json")
        self._desktop: Desktop = Desktop(Library.default(), store)
        self._beats: list[tuple[float, float]] = []
        timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TIMER_MS)
        timer.timeout.connect(lambda: self._beats.append((time.perf_counter(), time.thread_time())))
        window = self._desktop.window
        window.resize(*SIZE)
        self._desktop.open([])
        self._wait_for_model()  # while TensorFlow loads, `gui_gap` measures
        pane = window.show_batch_pane()
        timer.start()
        self._note("open", lambda: self._desktop.batch.open(job), 2000)
        table = pane.findChild(PictureTable)
        assert table is not None
        bar = table.verticalScrollBar()
        rng = np.random.default_rng(2)
        for _ in range(100):
            self._note("wheel", lambda: bar.setValue(bar.value() + 144), STEP_MS)
        for _ in range(100):
            self._note("jump", lambda: bar.setValue(int(rng.integers(bar.maximum()))), STEP_MS)
        self._note("rest", lambda: None, 1500)
        order = Qt.SortOrder.DescendingOrder
        for column in (3, 1, 2, 5):
            self._note("sort", lambda column=column: table.sortByColumn(column, order), 1500)
        self._note("select all", table.selectAll, 500)
        for _ in range(50):
            self._note("selected", lambda: bar.setValue(int(rng.integers(bar.maximum()))), STEP_MS)
        self._note("sort all", lambda: table.sortByColumn(6, Qt.SortOrder.AscendingOrder), 2000)
        timer.stop()
        window.end()
        self._desktop.shutdown(10)

    def _note(self, use: str, act: Callable[[], object], milliseconds: int) -> None:
        from PySide6.QtCore import QTimer

        self._beats.clear()
        QTimer.singleShot(TIMER_MS, act)
        self._wait(milliseconds)
        self.gaps.setdefault(use, []).extend(
            ((later[0] - earlier[0]) * 1000, (later[1] - earlier[1]) * 1000)
            for earlier, later in pairwise(self._beats)
        )

    def _wait_for_model(self) -> None:
        from desktop_app.workers.messages import ModelPhase

        while self._desktop.session.model_status.phase is ModelPhase.LOADING:
            self._wait(500)

    def _wait(self, milliseconds: int) -> None:
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()


if __name__ == "__main__":
    main()
