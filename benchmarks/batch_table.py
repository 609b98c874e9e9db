"""Measures how long the GUI thread is away while a job of 100,000 pictures is looked at.

``python -m benchmarks.batch_table [--runs 1] [--pictures 100000]``: each run is a fresh process with the
real Batch pane, service and files; only the predictions are invented, so it needs no network. It opens the
job, scrolls by wheel, pages and thumb, sorts by every column, filters, selects all and plans to file all,
while a 5 ms timer notes when it is served. Prints the gaps of each stage, for the longest one also what the
GUI thread and the other threads of the process computed in it (what is missing, the machine took for
others), how long the first page took, and the memory.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from desktop_app.core.batch.job.job import Job
from desktop_app.core.batch.job.rows import Outcome
from desktop_app.core.batch.job.spec import JobSpec
from desktop_app.core.classify.results_csv import CsvStyle
from desktop_app.core.foundation import paths
from desktop_app.core.library.card import Calibration, ClassLabel, ModelCard
from desktop_app.core.networks.input_spec import InputSpec

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import SignalInstance
    from PySide6.QtWidgets import QWidget

TIMER_MS = 5
FRAME_MS = 16
IDLE_MS = 2000
PATIENCE_MS = 60_000
CLASSES, FOLDERS = 1000, 100
DIFFERENT = 64
"""Pictures that are written; all others are further names of them."""
UNREADABLE = 0.01
GOAL_MS = 50.0

Gap = list[float]
"""Milliseconds between two beats of the timer, and of these what the GUI thread and the others computed."""


def main() -> None:
    """Make the pictures and the job, run the processes and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--pictures", type=int, default=100_000)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.data is not None:
        print(json.dumps(_Measurement(options.data).run()))
        return
    with tempfile.TemporaryDirectory(prefix="sightline-table-") as name:
        data = Path(name)
        started = time.perf_counter()
        _write_pictures(data / "pictures", options.pictures)
        size = _write_job(data / "measured.job", data / "pictures").stat().st_size
        print(
            f"{options.pictures:,} pictures in {FOLDERS} folders, a job of {size / 1e6:.0f} MB, "
            f"made in {time.perf_counter() - started:.0f} s"
        )
        longest = [_in_fresh_process(data) for _ in range(options.runs)]
    print(
        f"longest gap while working: median of the runs {statistics.median(longest):.1f} ms, "
        f"worst {max(longest):.1f} ms; the goal is {GOAL_MS:.0f} ms"
    )


def _write_pictures(folder: Path, count: int) -> None:
    """Fill folders that have names of classes with small JPEG files."""
    random = np.random.default_rng(0)
    originals = []
    for number in range(count):
        place = folder / f"kind_{number * FOLDERS // count}" / f"IMG_{number:06}.jpg"
        if number % (count // FOLDERS or 1) == 0:
            place.parent.mkdir(parents=True, exist_ok=True)
        if number < DIFFERENT:
            colours = random.integers(0, 256, (6, 8, 3), np.uint8)
            stream = io.BytesIO()
            Image.fromarray(colours).resize((160, 120), Image.Resampling.BICUBIC).save(stream, "JPEG")
            place.write_bytes(stream.getvalue())
            originals.append(place)
        else:
            with contextlib.suppress(OSError):  # where a file may not have so many names
                place.hardlink_to(originals[number % len(originals)])
                continue
            shutil.copyfile(originals[number % len(originals)], place)


def _write_job(path: Path, folder: Path) -> Path:
    """Make a finished job with made-up predictions: some labels are frequent, most are rare."""
    random = np.random.default_rng(0)
    card = ModelCard(
        id="made-up",
        name="Made up",
        origin="trained",
        weights_sha256="0" * 64,
        classes=[ClassLabel(class_id=f"n{place:08}", label=f"kind_{place}") for place in range(CLASSES)],
        input=InputSpec(height=32, width=32),
        calibration=Calibration(not_sure_below=0.4),
    )
    with Job(path, JobSpec.for_card(card, [folder])) as job:
        listing = job.listing()
        while not listing.finished:
            for piece in listing.more(1.0):
                job.add(piece)
        job.commit()
        for after in range(0, job.total, 256):
            numbers = [number for number, _ in job.waiting(after, 256)]
            job.record([_outcome(number, random) for number in numbers])
        job.state = "finished"
    return path


def _outcome(number: int, random: np.random.Generator) -> Outcome:
    if random.random() < UNREADABLE:
        return Outcome(number, reason="This JPEG file ends too early. Get it again from where it came from.")
    first = int(random.zipf(1.2)) % CLASSES
    classes = [(first + step * 7) % CLASSES for step in range(5)]
    shares = np.sort(random.dirichlet(np.full(5, 0.4)))[::-1].tolist()
    return Outcome(number, classes, shares, float(random.exponential(0.02)))


def _in_fresh_process(data: Path) -> float:
    """Measure once and print; returns the longest gap in milliseconds while something was done."""
    with tempfile.TemporaryDirectory(prefix="sightline-table-home-") as home:
        jobs = Path(home) / "jobs"
        jobs.mkdir()
        shutil.copyfile(data / "measured.job", jobs / "batch-measured.job")
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.batch_table", "--data", str(data)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            env={"QT_QPA_PLATFORM": "offscreen"} | os.environ | {"SIGHTLINE_HOME": home},
        )
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    stages: dict[str, list[Gap]] = measured["gaps"]
    columns = ("seconds", "median", "99.9%", "longest", "GUI", "others")
    print(f"{'stage':24}{''.join(f'{word:>9}' for word in columns)}  ms")
    for stage, gaps in stages.items():
        _print(stage, gaps)
    working = [gap for stage, gaps in stages.items() if stage != "idle" for gap in gaps]
    _print("all but idle", working)
    for what, seconds in measured["seconds"].items():
        print(f"{what}: {1000 * seconds:.0f} ms")
    print(
        f"memory: {measured['before_mb']:.0f} MB before the job was opened, {measured['after_mb']:.0f} MB at "
        f"the end, {measured['peak_mb']:.0f} MB at most",
        flush=True,
    )
    alone, together = (max(min(gap[0], sum(gap[1:stop])) for gap in working) for stop in (2, 3))
    print(
        f"computed in one gap: at most {alone:.1f} ms by the GUI thread, {together:.1f} ms with the other "
        "threads, which need not hold it up",
        flush=True,
    )
    return max(working)[0]


