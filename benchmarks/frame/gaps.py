"""Figures of how long the GUI thread was away, from the beats of a timer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.frame.figure import Figure, Goal

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_MS, LONGEST_COLD_MS, P999_MS = 50, 100, 33


def gap_figures(what: str, runs: Sequence[Sequence[float]], *, cold: bool = False) -> list[Figure]:
    """Bound the longest gap of each run, and the 99.9th percentile of all of them together.

    A single run has too few gaps for such a percentile.

    Args:
        what: During which work.
        runs: The milliseconds between each two beats, for each run.
        cold: Whether the files were not in the page cache; the percentile is left out then.
    """
    title = f"GUI thread's longest gap, {what}"
    longest = Figure(
        title,
        unit="ms",
        own=tuple(max(gaps) for gaps in runs),
        goal=Goal(LONGEST_COLD_MS if cold else LONGEST_MS),
        digits=0,
    )
    if cold:
        return [longest]
    together = sorted(gap for gaps in runs for gap in gaps)
    percentile = Figure(
        f"{title}: 99.9th percentile of all runs",
        unit="ms",
        own=(together[int(len(together) * 0.999)],),
        goal=Goal(P999_MS),
        digits=0,
    )
    return [longest, percentile]
