"""The subsets of the pictures in class folders, where files beside them list those."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.datasets.annotations.labels_of_pictures import NO_PART
from desktop_app.core.datasets.labeling.class_folders import classes_by_folders
from desktop_app.core.datasets.layout.advice import some
from desktop_app.core.datasets.report import PART_NAMES, PARTS
from desktop_app.core.foundation.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from desktop_app.core.datasets.annotations.label_file import LabelFile
    from desktop_app.core.datasets.labeling.surroundings import Surroundings
    from desktop_app.core.datasets.layout.layout import Layout

_TRAIN = PARTS.index("train")
_ENOUGH = 0.5
"""Share of the pictures that lists must have, at most where those to train on are not listed; and of their
lines that must name pictures."""

_SPLIT_NAMES = ("train_test_split", "train_val_split", "train_test", "splits", "split")


def with_listed_parts(layout: Layout, around: Surroundings) -> Layout:
    """Split the pictures of class folders as files beside them say, such as train.txt and test.txt.

    Folders that are subsets themselves go first. Pictures in no list are for training, as are those of data
    sets that only list the others.

    Args:
        layout: The class folders.
        around: The files.
    """
    if layout.parts or not layout.folders:
        return layout
    inside = classes_by_folders(layout, around.index.pictures) >= 0
    lists = [(file, parts) for file in around.files if (parts := _parts_in(file, inside)) is not None]
    if not lists:
        return _saying_unread(layout, around)
    parts = np.full(len(inside), NO_PART, np.int8)
    for _file, own in lists:
        if ((parts != NO_PART) & (own != NO_PART) & (parts != own)).any():
            return _warning(
                layout, f"{_names(lists)} put the same pictures into different subsets: not used."
            )
        parts = np.where(own != NO_PART, own, parts)
    total, listed = int(inside.sum()), int((parts != NO_PART).sum())
    trained = bool((parts == _TRAIN).any())
    if listed == int((parts == _TRAIN).sum()) or (
        listed < _ENOUGH * total if trained else listed > _ENOUGH * total
    ):
        return layout
    pictures = around.index.pictures
    given = {pictures[index]: PARTS[parts[index]] for index in np.flatnonzero(parts >= 0).tolist()}
    rest = total - listed
    counts = np.bincount(np.where(parts < 0, _TRAIN, parts)[inside], minlength=len(PARTS))
    shown = some(
        [f"{counts[number]:,} {PART_NAMES[part]}" for number, part in enumerate(PARTS) if counts[number]]
    )
    more = f" The {counted(rest, 'picture')} in no list are for training." if rest else ""
    return _warning(
        replace(
            layout,
            folders=tuple(replace(entry, part="train") for entry in layout.folders),
            parts=tuple(part for number, part in enumerate(PARTS) if counts[number]),
            listed=given,
        ),
        f"Split from {_names(lists)}: {shown} pictures.{more}",
    )


def _parts_in(file: LabelFile, inside: NDArray[np.bool_]) -> NDArray[np.int8] | None:
    """The subsets that a file gives to pictures in class folders, by a column or its name; None for none."""
    if (np.asarray(file.columns.matches) >= 0).mean() < _ENOUGH:
        return None  # notes, in which a line happens to be a name
    stated = file.rows.parts
    if file.part is not None and (stated == NO_PART).all():
        stated = np.where(file.rows.named, PARTS.index(file.part), NO_PART).astype(np.int8)
    found: NDArray[np.int8] = np.where(inside, stated, NO_PART).astype(np.int8)
    return found if (found != NO_PART).any() else None


def _saying_unread(layout: Layout, around: Surroundings) -> Layout:
    """Name a file that seems to split the pictures, but does not name them."""
    read = {file.path for file in around.files}
    unread = [path for path in around.candidates if path not in read and path.stem.casefold() in _SPLIT_NAMES]
    if not unread:
        return layout
    name = printable(unread[0].name)
    return _warning(layout, f"{name} seems to split the pictures, but does not name them: not used.")


def _names(lists: Sequence[tuple[LabelFile, object]]) -> str:
    return some([printable(file.path.name) for file, _parts in lists], 3)


def _warning(layout: Layout, line: str) -> Layout:
    return replace(layout, warnings=(*layout.warnings, line))
