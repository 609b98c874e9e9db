"""The groups that a rule makes of the pictures of a data set."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.datasets.groups.subfolders import folders_above, subfolders_of
from desktop_app.core.datasets.groups.table_columns import values_of
from desktop_app.core.datasets.groups.times import bursts, time_taken
from desktop_app.core.foundation.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop_app.core.datasets.answers import GroupRule


@dataclass(frozen=True, slots=True)
class Grouping:
    """Groups of pictures.

    Attributes:
        roots: Index of the first picture of the group of each picture, int64 ``(N,)``; its own for one that
            the rule puts into no group.
        alone: Number of pictures that the rule puts into no group.
    """

    roots: NDArray[np.int64]
    alone: int

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Number of pictures of each group of two or more, int64 ``(G,)``."""
        sizes = np.unique(self.roots, return_counts=True)[1]
        return np.asarray(sizes[sizes > 1])

    @property
    def words(self) -> str:
        """The number of groups and their sizes: "40 groups, 3 to 12 pictures each"."""
        sizes = self.sizes
        if not len(sizes):
            return "no groups"
        low, high = int(sizes.min()), int(sizes.max())
        span = f"{low:,}" if low == high else f"{low:,} to {high:,}"
        return f"{counted(len(sizes), 'group')}, {span} pictures each"


def groups_of(
    paths: Sequence[Path],
    class_folders: Sequence[Path],
    folder: Path,
    rule: GroupRule,
    check: Callable[[], None] = lambda: None,
) -> Grouping:
    """Group pictures, across classes and subsets: a name that repeats there is the same group.

    Upper and lower case, and the ways to write an accent, are the same.

    Args:
        paths: Paths of all pictures, ``N`` of them.
        class_folders: Folders that stand for a class.
        folder: Data folder.
        rule: Rule for what belongs together.
        check: Callback at every file that is opened; what it raises ends the work.
    """
    match rule.kind:
        case "folder" | "above":
            around = subfolders_of if rule.kind == "folder" else folders_above
            inside = around(paths, class_folders, folder)
            known: dict[tuple[str, ...], str] = {}
            keys = [
                known.setdefault(folders, _plain("/".join(folders[: rule.level])))
                if len(folders) >= rule.level
                else ""
                for folders in inside
            ]
            return _by_key(keys)
        case "name":
            pattern = re.compile(rule.pattern)
            return _by_key([_match(pattern, path.name) for path in paths])
        case "time":
            times = []
            for path in paths:
                check()
                times.append(time_taken(path))
            return Grouping(bursts(times, rule.seconds), sum(time is None for time in times))
        case "column":
            return _by_key(
                [_plain(value) for value in values_of(paths, class_folders, folder, rule.column, check)]
            )
        case _:
            return Grouping(np.arange(len(paths)), len(paths))


def _by_key(keys: Sequence[str]) -> Grouping:
    """Number pictures with the same key alike; an empty key is no group."""
    first: dict[str, int] = {}
    roots = [first.setdefault(key, number) if key else number for number, key in enumerate(keys)]
    return Grouping(np.array(roots, np.int64), sum(not key for key in keys))


def _match(pattern: re.Pattern[str], name: str) -> str:
    found = pattern.search(name)
    if found is None:
        return ""
    return _plain((found.group(1) if found.re.groups else found.group()) or "")


def _plain(name: str) -> str:
    return name.casefold() if name.isascii() else unicodedata.normalize("NFC", name).casefold()
