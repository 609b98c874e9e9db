"""Promise 11: however many starts there are at once, one window opens and gets all their pictures."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from desktop_app.core.installation.logging_setup import LOG_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    Process = subprocess.Popen[bytes]

FULL = 50

_OPEN = "The window is open."
_ARRIVED = re.compile(r"sources to open: (\d+)|(\d+) sources? from a second start")
"""What the log says of the first start's own pictures and of those handed over to it."""


def run(count: int) -> str:
    """Start the app ``count`` times at once, twice: in a new folder, and after a kill -9 of the first.

    Returns:
        The sentence with the figures.
    """
    with tempfile.TemporaryDirectory(prefix="sightline-instances-") as name:
        folder = Path(name)
        Image.new("RGB", (8, 8)).save(folder / "picture.png")
        (folder / "home").mkdir()
        lock = folder / "home" / "instance.lock"
        with _one_window(folder, count) as first:
            first.kill()
        assert lock.exists(), "the killed first start left no lock to be cleared"
        with _one_window(folder, count) as first:
            first.send_signal(signal.SIGINT)
            status = first.wait(_patience(count))
            assert status == 128 + signal.SIGINT, f"the window was closed with status {status}"
        assert not lock.exists(), "the window was closed, but its lock is still there"
    return (
        f"{count} simultaneous starts of the app from 2 environments, in a new folder and again with the "
        f"lock of a killed one: 1 window each time, with the pictures of all {count}, and {count - 1} ended "
        "with success."
    )


@contextlib.contextmanager
def _one_window(folder: Path, count: int) -> Iterator[Process]:
    """Start them all, and check that all but one end with success and that one has all pictures.

    Start number n opens n pictures, so that the log, which names no files, shows whose have arrived.

    Yields:
        The one with the window.
    """
    log = folder / "home" / "logs" / LOG_FILE
    before = len(_read(log))
    deadline = time.monotonic() + _patience(count)
    with contextlib.ExitStack() as stack:
        starts = [_start(stack, folder, number) for number in range(1, count + 1)]
        running = starts
        while len(running) > 1:
            assert time.monotonic() < deadline, f"{len(running)} of {count} starts do not end: two windows?"
            running = [process for process in running if not _ends_soon(process)]
        failed = [process.returncode for process in starts if process not in running and process.returncode]
        assert not failed, f"{len(failed)} of {count} starts failed: {_read(folder / 'terminal')}"
        assert running, "no start kept its window open"
        logged = ""
        while _OPEN not in logged or len(_ARRIVED.findall(logged)) < count:
            assert time.monotonic() < deadline, f"not all pictures arrived: {logged}"
            assert not _ends_soon(running[0]), f"the window vanished: {_read(folder / 'terminal')}"
            logged = _read(log)[before:]
        arrived = sorted(int(own or handed_over) for own, handed_over in _ARRIVED.findall(logged))
        assert arrived == list(range(1, count + 1)), f"the window got pictures of these starts: {arrived}"
        assert logged.count(_OPEN) == 1, f"{logged.count(_OPEN)} windows"
        yield running[0]


def _start(stack: contextlib.ExitStack, folder: Path, number: int) -> Process:
    """Start the app with ``number`` pictures; every other start has another temporary folder."""
    temporary = folder / f"tmp{number % 2}"
    temporary.mkdir(exist_ok=True)
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "SIGHTLINE_HOME": str(folder / "home"),
        "TMPDIR": str(temporary),
        "XDG_RUNTIME_DIR": "",
    }
    command = [sys.executable, "-m", "desktop_app", *[str(folder / "picture.png")] * number]
    with (folder / "terminal").open("ab") as terminal:
        process = subprocess.Popen(command, stdout=terminal, stderr=terminal, env=environment)
    stack.enter_context(process)
    stack.callback(process.kill)
    return process


def _ends_soon(process: Process) -> bool:
    try:
        process.wait(0.02)
    except subprocess.TimeoutExpired:
        return False
    return True


def _patience(count: int) -> float:
    """Seconds: a start takes one on a free core."""
    return 60.0 + 5.0 * count


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
