"""Promise 16: any moment will do: nothing goes wrong when everything is pressed in the first second."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.cli import PANES
from desktop_app.core.foundation import paths
from desktop_app.core.installation.logging_setup import LOG_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

FULL = 200
BUSY_LOOPS = 8

_NOBODY = "http://127.0.0.1:9/"
"""An address of this computer where nothing answers, in place of those of the internet."""
_FAULTS = ("Traceback", "unexpected", "CRITICAL", "partially initialized")
_PATIENCE = 600


def run(count: int, busy_loops: int = BUSY_LOOPS) -> str:
    """Start the app ``count`` times beside busy loops, and press every button of every pane at once.

    Each pane comes first in turn. Every other start has pictures to classify.

    Returns:
        The sentence with the figures.
    """
    pressed = early = 0
    latest = []
    for seed in range(count):
        with tempfile.TemporaryDirectory(prefix="sightline-buttons-") as folder:
            told = _one_start(Path(folder), seed, busy_loops)
        pressed += told["pressed"]
        early += told["in_the_first_second"]
        latest.append(told["last"])
    return (
        f"{count} starts beside {busy_loops} busy loops, {pressed} presses ({early} in the first second, the "
        f"last after {sorted(latest)[count // 2]:.1f} s in the median of the starts): 0 errors."
    )


@contextlib.contextmanager
def _busy(count: int) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            process = subprocess.Popen([sys.executable, "-S", "-c", "while True: pass"])
            stack.enter_context(process)
            stack.callback(process.kill)
        yield


@contextlib.contextmanager
def _watched(process: subprocess.Popen[str]) -> Iterator[None]:
    """Kill it when it hangs, and do not leave before it has ended."""
    timer = threading.Timer(_PATIENCE, process.kill)
    timer.start()
    try:
        yield
        process.wait()
    finally:
        timer.cancel()
        timer.join()
        process.kill()


def _one_start(folder: Path, seed: int, busy_loops: int) -> dict[str, Any]:
    """Start it in an empty home; return how many buttons were pressed, and when.

    The busy loops end when all is pressed.
    """
    home = folder / "sightline"
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()} | {
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(folder),
        "USERPROFILE": str(folder),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "SIGHTLINE_HOME": str(home),
        "SIGHTLINE_WEIGHTS_URL": _NOBODY,
        "SIGHTLINE_UPDATES_URL": _NOBODY,
    }
    words = ["--pane", PANES[seed % len(PANES)]]
    if seed % 2:
        words.append(str(paths.resources() / "samples"))
    command = [sys.executable, "-m", "tests.torture._press_buttons", str(seed), *words]
    terminal = folder / "terminal"
    with (
        terminal.open("wb") as errors,
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
        _watched(process),
    ):
        assert process.stdout is not None
        with _busy(busy_loops):
            lines = [process.stdout.readline()]
        lines += process.stdout.readlines()
    log = home / "logs" / LOG_FILE
    everything = "".join(path.read_text(encoding="utf-8") for path in (terminal, log) if path.exists())
    assert process.returncode == 0, f"start {seed} ended with {process.returncode}: {everything}"
    faults = [word for word in _FAULTS if word in everything]
    assert not faults, f"start {seed}: {everything}"
    told: dict[str, Any] = {name: fact for line in lines for name, fact in json.loads(line).items()}
    assert not told["reports"], f"start {seed}: {told['reports']}"
    assert not told["strays"], f"start {seed} imported beside the loader: {told['strays']}"
    assert told["quiet"], f"start {seed} did not come to rest: {everything}"
    return told
