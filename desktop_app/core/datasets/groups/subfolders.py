"""The folders around the class folders: those between a class and its pictures, and those above it."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import TYPE_CHECKING

from desktop_app.core.datasets.layout.part_names import guess_part

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

Names = tuple[str, ...]


def subfolders_of(paths: Iterable[Path], class_folders: Sequence[Path], folder: Path) -> list[Names]:
    """Name the folders that each picture is in, from the one below its class on; none for one in the class.

    Args:
        paths: Paths of pictures.
        class_folders: Folders that stand for a class.
        folder: Data folder. Pictures outside all class folders, whose labels come from a file, count from it,
            or from the subset in it.
    """
    return [below for _above, below in _around(paths, class_folders, folder)]


def folders_above(paths: Iterable[Path], class_folders: Sequence[Path], folder: Path) -> list[Names]:
    """Name the folders between the data folder and the class of each picture, without those of subsets."""
    return [above for above, _below in _around(paths, class_folders, folder)]


def _around(paths: Iterable[Path], class_folders: Sequence[Path], folder: Path) -> list[tuple[Names, Names]]:
    base = os.fspath(folder)
    roots = {base, *map(os.fspath, class_folders)}
    known: dict[str, tuple[Names, Names]] = {}  # pictures of one folder share the answer
    found = []
    for path in paths:
        parent = os.path.dirname(os.fspath(path))  # noqa: PTH120
        if parent not in known:
            known[parent] = _of(parent, roots, base)
        found.append(known[parent])
    return found


def _of(parent: str, roots: set[str], base: str) -> tuple[Names, Names]:
    """The folders above the nearest root, and those below it."""
    root = parent
    while root not in roots:
        upper = os.path.dirname(root)  # noqa: PTH120
        if upper == root:
            break
        root = upper
    below = PurePath(parent[len(root) :].strip(os.sep)).parts
    if root == base:
        return (), below[1:] if below and _is_subset(below[0]) else below
    upper = os.path.dirname(root)  # noqa: PTH120
    above = PurePath(upper[len(base) :].strip(os.sep)).parts if upper.startswith(base) else ()
    return tuple(name for name in above if not _is_subset(name)), below


def _is_subset(name: str) -> bool:
    """Whether a folder's name alone says that it is a subset, such as ``train`` and ``Test_Set``."""
    guess = guess_part(name)
    return guess.role is not None and guess.kind != "weak"
