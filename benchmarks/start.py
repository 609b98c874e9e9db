"""Measures how long a process takes to its first painted window, beside a bare window with one label.

``python -m benchmarks start``: both are fresh processes of the same interpreter, by turns, and the clock is
that of the process that starts them.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from benchmarks.frame.command import as_module
from benchmarks.frame.figure import Figure, Goal
from benchmarks.frame.process import seconds_until
from benchmarks.frame.turns import take_turns

if TYPE_CHECKING:
    from benchmarks.frame.plan import Plan

PAINTED = "painted"

OWN = f"""
import os
import desktop_app.app
from desktop_app.ui.common.first_paint import FirstPaint

def on_painted(paint):
    print("{PAINTED}", flush=True)
    os._exit(0)

FirstPaint._on_timeout = on_painted
from desktop_app.cli import main
main([])
"""
"""The app itself, until its window takes itself for painted.

Qt comes after what the app imports before it, as in the app: Qt looks at each module that is imported later.
"""

BARE = f"""
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel

class Window(QLabel):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, lambda: print("{PAINTED}", flush=True))

application = QApplication([])
window = Window("Sightline")
window.resize(1280, 800)
window.show()
application.exec()
"""


def measure(plan: Plan) -> list[Figure]:
    """Start both by turns."""
    seconds = take_turns(
        {
            "sightline": lambda: seconds_until(PAINTED, [sys.executable, "-c", OWN]),
            "bare": lambda: seconds_until(PAINTED, [sys.executable, "-c", BARE]),
        },
        plan.runs,
    )
    what = "process start to first paint"
    ours, bare = (tuple(seconds[name]) for name in ("sightline", "bare"))
    return [
        Figure(what, "bare PySide6 window", own=ours, other=bare, goal=Goal(2.0)),
        Figure(what, own=ours, goal=Goal(0.7)),
    ]


if __name__ == "__main__":
    as_module("start")
