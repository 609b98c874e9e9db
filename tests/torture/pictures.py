"""Promise 6: pictures cannot crash it. Damaged files of every format are decoded in watched processes."""

from __future__ import annotations

import itertools
import os
import selectors
import subprocess
import sys
from collections import Counter
from pathlib import Path

FULL = 100_000
MAX_SECONDS = 5.0
MAX_BYTES = 1024**3
HANG_SECONDS = 60.0
PROJECT = Path(__file__).resolve().parents[2]


class Shard:
    """A range of numbers, and the process that works on them; a new process takes over when one dies."""

    def __init__(self, first: int, end: int) -> None:
        self.current, self.end = first, end
        self.problems: list[str] = []
        self.outcomes: Counter[str] = Counter()
        self.slowest = self.largest = 0.0
        self._start()

    def _start(self) -> None:
        command = [sys.executable, "-m", "tests.torture._picture_worker", str(self.current), str(self.end)]
        self.process = subprocess.Popen(
            command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def read_line(self) -> bool:
        """Take in one line; False when all is done."""
        line = self.process.stdout.readline()
        if not line:
            return self._ended()
        number, seconds, *rest = line.split(maxsplit=3)
        self.current = int(number)
        if seconds == "begins":
            return True
        self.current += 1
        self._judge(number, float(seconds), int(rest[0]), rest[1].strip())
        return True

    def _judge(self, number: str, seconds: float, extra: int, outcome: str) -> None:
        self.outcomes[outcome] += 1
        self.slowest, self.largest = max(self.slowest, seconds), max(self.largest, extra)
        if outcome not in {"ok", "refused"}:
            self.problems.append(f"{number}: {outcome}")
        if seconds > MAX_SECONDS or extra > MAX_BYTES:
            self.problems.append(f"{number}: {seconds:.1f} s, {extra / 2**20:.0f} MiB")

    def _ended(self) -> bool:
        status = self.process.wait()
        said = self.process.stderr.read().strip()
        self.close()
        if self.current >= self.end:
            if said:
                self.problems.append(f"the terminal got: {said[:500]}")
            return False
        self.problems.append(f"{self.current}: the process ended with status {status}: {said[-500:]}")
        return self._restart()

    def hung(self) -> bool:
        """Give up on the current picture; False when it was the last."""
        self.process.kill()
        self.process.wait()
        self.close()
        self.problems.append(f"{self.current}: no end after {HANG_SECONDS:.0f} s")
        return self._restart()

    def _restart(self) -> bool:
        self.current += 1
        if self.current < self.end:
            self._start()
        return self.current < self.end

    def close(self) -> None:
        self.process.stdout.close()
        self.process.stderr.close()


def run(count: int) -> str:
    """Decode ``count`` damaged pictures made from the seeds 0 to ``count`` - 1.

    Returns:
        The sentence with the figures.
    """
    workers = min(os.cpu_count() or 1, 8, max(1, count // 100))
    edges = [count * index // workers for index in range(workers + 1)]
    shards = [Shard(first, end) for first, end in itertools.pairwise(edges)]
    with selectors.DefaultSelector() as selector:
        for shard in shards:
            selector.register(shard.process.stdout, selectors.EVENT_READ, shard)
        while selector.get_map():
            ready = [key.data for key, _events in selector.select(HANG_SECONDS)]
            for shard in ready or [key.data for key in selector.get_map().values()]:
                pipe = shard.process.stdout
                selector.unregister(pipe)
                if shard.read_line() if ready else shard.hung():
                    selector.register(shard.process.stdout, selectors.EVENT_READ, shard)
    return _report(count, shards)


def _report(count: int, shards: list[Shard]) -> str:
    problems = [problem for shard in shards for problem in shard.problems]
    outcomes = sum((shard.outcomes for shard in shards), Counter())
    assert not problems, f"{len(problems)} of {count}: " + "; ".join(problems[:10])
    assert outcomes.total() == count, f"only {outcomes.total()} of {count} were decoded"
    slowest, largest = max(shard.slowest for shard in shards), max(shard.largest for shard in shards)
    return (
        f"{count} damaged pictures: {outcomes['ok']} opened, {outcomes['refused']} refused with a reason, "
        f"0 crashes, 0 hangs; at most {slowest:.2f} s and {largest / 2**20:.0f} MiB extra."
    )
