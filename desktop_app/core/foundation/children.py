"""Processes that work for this one and must not outlive it, however it ends."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_lock = threading.Lock()
_running: dict[subprocess.Popen[bytes], Path] = {}
_over = False


@contextlib.contextmanager
def child(command: list[str], folder: Path, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process that ends with the body at the latest.

    Args:
        command: What to start.
        folder: Folder with what it works on or says, which goes too where the app ends in the body.
        options: Options of `subprocess.Popen`.

    Raises:
        OSError: It cannot be started, or the app is ending.
    """
    with _lock:
        if _over:
            message = "the app is ending"
            raise OSError(message)
        process = subprocess.Popen(command, **options)  # noqa: S603 - the caller's own command
        _running[process] = folder
    try:
        yield process
    finally:
        with _lock:
            _running.pop(process, None)
        _end(process)


def end_all() -> None:
    """End all such processes, and start no more: before an end that leaves threads where they are."""
    global _over  # noqa: PLW0603 - a process ends once
    with _lock:
        _over = True
        for process, folder in _running.items():
            _end(process)
            shutil.rmtree(folder, ignore_errors=True)
        _running.clear()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
