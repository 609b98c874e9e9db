"""Measures the longest pause of the GUI thread, from the first paint to the first prediction.

``python -m benchmarks.gui_gap [--runs 5] [--cold] [--model ID] [PICTURE]``: each run is a fresh process that
opens the window with a picture while a 5 ms timer notes when it is served. ``--cold`` first drops
TensorFlow's files from the page cache (Linux). ``python -m benchmarks gui_gap`` does both with VGG19.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.frame import prepared
from benchmarks.frame.figure import Figure
from benchmarks.frame.gaps import gap_figures
from benchmarks.frame.process import fresh
from benchmarks.frame.turns import take_turns
from desktop_app.core.library.download.vgg19_weights import VGG19_ID

if TYPE_CHECKING:
    from benchmarks.frame.plan import Plan

TIMER_MS = 5


def main() -> None:
    """Run the processes and print the longest gap of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("picture", nargs="?", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--model")
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.once:
        print(json.dumps(_measure(_picture(options.picture), options.model)))
        return
    cache = "cold" if options.cold else "warm"
    rows = take_turns(
        {cache: lambda: _in_fresh_process(options.model, options.picture, cold=options.cold)},
        options.runs,
        warm_ups=not options.cold,
    )[cache]
    for row in rows:
        print(
            f"longest gap {row['longest_ms']:6.1f} ms, 99.9th percentile {row['p999_ms']:5.1f} ms, "
            f"first paint {row['first_paint_s']:.2f} s, first answer {row['answer_s']:.2f} s after start"
        )
    gaps = [row["longest_ms"] for row in rows]
    print(f"{cache}: median of the longest gaps {statistics.median(gaps):.1f} ms, worst {max(gaps):.1f} ms")


def measure(plan: Plan) -> list[Figure]:
    """Open the window until VGG19's first prediction, with and without its files in the page cache."""
    prepared.vgg19()
    what = "first paint to VGG19's first answer"
    warm = take_turns({"warm": lambda: _in_fresh_process(VGG19_ID)}, plan.runs)["warm"]
    figures = gap_figures(f"{what}, warm", [row["gaps_ms"] for row in warm])
    if not hasattr(os, "posix_fadvise"):
        missing = "This system cannot be asked to forget the pages of files."
        return [*figures, Figure(f"GUI thread's longest gap, {what}, cold", missing=missing)]
    cold = take_turns({"cold": lambda: _in_fresh_process(VGG19_ID, cold=True)}, plan.runs, warm_ups=0)["cold"]
    return figures + gap_figures(f"{what}, cold", [row["gaps_ms"] for row in cold], cold=True)


def _in_fresh_process(
    model: str | None, picture: Path | None = None, *, cold: bool = False
) -> dict[str, Any]:
    if cold:
        _drop_page_cache()
    words = [*(["--model", model] if model else []), *([str(picture)] if picture else [])]
    row: dict[str, Any] = fresh("benchmarks.gui_gap", "--once", *words)
    return row


def _picture(given: Path | None) -> Path:
    from desktop_app.core.foundation import paths

    return given or next(iter(sorted((paths.resources() / "samples").glob("*.[jp][pn]g"))))


def _measure(picture: Path, model: str | None) -> dict[str, Any]:
    started = time.perf_counter()
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from desktop_app.app import import_plainly

    import_plainly()
    from desktop_app.core.foundation.gc_pause import collector_resting
    from desktop_app.core.images.sources import FileSource
    from desktop_app.core.library.store import Library
    from desktop_app.core.settings import SettingsStore
    from desktop_app.ui.common.first_paint import FirstPaint
    from desktop_app.ui.desktop import Desktop
    from desktop_app.workers.classify.messages import ItemState

    application = QApplication([])
    ticks: list[float] = []
    times: dict[str, float] = {}
    timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TIMER_MS)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    with tempfile.TemporaryDirectory() as folder:
        store = SettingsStore(Path(folder) / "settings.json")
        if model:
            store.override(model_id=model)
        with collector_resting(keep=True):
            desktop = Desktop(Library.default(), store)

        def on_painted() -> None:
            times["first_paint_s"] = time.perf_counter() - started
            timer.start()

        def on_item_changed(item: object) -> None:
            if getattr(item, "state", None) is ItemState.ANSWERED:
                times["answer_s"] = time.perf_counter() - started
                QTimer.singleShot(50, end)  # the prediction has to be painted, too

        def end() -> None:
            timer.stop()  # closing takes its time
            application.quit()

        paint = FirstPaint(desktop.window)
        paint.painted.connect(on_painted)
        desktop.session.item_changed.connect(on_item_changed)
        desktop.open([FileSource(picture)])
        application.exec()
        desktop.window.close()
        desktop.shutdown(10)
    gaps = sorted((after - before) * 1000 for before, after in pairwise(ticks))
    return times | {"longest_ms": gaps[-1], "p999_ms": gaps[int(len(gaps) * 0.999)], "gaps_ms": gaps}


def _drop_page_cache() -> None:
    """Ask the kernel to drop the cached pages of everything installed beside TensorFlow."""
    from importlib.util import find_spec

    spec = find_spec("tensorflow")
    assert spec is not None
    assert spec.origin is not None
    os.sync()
    for path in Path(spec.origin).parent.parent.rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


if __name__ == "__main__":
    main()
