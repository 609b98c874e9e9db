"""Promise 11: however many starts there are at once, one window opens and gets all their pictures."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

FULL = 50

_START = """
import os, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication, QWidget
from desktop_app.core.images.sources import FileSource
from desktop_app.workers.single_instance import SingleInstance

home, name, expected = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
application = QApplication(sys.argv[:1])
instance = SingleInstance(home)
received = [name]

def receive(sources):
    received.extend(source.path.name for source in sources)
    tell()

def tell():
    if len(received) == expected:
        os.write(1, f"all {os.getpid()} {' '.join(sorted(received))}\\n".encode())

instance.sources_received.connect(receive)
if instance.claim([FileSource(Path(name))]):
    window = QWidget()
    window.show()
    os.write(1, f"window {os.getpid()}\\n".encode())
    tell()
    application.exec()
"""
"""A start of the app with nothing but its window; the first one tells when it has all pictures."""

LIMIT_SECONDS = 300


def run(count: int) -> str:
    """Start ``count`` processes at once, twice: in a new folder, and after a kill -9 of the first.

    Returns:
        The sentence with the figures.
    """
    with tempfile.TemporaryDirectory(prefix="sightline-instances-") as folder:
        home = Path(folder)
        for _ in range(2):
            _starts_at_once(home, count)
            assert (home / "instance.lock").exists(), "the killed first start left no lock to be cleared"
    return (
        f"{count} simultaneous starts, in a new folder and again with the lock of a killed one: "
        f"1 window each time, with the pictures of all {count}, and {count - 1} ended with success."
    )


def _starts_at_once(home: Path, count: int) -> None:
    names = sorted(f"{number}.jpg" for number in range(count))
    reading, writing = os.pipe()
    with os.fdopen(reading) as told:
        with _processes(home, names, writing) as processes:
            os.close(writing)
            windows = [_line(told)]
            last = _line(told)
            while last[0] == "window":
                windows.append(last)
                last = _line(told)
            assert last[2:] == names, f"the window got {last[2:]}"
            further = [process for process in processes if process.pid != int(last[1])]
            failed = [process.pid for process in further if process.wait(LIMIT_SECONDS) != 0]
            assert not failed, f"{len(failed)} of {count} starts failed"
            for process in processes:
                process.kill()  # only the first still runs
        windows += [line.split() for line in told if line.startswith("window")]
    assert len(windows) == 1, f"{len(windows)} windows"


@contextlib.contextmanager
def _processes(home: Path, names: list[str], stdout: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    with contextlib.ExitStack() as stack:
        processes = []
        for name in names:
            command = [sys.executable, "-c", _START, str(home), name, str(len(names))]
            process = subprocess.Popen(command, stdout=stdout, env=environment)
            stack.enter_context(process)
            stack.callback(process.kill)
            processes.append(process)
        yield processes


def _line(told: TextIO) -> list[str]:
    ready, _, _ = select.select([told], [], [], LIMIT_SECONDS)
    assert ready, f"nothing more was told within {LIMIT_SECONDS} s: two windows share the pictures?"
    return told.readline().split()
