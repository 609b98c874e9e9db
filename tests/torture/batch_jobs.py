"""Promise 4: results are kept, whenever a batch job is killed, and no picture is classified again."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.batch.job.reader import JobReader
from desktop_app.core.batch.job.rows import Status
from desktop_app.core.images.folders import find_pictures
from tests.core.batch.fakes import write_picture

if TYPE_CHECKING:
    from collections.abc import Callable

FULL = 200
PICTURES = 3000
BAD_EVERY = 50
"""One picture in so many cannot be read."""

LONGEST_LIFE = 0.3
"""Seconds after its first sign of life that a process lives at most."""

KILLS_A_JOB = 10
AT_MOST_AGAIN = 12
"""Pictures that a kill may cost: those of one commit and of the current batch."""


def run(count: int) -> str:
    """Kill batch jobs at ``count`` random moments, and resume each until it is done.

    Returns:
        The sentence with the figures.
    """
    dice = random.Random(4)
    kills = jobs = kept = again = 0
    with tempfile.TemporaryDirectory(prefix="sightline-batch-") as name:
        folder = make_pictures(Path(name) / "pictures", PICTURES)
        while kills < count:
            path = Path(name) / f"{jobs}.job"
            left = min(KILLS_A_JOB, count - kills)
            seen: dict[int, int] = {}
            acknowledged = 0
            while True:
                life = dice.uniform(0, LONGEST_LIFE) if left else None
                lines, killed = live([path, folder], life)
                acknowledged = check_life(path, lines, acknowledged)
                for number in (value for word, value in lines if word == "seen"):
                    seen[number] = seen.get(number, 0) + 1
                if not killed:
                    break
                kills += 1
                left -= 1
                kept += acknowledged
            check_end(path, folder)
            repeated = sum(seen.values()) - len(seen)
            assert len(seen) == PICTURES - PICTURES // BAD_EVERY, f"{len(seen)} pictures were classified"
            assert repeated <= AT_MOST_AGAIN * KILLS_A_JOB, f"{repeated} pictures were classified again"
            again += repeated
            jobs += 1
    return (
        f"{kills} kills during {jobs} jobs of {PICTURES:,} pictures: 0 of {kept:,} acknowledged rows lost or "
        "classified again, every picture there exactly once, every integrity check passed; "
        f"{again / kills:.1f} pictures a kill, not yet acknowledged, were classified again."
    )


def make_pictures(folder: Path, count: int) -> Path:
    """Write pictures whose colour is their number; some are empty files."""
    for number in range(count):
        path = folder / f"{number // 500}" / f"{number}.ppm"
        write_picture(path, (number >> 16, number >> 8 & 255, number & 255))
        if number % BAD_EVERY == BAD_EVERY - 1:
            path.write_bytes(b"")
    return folder


def live(words: list, seconds: float | None) -> tuple[list[tuple[str, int]], bool]:
    """Let a process work for a while and kill it; returns what it reported, and whether it was killed."""
    command = [sys.executable, "-m", "tests.torture._batch_child", *map(str, words)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    first = process.stdout.readline()
    try:
        # Read meanwhile: a full pipe would stop it.
        rest = process.communicate(timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        rest = process.communicate()[0]
    assert process.returncode in {0, -9}, f"the job's process ended by itself: {process.returncode}"
    lines = [line.split() for line in f"{first}{rest}".splitlines(keepends=True) if line.endswith("\n")]
    return [(word, int(value)) for word, value in lines], process.returncode == -9


def live_until(words: list, reached: Callable[[str, int], bool]) -> int:
    """Let a process work until it reports something, and kill it then; returns the reported value."""
    command = [sys.executable, "-m", "tests.torture._batch_child", *map(str, words)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            word, value = line.split()
            if reached(word, int(value)):
                process.kill()
                return int(value)
    raise AssertionError("the job ended before it could be killed")


def check_life(path: Path, lines: list[tuple[str, int]], acknowledged: int) -> int:
    """What was acknowledged before is still there, and the file is sound.

    Returns:
        Rows acknowledged by now.
    """
    reported = [value for word, value in lines if word in {"start", "kept"}]
    assert not reported or reported[0] >= acknowledged, (
        f"{acknowledged} rows were acknowledged, {reported[0]} found"
    )
    again = [value for word, value in lines if word == "seen" and value < reported[0]]
    assert not again, f"acknowledged pictures were classified again: {again[:10]}"
    acknowledged = max([acknowledged, *reported])
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "the file is damaged"
    connection.close()
    if reported:
        with JobReader(path) as reader:
            counts = reader.counts()
        assert counts.done + counts.failed >= acknowledged, "acknowledged rows were lost"
    return acknowledged


def check_end(path: Path, folder: Path) -> None:
    """Every picture is there once, in the order found, with its prediction."""
    with JobReader(path) as reader:
        rows = list(reader.select())
        assert reader.state == "finished", reader.state
    assert [row.path for row in rows] == list(find_pictures(folder)), "pictures are missing or doubled"
    for row in rows:
        bad = int(row.path.stem) % BAD_EVERY == BAD_EVERY - 1
        assert row.status is (Status.FAILED if bad else Status.DONE), f"{row.path}: {row.status}"
