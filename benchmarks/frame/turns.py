"""Taking turns, so that what else happens on a machine hits all ways of doing something alike."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Sample = TypeVar("Sample")


def take_turns(
    ways: Mapping[str, Callable[[], Sample]], rounds: int, warm_ups: int = 1
) -> dict[str, list[Sample]]:
    """Call every way once a round, forwards and backwards by turns.

    Args:
        ways: By name; each returns its sample.
        rounds: The number of rounds that count.
        warm_ups: Rounds before them, whose samples are discarded: they compile, and fill the page cache.

    Returns:
        For each way its samples, in the order of the rounds.
    """
    samples: dict[str, list[Sample]] = {name: [] for name in ways}
    for number in range(-warm_ups, rounds):
        for name in list(ways)[:: -1 if number % 2 else 1]:
            sample = ways[name]()
            if number >= 0:
                samples[name].append(sample)
            _tell(f"{name}: round {number + 1} of {rounds}" if number >= 0 else f"{name}: warm-up")
    _tell("")
    return samples


def seconds(work: Callable[[], object]) -> float:
    """How long some work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _tell(progress: str) -> None:
    """Replace the last line of a terminal."""
    if sys.stderr.isatty():
        print(f"\r{progress}\x1b[K", end="", file=sys.stderr, flush=True)
