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
        address: The scheduler's address.
        scheduler: Its process.
    """

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._environment = environment
        self._open = ExitStack()
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0")
        self.address = _wait_for(self.scheduler, "Scheduler at:").split()[-1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()

    def start_workers(self, count: int) -> list[subprocess.Popen]:
        """Start workers with one thread each, all at a time, and wait until the scheduler knows them."""
        words = ("--nthreads", "1", "--no-nanny", "--local-directory", str(self._folder))
        workers = [self._start("worker", self.address, *words) for _ in range(count)]
        for worker in workers:
            _wait_for(worker, "Starting established connection")
        return workers

    def _start(self, *words: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "dask", *words, "--no-dashboard"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=self._environment)
        self._open.callback(_end, process)
        return process


def _wait_for(process: subprocess.Popen, words: str) -> str:
    """Wait for a line that a process prints."""
    lines = []
    for line in process.stderr:
        lines.append(line)
        if words in line:
            return line.strip()
    raise AssertionError(f"{process.args} ended: {''.join(lines)}")


def _end(process: subprocess.Popen) -> None:
    process.kill()
    process.communicate()
