"""How long the first window and the first prediction take when nothing of the app is cached."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from trial import installing
from trial.report import require

if TYPE_CHECKING:
    from trial.person import Person
    from trial.report import Report
    from trial.roots import Root

WINDOW_GOAL, ANSWER_GOAL = 1.0, 8.0
"""Seconds."""
REPEATS = 3


def measure(root: Root, person: Person, report: Report) -> None:
    """Measure both, several times."""
    stamp = person.work / "stamp"
    with report.check("cold starts"):
        windows = [_first_window(person, stamp) for _ in range(REPEATS)]
        report.figure("first window, cold", statistics.median(windows), WINDOW_GOAL, "s", _all(windows))
        answers = [_first_answer(root, stamp) for _ in range(REPEATS)]
        report.figure(
            "first answer of Everyday, cold", statistics.median(answers), ANSWER_GOAL, "s", _all(answers)
        )


def _all(seconds: list[float]) -> str:
    return f"median of {', '.join(f'{each:.2f}' for each in seconds)}"


def forget_files() -> None:
    """Have the kernel forget what it has read from disks."""
    os.sync()
    Path("/proc/sys/vm/drop_caches").write_text("3", encoding="ascii")


def _first_window(person: Person, stamp: Path) -> float:
    forget_files()
    app = person.begin("sightline", stamp=stamp)
    app.wait_for_log("The window is open.")
    seconds = time.time() - float(stamp.read_text(encoding="ascii"))
    person.look_at(app)
    person.leave(app)
    return seconds


def _first_answer(root: Root, stamp: Path) -> float:
    forget_files()
    command = root.command(
        "sightline", "classify", "--model", "everyday", installing.PICTURE, person=True, stamp=stamp
    )
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, **pipes) as process:
        assert process.stdout is not None
        line = next((line for line in process.stdout if "%" in line), "")
        seconds = time.time() - float(stamp.read_text(encoding="ascii"))
        process.stdout.read()
    require(process.returncode == 0 and "cat" in line, f"status {process.returncode}: {line}")
    return seconds
