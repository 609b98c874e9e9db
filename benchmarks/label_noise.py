"""How many wrong labels are found, of some that are flipped on purpose, compared with cleanlab's list.

``python -m benchmarks.label_noise --data FOLDER [--noise 0.05] [--seeds 5]``; FOLDER has class folders.
For each seed it prints the share of the flipped labels among the first 10% of the pictures, the least
probable label first; the same for cleanlab's ranking of the same out-of-fold probabilities; and the length
of the list that the window shows, with the share found in it. cleanlab is under the AGPL and no part of
Sightline.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.commands.threads import decoding_threads
from desktop_app.core.datasets.examine.doctor import examine
from desktop_app.core.features.extract import cache_file, extractor, features_of
from desktop_app.core.foundation.text import percent
from desktop_app.core.label_mistakes.search import MAX_ODDS, groups_of, judge, odds_of
from desktop_app.core.library.store import Library

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIRST = 0.1


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--noise", type=float, default=0.05, help="share of the labels to flip (0.05)")
    parser.add_argument("--seeds", type=int, default=5, help="number of repetitions (5)")
    options = parser.parse_args()
    report = examine(options.data)
    paths = [example.path for example in report.examples]
    labels = np.array([example.label for example in report.examples], np.int64)
    started = time.perf_counter()
    make = partial(extractor, Library.default())
    features = features_of(
        paths, make_compute=make, cache=cache_file(), make_executor=decoding_threads
    ).vectors
    print(f"{report.sentence}; features in {time.perf_counter() - started:.1f} s")
    groups = groups_of(paths, report.duplicates)
    print("seed  flipped  found in 10%  cleanlab in 10%  listed  found in list  seconds")
    rows = []
    for seed in range(options.seeds):
        random = np.random.default_rng(seed)
        flipped = random.choice(len(labels), round(options.noise * len(labels)), replace=False)
        noisy = labels.copy()
        noisy[flipped] += random.integers(1, len(report.classes), len(flipped))
        rows.append(_measure(features, noisy % len(report.classes), groups, flipped))
        print(f"{seed:>4}  {rows[-1].line}")
    print(f"mean  {_mean(rows).line}")


@dataclass(frozen=True, slots=True)
class _Row:
    """Number of flipped labels, shares of them that are found, length of the list, duration."""

    flipped: float
    found: float
    by_cleanlab: float | None
    listed: float
    found_in_list: float
    seconds: float

    @property
    def line(self) -> str:
        """A line of the table."""
        other = "not installed" if self.by_cleanlab is None else percent(self.by_cleanlab)
        return (
            f"{self.flipped:>7.0f}  {percent(self.found):>12}  {other:>15}  {self.listed:>6.0f}  "
            f"{percent(self.found_in_list):>13}  {self.seconds:>7.2f}"
        )


def _mean(rows: list[_Row]) -> _Row:
    by_cleanlab = [row.by_cleanlab for row in rows if row.by_cleanlab is not None]
    return _Row(
        fmean(row.flipped for row in rows),
        fmean(row.found for row in rows),
        fmean(by_cleanlab) if by_cleanlab else None,
        fmean(row.listed for row in rows),
        fmean(row.found_in_list for row in rows),
        fmean(row.seconds for row in rows),
    )


def _measure(
    features: NDArray[np.float32],
    labels: NDArray[np.int64],
    groups: NDArray[np.int64],
    flipped: NDArray[np.int64],
) -> _Row:
    """Look for flipped labels."""
    started = time.perf_counter()
    predicted = judge(features, labels, groups, int(labels.max()) + 1)
    odds = odds_of(predicted, labels)
    seconds = time.perf_counter() - started
    listed = np.flatnonzero(odds < MAX_ODDS)
    return _Row(
        flipped=len(flipped),
        found=_found(odds, flipped),
        by_cleanlab=_found_by_cleanlab(predicted, labels, flipped),
        listed=len(listed),
        found_in_list=float(np.isin(flipped, listed).mean()),
        seconds=seconds,
    )


def _found(scores: NDArray[np.float64], flipped: NDArray[np.int64]) -> float:
    """Share of the flipped labels among the first, lowest score first."""
    first = np.argsort(scores, kind="stable")[: round(FIRST * len(scores))]
    return float(np.isin(flipped, first).mean())


def _found_by_cleanlab(
    predicted: NDArray[np.float64], labels: NDArray[np.int64], flipped: NDArray[np.int64]
) -> float | None:
    """The same with cleanlab's scores; None when it is not installed."""
    if importlib.util.find_spec("cleanlab") is None:
        return None
    rank = importlib.import_module("cleanlab.rank")
    return _found(rank.get_label_quality_scores(labels, predicted), flipped)


if __name__ == "__main__":
    main()
