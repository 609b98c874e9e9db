"""The classes that folders give to pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop_app.core.datasets.annotations.label_source import LabelSource
    from desktop_app.core.datasets.layout.layout import Layout

NO_CLASS = -1


def classes_by_folders(layout: Layout, pictures: Sequence[Path]) -> NDArray[np.int32]:
    """Find the class of each picture by its folders.

    Args:
        layout: The classes and their folders.
        pictures: Pictures anywhere.

    Returns:
        Indices of `Layout.classes`, or -1, int32 ``(N,)``.
    """
    known: dict[Path, int] = {entry.path: entry.label for entry in layout.folders}
    found = np.full(len(pictures), NO_CLASS, np.int32)
    for number, path in enumerate(pictures):
        folder = path.parent
        way = []
        while folder not in known and folder not in (layout.folder, folder.parent):
            way.append(folder)
            folder = folder.parent
        label = known.get(folder, NO_CLASS)
        known.update(dict.fromkeys(way, label))
        found[number] = label
    return found


def same_partition(one: NDArray[np.int32], other: NDArray[np.int32]) -> bool:
    """Whether two ways to number pictures tell the same ones apart.

    Args:
        one: Numbers, int32 ``(N,)``.
        other: Numbers, int32 ``(N,)``.
    """
    pairs = np.unique(np.stack([one, other]), axis=1)
    return all(len(np.unique(side)) == len(side) for side in pairs)


def agreement(source: LabelSource, classes: Sequence[str], folders: NDArray[np.int32]) -> float:
    """Share of the pictures with both whose label is the name of their folder's class.

    Args:
        source: Labels of a file.
        classes: Names of the folders' classes.
        folders: Class of each picture by its folders, or -1.
    """
    both = (source.labels >= 0) & (folders >= 0)
    if not both.any():
        return 0.0
    number = {name: index for index, name in enumerate(classes)}
    same = np.array([number.get(name, NO_CLASS - 1) for name in source.names], np.int32)
    return float((same[source.labels[both]] == folders[both]).mean())
