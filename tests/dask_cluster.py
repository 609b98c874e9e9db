"""A scheduler of Dask and its workers, as processes on this computer."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path


class DaskCluster:
    """Starts a scheduler and workers that have the models of ``home``; a context manager.

    Attributes:
        address: Of the scheduler.
        scheduler: Its process.
    """

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._environment = environment
        self._open = ExitStack()
        self.scheduler, line = self._start(
            "scheduler", "--host", "127.0.0.1", "--port", "0", until="Scheduler at:"
        )
        self.address = line.split()[-1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()

    def start_worker(self) -> subprocess.Popen:
        """Start one worker with one thread, and wait until the scheduler knows it."""
        words = ("--nthreads", "1", "--no-nanny", "--local-directory", str(self._folder))
        return self._start("worker", self.address, *words, until="Starting established connection")[0]

    def _start(self, *words: str, until: str) -> tuple[subprocess.Popen, str]:
        command = [sys.executable, "-m", "dask", *words, "--no-dashboard"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=self._environment)
        self._open.callback(_end, process)
        lines = []
        for line in process.stderr:
            lines.append(line)
            if until in line:
                return process, line.strip()
        raise AssertionError(f"dask {words[0]} ended: {''.join(lines)}")


def _end(process: subprocess.Popen) -> None:
    process.kill()
    process.communicate()
