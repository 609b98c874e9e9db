"""Measures how long the GUI thread is away while 200 pictures are classified as a job.

``python -m benchmarks batch_gap``: each run is a fresh process with the real window, whose Batch pane shows
the table. Everyday classifies them, and is loaded before. A 5 ms timer notes when it is served.
"""

from __future__ import annotations

import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.frame.command import as_module
from benchmarks.frame.gaps import gap_figures
from benchmarks.frame.pictures import photos
from benchmarks.frame.process import fresh
from benchmarks.frame.turns import take_turns

if TYPE_CHECKING:
    from benchmarks.frame.figure import Figure
    from benchmarks.frame.plan import Plan
    from desktop_app.core.foundation.errors import Reason

TIMER_MS = 5
AFTERWARDS_MS = 2000
"""The table and the overview are brought up to date once more."""


def measure(plan: Plan) -> list[Figure]:
    """Classify the pictures in fresh processes."""
    count = plan.count(20, 200)
    photos(plan, count)
    runs = take_turns({"gaps": lambda: _in_fresh_process(plan.scratch / "photos")}, plan.runs)["gaps"]
    return gap_figures(f"batch of {count} pictures", runs)


def _in_fresh_process(folder: Path) -> list[float]:
    with tempfile.TemporaryDirectory(prefix="sightline-gap-home-") as home:
        gaps: list[float] = fresh(
            "benchmarks.batch_gap", "--way", "once", folder, environment={"SIGHTLINE_HOME": home}
        )
    return gaps


def _once(folder: str) -> list[float]:
    """Return the gaps in milliseconds."""
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from desktop_app.core.foundation import paths
    from desktop_app.core.library.store import EVERYDAY_ID, Library
    from desktop_app.core.settings import SettingsStore
    from desktop_app.ui.desktop import Desktop
    from desktop_app.workers.classify.messages import ModelPhase

    application = QApplication([])
    ticks: list[float] = []
    timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TIMER_MS)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    store = SettingsStore(paths.settings_file())
    store.override(model_id=EVERYDAY_ID)
    desktop = Desktop(Library.default(), store)
    problems: list[str] = []

    def on_model_changed(status: object) -> None:
        if getattr(status, "phase", None) is ModelPhase.READY and not timer.isActive():
            desktop.window.show_batch_pane()
            timer.start()
            desktop.batch.begin([Path(folder)], EVERYDAY_ID)

    def on_failed(reason: Reason) -> None:
        problems.append(reason.sentence)
        application.quit()

    desktop.session.model_changed.connect(on_model_changed)
    desktop.batch.failed.connect(on_failed)
    desktop.batch.ended.connect(lambda _summary: QTimer.singleShot(AFTERWARDS_MS, application.quit))
    desktop.open([])
    application.exec()
    timer.stop()
    desktop.window.close()
    desktop.shutdown(10)
    if problems:
        raise RuntimeError(problems[0])
    return [(after - before) * 1000 for before, after in pairwise(ticks)]


if __name__ == "__main__":
    as_module("batch_gap", once=_once)
