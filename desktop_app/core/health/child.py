"""Sightline started once more by its self-test: watched, limited in time, never left behind."""

from __future__ import annotations

import os
import re
import subprocess
import time
from typing import TYPE_CHECKING, Self

from desktop_app.core.health.checks import CheckFailed
from desktop_app.core.installation.own_command import own_command

if TYPE_CHECKING:
    from pathlib import Path

LIMIT_SECONDS = 240.0
"""Time for all that a process does; a cold start of TensorFlow on a slow disk takes up to a minute."""
_TURN_SECONDS = 0.05
_FLAGS = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Windows alone would open a terminal for it."""
_SHOWN = 300
"""Characters of a process's last output that a sentence has room for."""


class Child:
    """A process of this app; its output goes to a file, so that nothing has to read it meanwhile.

    A context manager: the process ends with its block.
    """

    def __init__(self, *words: str, output: Path, limit: float = LIMIT_SECONDS, **environment: str) -> None:
        """Start nothing yet.

        Args:
            words: Arguments of its command line.
            output: File for its output.
            limit: Seconds after which it must have ended.
            environment: Environment variables that it gets besides this process's own.
        """
        self._words = words
        self._output = output
        self._limit = limit
        self._environment = environment

    def __enter__(self) -> Self:
        self._deadline = time.monotonic() + self._limit
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 - this app itself
                own_command(*self._words),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=os.environ | self._environment,
                creationflags=_FLAGS,
            )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def wait_for(self, pattern: str) -> str:
        """Wait until it says something.

        Args:
            pattern: A regular expression.

        Returns:
            What matched.

        Raises:
            CheckFailed: It ended, or said nothing like that within its time.
        """
        while True:
            ended = self._process.poll() is not None
            if found := re.search(pattern, self._said()):
                return found[0]
            if ended:
                raise self._failed(f"ended at once with status {self._process.returncode}")
            self.pause()

    def wait(self) -> None:
        """Wait until it ends.

        Raises:
            CheckFailed: It failed, or did not end within its time.
        """
        while self._process.poll() is None:
            self.pause()
        if self._process.returncode:
            raise self._failed(f"ended with status {self._process.returncode}")

    def stop(self) -> None:
        """Ask it to end as the system does when a user logs out, and wait until it has ended.

        Raises:
            CheckFailed: It failed, or did not end within its time.
        """
        self._process.terminate()
        if os.name == "nt":
            self._process.wait()  # where asking is ending
        else:
            self.wait()

    def pause(self, seconds: float = _TURN_SECONDS) -> None:
        """Wait a moment.

        Raises:
            CheckFailed: Its time is over.
        """
        if time.monotonic() > self._deadline:
            raise self._failed(f"was not done within {self._limit:.0f} seconds")
        time.sleep(seconds)  # another process, which can only be asked again

    def _said(self) -> str:
        return self._output.read_text(encoding="utf-8", errors="replace")

    def _failed(self, how: str) -> CheckFailed:
        last = " ".join(self._said().split())[-_SHOWN:]
        return CheckFailed(
            f"'sightline {self._words[0]}' {how}{f' and said: {last}' if last else '.'}",
            "If what it said does not help, reinstall Sightline.",
        )
