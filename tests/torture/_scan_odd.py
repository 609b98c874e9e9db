"""Examines data sets full of odd files, in a process that `datasets` watches; prints a line for each."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from desktop_app.core.datasets.examine.doctor import examine
from desktop_app.core.datasets.splits.split import split_examples
from desktop_app.core.datasets.splits.split_file import read_split, write_split
from desktop_app.core.foundation.cancellation import CancelSource, CancelToken
from tests.core.datasets.odd_files import OddDataset, low_pixel_limit, make_odd_dataset, photo


class Meddler(CancelToken):
    """Asked at every file, it deletes and rewrites files when it is asked for the ``count``-th time."""

    def __init__(self, count: int, victims: list[Path]) -> None:
        super().__init__(CancelSource()._event)
        self._left, self._victims = count, victims

    def check(self) -> None:
        """Meddle, once."""
        self._left -= 1
        if not self._left:
            for number, path in enumerate(self._victims):
                if number % 2:
                    path.write_bytes(b"rewritten in the meantime")
                else:
                    path.unlink()


def check(folder: Path, seed: int) -> tuple[int, int]:
    """Examine a data set three times: while files vanish, then calmly, then from memory.

    Returns:
        Number of good pictures and of bad files.
    """
    made = make_odd_dataset(folder / "data", seed)
    victims = []
    for number in range(4):
        path = made.folder / "dogs" / f"zz victim {number}.jpg"
        path.write_bytes(photo(1_000_000 + 10 * seed + number))
        victims.append(path)
    cache = folder / "scan.sqlite"
    files = sum(1 for _, _, names in os.walk(made.folder) for _ in names)
    examine(made.folder, cache=cache, cancel=Meddler(files + 1 + seed % files, victims))
    for number, path in enumerate(victims):
        if number % 2:
            path.write_bytes(b"rewritten in the meantime")
            made.bad[path] = "rewritten"
        else:
            path.unlink(missing_ok=True)
    _compare(made, cache)
    _compare(made, cache)
    return made.good, len(made.bad)


def _compare(made: OddDataset, cache: Path) -> None:
    report = examine(made.folder, cache=cache)
    listed = [problem.path for problem in report.problems]
    assert len(listed) == len(set(listed)), "a file is listed twice"
    missing, extra = set(made.bad) - set(listed), set(listed) - set(made.bad)
    assert not missing, f"not listed: {[made.bad[path] for path in missing]}"
    assert not extra, f"listed without need: {sorted(map(repr, extra))}"
    assert all(problem.reason.text.endswith(".") for problem in report.problems), "a reason is no sentence"
    assert len(report.examples) == made.good, f"{len(report.examples)} of {made.good} good ones"
    split = split_examples(report, validation=0.2, test=0.2, seed=1)
    assert len(split.rows) == made.good
    file = made.folder.parent / "split.csv"
    write_split(split, file)
    assert read_split(file) == split, "the split changed in its file"


if __name__ == "__main__":
    for text in sys.argv[1:]:
        with low_pixel_limit(), tempfile.TemporaryDirectory(prefix="sightline-odd-") as name:
            good, bad = check(Path(name), int(text))
        print(text, good, bad, flush=True)
