"""Running a step of an export in a process of its own, and listening to it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.export import asking
from desktop_app.core.foundation.children import child
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.foundation.text import printable
from desktop_app.core.installation.own_command import own_command

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.core.export.conversion.formats import Engine
    from desktop_app.core.foundation.cancellation import CancelToken

_SILENT_SECONDS = 1800.0
"""The longest time between two words: converting VGG19 takes a minute, and there are slower computers."""

_TURN_SECONDS = 0.05
_FLAGS = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Windows alone would open a terminal for it."""
_SHOWN = 300
"""Characters of a process's last output that a sentence has room for."""
_KILLED = {-9, 137}

_SURROUNDINGS = {
    "CUDA_VISIBLE_DEVICES": "-1",  # a GPU rounds in its own way
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "KERAS_BACKEND": "tensorflow",
    "ORT_DISABLE_TELEMETRY": "1",
}


class ProcessFailed(ModelError):
    """A process ended with another status than 0, or fell silent."""


def run_process(
    command: list[str], folder: Path, cancel: CancelToken, on_line: Callable[[str], None] = lambda _line: None
) -> str:
    """Run a process until it ends; it ends with this call at the latest.

    Args:
        command: What to start.
        folder: Folder for what it says.
        cancel: Token, looked at many times a second.
        on_line: Callback for each line that it prints.

    Returns:
        The last line that it printed.

    Raises:
        Cancelled: The user cancelled.
        ProcessFailed: It ended with another status than 0, fell silent or cannot be started.
    """
    output, errors = folder / "output.txt", folder / "errors.txt"
    surroundings = os.environ | _SURROUNDINGS | {"KERAS_HOME": str(folder)}  # else it writes into the home
    options = {"stdin": subprocess.DEVNULL, "creationflags": _FLAGS, "env": surroundings}
    lines, heard_at = "", time.monotonic()
    try:
        with (
            output.open("wb") as said,
            errors.open("wb") as complained,
            child(command, folder, stdout=said, stderr=complained, **options) as process,
        ):
            ended = False
            while not ended:
                cancel.wait(_TURN_SECONDS)
                cancel.check()
                ended = process.poll() is not None  # before reading: what it said last counts too
                before, lines = lines, _whole_lines(output)
                if lines != before:
                    heard_at = time.monotonic()
                    for line in lines[len(before) :].splitlines():
                        on_line(line)
                elif time.monotonic() - heard_at > _SILENT_SECONDS:
                    raise ProcessFailed(f"The process said nothing for {_SILENT_SECONDS / 60:.0f} minutes.")
    except OSError as error:
        raise ProcessFailed(f"No process could be started: {error.strerror or error}.") from error
    last = next(iter(lines.splitlines()[-1:]), "")
    if process.returncode in _KILLED:
        raise ProcessFailed(
            "The system ended the process, probably for want of memory.", "Close other programs."
        )
    if process.returncode:
        text = f"{errors.read_text(encoding='utf-8', errors='replace')} {lines}"
        said_last = printable(" ".join(text.split())[-_SHOWN:])
        raise ProcessFailed(f"The process ended with status {process.returncode} and said: {said_last}")
    return last


def asking_command(engine: Engine, model: Path, pictures: Path, answers: Path) -> list[str]:
    """Make the command that runs `asking`: by Python alone, or by the packaged app, which has no other."""
    files = (str(pictures), str(answers))
    if getattr(sys, "frozen", False):
        return own_command("models", "export", engine, str(model), "--ask", *files)
    return [sys.executable, "-I", str(Path(asking.__file__)), engine, str(model), *files]


def _whole_lines(path: Path) -> str:
    text = path.read_text(encoding="utf-8", errors="replace")
    return text[: text.rfind("\n") + 1]
