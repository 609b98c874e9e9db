"""Promise 5, its first half: one bad file never ends the examination of a data set."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

FULL = 200
HANG_SECONDS = 60.0
AT_ONCE = 10
PROJECT = Path(__file__).resolve().parents[2]


def run(count: int) -> str:
    """Examine ``count`` data sets full of odd files, with files that vanish and change meanwhile.

    Returns:
        The sentence with the figures.
    """
    assert os.name == "posix", "pipes and names of bytes exist only on POSIX"
    started = time.monotonic()
    good, bad = run_watched("tests.torture._scan_odd", count)
    each = (time.monotonic() - started) / count
    return (
        f"{count} data sets with {bad // count} bad files each: 0 aborts, 0 hangs, all {bad:,} listed with "
        f"their reason, all {good:,} good pictures kept; {each:.1f} s each for three examinations."
    )


def run_watched(module: str, count: int) -> tuple[int, int]:
    """Have processes go through ``count`` data sets, and see to it that they do.

    Args:
        module: Gets numbers of data sets, and prints each with the number of good pictures and of bad files.
        count: The number of data sets.

    Returns:
        All good pictures and all bad files.
    """
    good = bad = 0
    for first in range(0, count, AT_ONCE):
        numbers = [str(number) for number in range(first, min(first + AT_ONCE, count))]
        try:
            done = subprocess.run(
                [sys.executable, "-m", module, *numbers],
                cwd=PROJECT,
                capture_output=True,
                text=True,
                timeout=HANG_SECONDS * len(numbers),
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise AssertionError(f"no end after {error.timeout:.0f} s; got to {error.stdout!r}") from error
        rows = [line.split() for line in done.stdout.splitlines()]
        assert done.returncode == 0, f"ended with {done.returncode}: {done.stderr[-2000:]}"
        assert not done.stderr, f"the terminal got: {done.stderr[:500]}"
        assert len(rows) == len(numbers), f"only {len(rows)} of {len(numbers)} data sets were done"
        good += sum(int(row[1]) for row in rows)
        bad += sum(int(row[2]) for row in rows)
    return good, bad