def _print(stage: str, gaps: list[Gap]) -> None:
    ordered = sorted(gaps) or [[0.0, 0.0, 0.0]]
    lengths = [gap[0] for gap in ordered]
    figures = (
        sum(lengths) / 1000,
        statistics.median(lengths),
        lengths[int(len(lengths) * 0.999)],
        *ordered[-1],
    )
    print(f"{stage:24}{''.join(f'{figure:9.1f}' for figure in figures)}")


class _Measurement:
    """Goes through the stages in a real window."""

    def __init__(self, data: Path) -> None:
        from PySide6.QtCore import Qt, QTimer
        from PySide6.QtWidgets import QApplication

        from desktop_app.core.classify.pool import ModelPool
        from desktop_app.core.library.store import Library
        from desktop_app.ui.batch.batch_pane import BatchPane
        from desktop_app.ui.batch.table.filter_row import FilterRow
        from desktop_app.ui.batch.table.picture_table import PictureTable
        from desktop_app.ui.common.style.theme import Theme
        from desktop_app.workers.batch.batch_service import BatchService
        from desktop_app.workers.library.library import LibraryService

        self._application = QApplication([])
        self._theme = Theme(self._application)
        self._theme.apply("light")
        self._data = data
        library = Library.default()
        self._models = LibraryService(library)
        self._batch = BatchService(ModelPool(library))
        self._pane = BatchPane(self._batch, self._models)
        self._pane.resize(1280, 800)
        self._table: PictureTable = _only(self._pane, PictureTable)
        self._filters: FilterRow = _only(self._pane, FilterRow)
        self._marks: list[tuple[float, str]] = []
        self._ticks: list[tuple[float, float, float]] = []
        self._seconds: dict[str, float] = {}
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TIMER_MS)
        self._timer.timeout.connect(self._tick)
        self._batch.failed.connect(lambda reason: sys.exit(reason.text))

    def run(self) -> dict[str, object]:
        """Return the gaps of each stage in milliseconds, and what else was measured."""
        self._pane.show()
        self._application.processEvents()
        self._timer.start()
        self._stage("idle")
        self._pause(IDLE_MS)
        before = _memory_mb()
        self._open()
        self._scroll()
        self._sort("sorting")
        self._filter()
        self._select()
        self._plan()
        self._export()
        self._stage("afterwards")
        self._pause(IDLE_MS)
        self._timer.stop()
        after = _memory_mb()
        self._pane.close()
        if not (self._batch.shutdown(10) and self._models.shutdown(10)):
            sys.exit("The threads did not end.")
        return {
            "gaps": self._gaps(),
            "seconds": self._seconds,
            "before_mb": before,
            "after_mb": after,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
        }

    # The stages

    def _open(self) -> None:
        self._stage("opening")
        started = time.perf_counter()
        with self._waiting_for(self._batch.rows_ready):
            self._batch.open(paths.jobs() / "batch-measured.job")
        self._seconds["first page"] = time.perf_counter() - started
        self._stage("counting and scoring")
        self._pause(3 * IDLE_MS)

    def _scroll(self) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        bar = self._table.verticalScrollBar()
        self._stage("wheel, notch by notch")
        for _ in range(300):
            self._turn_wheel(-120)
        rest = bar.maximum() - bar.value()
        notches = 600
        self._stage("wheel, to the end")
        while bar.value() < bar.maximum() and notches:
            notches -= 1
            self._turn_wheel(
                -max(120, 120 * rest // 600 // self._table.verticalScrollBar().singleStep() // 3)
            )
        self._pause(IDLE_MS // 2)
        self._stage("pages")
        bar.setValue(0)
        self._table.setFocus()
        for _ in range(300):
            QTest.keyClick(self._table, Qt.Key.Key_PageDown)
            self._pause(FRAME_MS)
        QTest.keyClick(self._table, Qt.Key.Key_End)
        self._pause(IDLE_MS // 2)
        self._stage("thumb")
        bar.setSliderDown(True)
        for step in [*range(300, -1, -1), *range(300), *range(0, 300, 7)]:
            bar.setSliderPosition(bar.maximum() * step // 300)
            self._pause(FRAME_MS)
        bar.setSliderDown(False)
        self._pause(IDLE_MS // 2)

    def _turn_wheel(self, angle: int) -> None:
        from PySide6.QtCore import QPoint, QPointF, Qt
        from PySide6.QtGui import QWheelEvent

        view = self._table.viewport()
        middle = QPointF(view.rect().center())
        event = QWheelEvent(
            middle,
            QPointF(view.mapToGlobal(middle)),
            QPoint(),
            QPoint(0, angle),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        self._application.sendEvent(view, event)
        self._pause(FRAME_MS)

    def _sort(self, stage: str) -> None:
        from PySide6.QtCore import Qt

        self._stage(stage)
        slowest = 0.0
        for column in range(self._table.model().columnCount()):
            for order in (Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder):
                started = time.perf_counter()
                with self._waiting_for(self._batch.view_ready):
                    self._table.sortByColumn(column, order)
                slowest = max(slowest, time.perf_counter() - started)
                self._pause(10 * FRAME_MS)
        self._seconds[f"slowest order, {stage}"] = slowest

    def _filter(self) -> None:
        from desktop_app.core.batch.job.filters import RowFilter
        from desktop_app.core.batch.job.rows import Status

        self._stage("filtering")
        for wanted in (
            RowFilter(label=7),
            RowFilter(text="9"),
            RowFilter(text="kind_12/"),
            RowFilter(status=Status.FAILED),
            RowFilter(least=0.2, most=0.9),
            RowFilter(),
        ):
            with self._waiting_for(self._batch.view_ready):
                self._filters.changed.emit(wanted)
            self._pause(20 * FRAME_MS)

    def _select(self) -> None:
        self._stage("selecting all")
        self._table.selectAll()
        self._pause(IDLE_MS // 2)
        self._sort("sorting a selection")
        self._stage("selecting none")
        self._table.clearSelection()
        self._pause(IDLE_MS // 2)

    def _plan(self) -> None:
        from desktop_app.ui.batch.filing.filing_dialog import FilingDialog

        self._stage("planning to file all")
        opened = self._batch.opened
        assert opened is not None
        started = time.perf_counter()
        dialog = FilingDialog(self._batch, opened.spec, None, "copy", self._pane)
        dialog.open()
        with self._waiting_for(self._batch.plan_ready):
            pass
        self._seconds["plan"] = time.perf_counter() - started
        self._pause(IDLE_MS // 2)
        dialog.reject()
        dialog.deleteLater()
        del dialog  # with the plan
        self._pause(IDLE_MS // 2)

    def _export(self) -> None:
        self._stage("exporting")
        started = time.perf_counter()
        with self._waiting_for(self._batch.message):
            self._batch.export(self._data / "results.csv", "csv", CsvStyle())
        self._seconds["export as CSV"] = time.perf_counter() - started

    # The clock

    def _tick(self) -> None:
        own = time.thread_time()
        self._ticks.append((time.perf_counter(), own, time.process_time() - own))

    def _stage(self, name: str) -> None:
        """A stage begins now."""
        self._marks.append((time.perf_counter(), name))

    def _pause(self, milliseconds: int) -> None:
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    @contextlib.contextmanager
    def _waiting_for(self, signal: SignalInstance) -> Any:
        """Do what leads to a signal, and wait for that."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        came: list[object] = []

        def note(*_values: object) -> None:
            came.append(None)
            loop.quit()

        signal.connect(note)
        yield
        late = QTimer(singleShot=True, interval=PATIENCE_MS)
        late.timeout.connect(loop.quit)
        late.start()
        if not came:
            loop.exec()
        signal.disconnect(note)
        if not came:
            sys.exit(f"Nothing came during the stage {self._marks[-1][1]}.")

    def _gaps(self) -> dict[str, list[Gap]]:
        gaps: dict[str, list[Gap]] = {name: [] for _, name in self._marks}
        marks = [*self._marks, (float("inf"), "")]
        place = 0
        for before, after in pairwise(self._ticks):
            while before[0] >= marks[place + 1][0]:
                place += 1
            gaps[marks[place][1]].append(
                [1000 * (end - start) for start, end in zip(before, after, strict=True)]
            )
        return gaps


def _only(root: QWidget, kind: Callable[..., Any]) -> Any:
    found = root.findChildren(kind)  # type: ignore[call-overload]
    if len(found) != 1:
        sys.exit(f"The pane has {len(found)} of {kind}.")
    return found[0]


def _memory_mb() -> float:
    """What the process has of the memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


if __name__ == "__main__":
    main()
