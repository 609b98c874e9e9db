"""The folders between a class folder and its pictures."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import TYPE_CHECKING

from desktop_app.core.datasets.layout.part_names import part_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


def subfolders_of(
    paths: Iterable[Path], class_folders: Sequence[Path], folder: Path
) -> list[tuple[str, ...]]:
    """Name the folders that each picture is in, from the one below its class on; none for one in the class.

    Args:
        paths: Paths of pictures.
        class_folders: Folders that stand for a class.
        folder: Data folder. Pictures outside all class folders, whose labels come from a file, count from it,
            or from the subset in it.
    """
    roots = {os.fspath(path): len(os.fspath(path)) for path in (*class_folders, folder)}
    base = os.fspath(folder)
    known: dict[str, tuple[str, ...]] = {}
    return [_below(os.path.dirname(os.fspath(path)), roots, base, known) for path in paths]  # noqa: PTH120


def _below(
    parent: str, roots: dict[str, int], base: str, known: dict[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """The folders below the nearest root; pictures of one folder share the answer."""
    found = known.get(parent)
    if found is None:
        root = parent
        while root not in roots:
            above = os.path.dirname(root)  # noqa: PTH120
            if above == root:
                break
            root = above
        inside = parent[len(root) :].strip(os.sep)
        found = PurePath(inside).parts
        if root == base and found and part_of(found[0]) is not None:
            found = found[1:]
        known[parent] = found
    return found
