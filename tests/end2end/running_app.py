"""One run of the real ``sightline``."""

from __future__ import annotations

import subprocess
import sysconfig
import time
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.installation.logging_setup import LOG_FILE

if TYPE_CHECKING:
    from collections.abc import Callable

COMMAND = Path(sysconfig.get_path("scripts")) / "sightline"
PATIENCE = 180
"""Seconds for a start with TensorFlow on a machine that is busy with other things."""


class RunningApp:
    """A process of the installed command, whose terminal is a file.

    Attributes:
        home: Its `SIGHTLINE_HOME`.
        log: Its log file.
        terminal: What it wrote to its terminal.
        process: The process itself.
        opened_after: Seconds from its start to its window, where that was waited for: shows how busy the
            machine is.
    """

    def __init__(self, words: tuple[object, ...], home: Path, environment: dict[str, str]) -> None:
        self.home = home
        self.opened_after = 0.0
        self.log = home / "logs" / LOG_FILE
        self._earlier = len(self.logged())
        home.parent.mkdir(parents=True, exist_ok=True)
        run = len(list(home.parent.glob("terminal-*.txt"))) + 1
        self.terminal = home.parent / f"terminal-{run}.txt"
        with self.terminal.open("wb") as terminal:
            self.process = subprocess.Popen(
                [COMMAND, *map(str, words)],
                stdin=subprocess.DEVNULL,
                stdout=terminal,
                stderr=terminal,
                cwd=home.parent,
                env=environment,
            )

    def said(self) -> str:
        """Everything that it wrote to its terminal."""
        return self.terminal.read_text(encoding="utf-8", errors="replace")

    def logged(self) -> str:
        """Its log, together with that of earlier runs in the same home."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def wait_for_log(self, text: str) -> None:
        """Wait until the log holds a text from this run, not from earlier ones."""
        self.wait_until(lambda: text in self.logged()[self._earlier :], f"'{text}' in the log")

    def wait_until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for something that the process brings about; it has failed when it ends before."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"{what}: waited in vain"
            assert not self._ends_within(0.05), f"{what}: ended with status {self.process.returncode} before"

    def wait_for_end(self, seconds: float = PATIENCE) -> int:
        """Wait for the exit status.

        Raises:
            subprocess.TimeoutExpired: It still runs.
        """
        return self.process.wait(seconds)

    def kill(self) -> None:
        """End it as ``kill -9`` and a power cut do; harmless when it has ended."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def _ends_within(self, seconds: float) -> bool:
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True
