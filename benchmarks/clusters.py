"""Measures the groups of "Sort my photos" on pictures whose classes are known.

``python -m benchmarks.clusters --data FOLDER [--most N]``: every folder that contains pictures is a class,
such as ``cats`` in ``train/cats`` and ``test/cats``. Prints the share of pictures that are of their group's
commonest class (purity), how many groups there are, how many pictures are in none, and the seconds of
grouping alone, of computing the features, and of comparing one picture with 100,000 made-up ones.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from functools import partial
from pathlib import Path

import numpy as np

from desktop_app.commands.threads import decoding_threads
from desktop_app.core.features.clusters import group_rows
from desktop_app.core.features.extract import cache_file, extractor, features_of
from desktop_app.core.features.neighbours import nearest
from desktop_app.core.images.folders import find_pictures
from desktop_app.core.library.store import Library

COMPARED = 100_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--most", type=int, metavar="N", help="so many pictures, chosen at random")
    options = parser.parse_args()
    paths = list(find_pictures(options.data))
    if options.most is not None and options.most < len(paths):
        chosen = np.random.default_rng(0).permutation(len(paths))[: options.most]
        paths = [paths[place] for place in sorted(chosen.tolist())]
    started = time.perf_counter()
    features = features_of(
        paths,
        make_compute=partial(extractor, Library.default()),
        cache=cache_file(),
        make_executor=decoding_threads,
    ).usable()
    looked = time.perf_counter() - started
    started = time.perf_counter()
    found = group_rows(features.vectors)
    grouped = time.perf_counter() - started
    names = [path.parent.name for path in features.paths]
    most = sum(Counter(names[row] for row in rows).most_common(1)[0][1] for rows in found.groups)
    held = sum(map(len, found.groups))
    print(f"{len(names)} pictures, {len(set(names))} classes; features in {looked:.1f} s")
    print(f"purity {most / max(held, 1):.3f}, {len(found.groups)} groups, {len(found.rest)} in none")
    print(f"grouped in {grouped:.2f} s; {COMPARED:,} compared in {_seconds_of_comparing():.2f} s")


def _seconds_of_comparing() -> float:
    vectors = np.random.default_rng(0).standard_normal((COMPARED, 1280), np.float32)
    started = time.perf_counter()
    nearest(vectors[0], vectors, 100)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
