"""Measures how long the GUI thread is away at most while data is examined and a network is trained.

``python -m benchmarks.fit_gap [--runs 3] [--files 12000] [--epochs 3]``: each run is a fresh process with the
real window, whose Train pane shows what happens. A 5 ms timer notes when it is served. A first stage in
which nothing happens shows what the machine itself adds.
"""

from __future__ import annotations

import argparse
import io
import json
import statistics
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from benchmarks.frame.gaps import gap_figures
from benchmarks.frame.process import fresh
from benchmarks.frame.turns import take_turns

if TYPE_CHECKING:
    from benchmarks.frame.figure import Figure
    from benchmarks.frame.plan import Plan
    from desktop_app.core.datasets.report import DatasetReport
    from desktop_app.core.training.outcome.estimate import Estimate
    from desktop_app.core.training.records.events import TrainingEvent

TIMER_MS = 5
IDLE_MS = 3000
WIDTH, HEIGHT = 200, 150
TRAIN_PANE = 2
STAGES = (
    "idle",
    "scan",
    "estimate",
    "preparing",
    "first epoch",
    "later epochs",
    "evaluation",
    "saving",
    "afterwards",
)


def main() -> None:
    """Make the pictures, run the processes and print the longest gap of each stage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--files", type=int, default=12_000, help="pictures to examine")
    parser.add_argument("--pictures", type=int, default=600, help="pictures to train on")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--recipe", default="cats-dogs-cnn")
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.data is not None:
        print(json.dumps(_Measurement(options.data, options.recipe, options.epochs).run()))
        return
    with tempfile.TemporaryDirectory(prefix="sightline-gap-") as name:
        data = Path(name)
        _generate(data / "small", options.pictures)
        _generate(data / "large", options.files)
        longest = [
            _print_all(_in_fresh_process(data, options.recipe, options.epochs)) for _ in range(options.runs)
        ]
    print(f"longest gap: median of the runs {statistics.median(longest):.1f} ms, worst {max(longest):.1f} ms")


def measure(plan: Plan) -> list[Figure]:
    """Examine a folder and train on another in the window, in fresh processes."""
    _generate(plan.scratch / "small", plan.count(60, 400, 600))
    _generate(plan.scratch / "large", plan.count(200, 3000, 12_000))
    runs = take_turns({"gaps": lambda: _in_fresh_process(plan.scratch, "cats-dogs-cnn", 3)}, plan.runs)[
        "gaps"
    ]
    gaps = [[gap for stage in STAGES[1:] for gap in run[stage]] for run in runs]
    return gap_figures("examining data and a whole fit", gaps)


def _generate(folder: Path, count: int) -> None:
    """Write smooth random JPEG pictures of two classes."""
    random = np.random.default_rng(0)
    for number in range(count):
        place = folder / ("cats", "dogs")[number % 2]
        place.mkdir(parents=True, exist_ok=True)
        colours = random.integers(0, 256, (6, 8, 3), np.uint8)
        picture = Image.fromarray(colours).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
        stream = io.BytesIO()
        picture.save(stream, "JPEG", quality=85)
        (place / f"{number}.jpg").write_bytes(stream.getvalue())


def _in_fresh_process(data: Path, recipe: str, epochs: int) -> dict[str, list[float]]:
    """Measure once; returns the gaps of each stage in milliseconds."""
    words = ("--data", data, "--recipe", recipe, "--epochs", epochs)
    with tempfile.TemporaryDirectory(prefix="sightline-gap-home-") as home:
        gaps: dict[str, list[float]] = fresh(
            "benchmarks.fit_gap", *words, environment={"SIGHTLINE_HOME": home}
        )
    return gaps


def _print_all(gaps: dict[str, list[float]]) -> float:
    """Print a table; returns the longest gap in milliseconds while something was done."""
    print(f"{'stage':14}{'seconds':>9}{'median':>9}{'99.9%':>9}{'longest':>9}  ms")
    for stage in STAGES:
        _print(stage, gaps[stage])
    working = [gap for stage in STAGES if stage != "idle" for gap in gaps[stage]]
    _print("all but idle", working)
    return max(working)


def _print(stage: str, gaps: list[float]) -> None:
    ordered = sorted(gaps) or [0.0]
    print(
        f"{stage:14}{sum(gaps) / 1000:9.1f}{statistics.median(ordered):9.1f}"
        f"{ordered[int(len(ordered) * 0.999)]:9.1f}{ordered[-1]:9.1f}",
        flush=True,
    )


class _Measurement:
    """Goes through the stages in the real window."""

    def __init__(self, data: Path, recipe: str, epochs: int) -> None:
        from PySide6.QtCore import Qt, QTimer
        from PySide6.QtWidgets import QApplication

        from desktop_app.core.engine.loading import load_engine
        from desktop_app.core.library.store import Library
        from desktop_app.core.settings import SettingsStore
        from desktop_app.core.training.recipes import catalogue
        from desktop_app.core.training.settings.config import TrainingConfig
        from desktop_app.ui.desktop import Desktop

        self._application = QApplication([])
        self._desktop = Desktop(Library.default(), SettingsStore(data / "settings.json"))
        load_engine()  # with the window made, as in the app; benchmarks.gui_gap measures this
        self._data = data
        values = catalogue.get(recipe).defaults(400, 2).changed({"epochs": epochs, "early_stopping": 0})
        self._config = TrainingConfig(data=data / "small", recipe=recipe, hyperparameters=values)
        self._marks: list[tuple[float, str]] = []
        self._ticks: list[float] = []
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TIMER_MS)
        self._timer.timeout.connect(lambda: self._ticks.append(time.perf_counter()))
        training = self._desktop.training
        training.scan_ended.connect(self._on_scan_ended)
        training.scan_failed.connect(lambda reason: sys.exit(reason.text))
        training.estimated.connect(self._on_estimated)
        training.event_arrived.connect(self._on_event)

    def run(self) -> dict[str, list[float]]:
        """Return the gaps of each stage in milliseconds."""
        from PySide6.QtCore import QTimer

        self._desktop.window.show()
        self._desktop.window.show_pane(TRAIN_PANE)
        self._application.processEvents()
        QTimer.singleShot(IDLE_MS, self._begin)
        self._mark("idle")
        self._timer.start()
        self._application.exec()
        self._timer.stop()
        self._desktop.window.close()
        self._desktop.shutdown(10)
        return self._gaps()

    def _gaps(self) -> dict[str, list[float]]:
        gaps: dict[str, list[float]] = {stage: [] for stage in STAGES}
        marks = [*self._marks, (float("inf"), "")]
        place = 0
        for before, after in pairwise(self._ticks):
            while before >= marks[place + 1][0]:
                place += 1
            gaps[marks[place][1]].append((after - before) * 1000)
        return gaps

    def _mark(self, stage: str) -> None:
        """A stage begins now."""
        self._marks.append((time.perf_counter(), stage))

    def _begin(self) -> None:
        self._mark("scan")
        self._desktop.training.open_data(self._data / "large")

    def _on_scan_ended(self, report: DatasetReport) -> None:
        from desktop_app.core.training.outcome.estimate import EstimateRequest

        self._mark("estimate")
        values = self._config.hyperparameters
        self._asked = EstimateRequest(self._config.recipe, values, 2, len(report.examples) + 1)
        self._desktop.training.estimate(self._asked)

    def _on_estimated(self, estimate: Estimate) -> None:
        if estimate.request is self._asked:
            self._mark("preparing")
            self._desktop.training.start(self._config)

    def _on_event(self, event: TrainingEvent) -> None:
        from PySide6.QtCore import QTimer

        from desktop_app.core.training.records.events import EpochEnded, Finished, Preparing, Started

        match event:
            case Started():
                self._mark("first epoch")
            case EpochEnded() if event.metrics.epoch < self._config.hyperparameters.epochs:
                self._mark("later epochs")
            case EpochEnded():
                self._mark("evaluation")
            case Preparing(message="Evaluating"):
                self._evaluated = time.perf_counter()
            case Finished():
                if event.result.status != "finished":
                    sys.exit(event.result.reason.text)
                self._marks.append((self._evaluated, "saving"))
                self._mark("afterwards")
                QTimer.singleShot(IDLE_MS, self._application.quit)
            case _:
                pass


if __name__ == "__main__":
    main()
