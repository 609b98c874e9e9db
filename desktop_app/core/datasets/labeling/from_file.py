"""Layouts whose labels, or some of them, stand in a file."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.datasets.annotations.labels_of_pictures import NO_LABEL, NO_PART
from desktop_app.core.datasets.labeling.label_notes import about_unlabeled, inside_of, notes, reasons_of
from desktop_app.core.datasets.layout.layout import ClassFolder, LabeledPicture, Layout, UnlabeledFolder
from desktop_app.core.datasets.report import PARTS, FileProblem, Part
from desktop_app.core.foundation.text import natural_key, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop_app.core.datasets.annotations.label_source import LabelSource
    from desktop_app.core.datasets.labeling.surroundings import Surroundings


def layout_from(folder: Path, source: LabelSource, around: Surroundings) -> Layout:
    """Make a layout of the labels in a file.

    Args:
        folder: The data folder.
        source: The labels.
        around: The pictures that they are about.
    """
    labeled = np.flatnonzero(source.labels >= 0)
    names = printable_names(source.names[label] for label in np.unique(source.labels[labeled]).tolist())
    classes = tuple(sorted(names.values(), key=natural_key))
    number = {name: index for index, name in enumerate(classes)}
    label_of = [number.get(names.get(name, ""), -1) for name in source.names]
    parts = _parts(source, around.parts, labeled)
    pictures = tuple(
        LabeledPicture(around.index.pictures[index], label_of[source.labels[index]], part)
        for index, part in zip(labeled.tolist(), parts, strict=True)
    )
    problems, unlabeled = _without_label(folder, source, around)
    said = notes(source, len(around.index))
    present = set(parts)
    return Layout(
        folder,
        classes,
        (),
        tuple(part for part in PARTS if part in present),
        problems,
        (*said, *(about_unlabeled(entry, folder) for entry in unlabeled)),
        pictures,
        unlabeled,
        facts=said[:1],
        combinations=_combinations(source, names, classes),
    )


def _combinations(
    source: LabelSource, names: dict[str, str], classes: Sequence[str]
) -> tuple[tuple[str, ...], ...] | None:
    """The labels, fit to be shown, that each class stands for; None where each picture has one label."""
    if source.combinations is None:
        return None
    shown = printable_names(source.label_names)
    by_class = {
        names[name]: tuple(shown[label] for label in own)
        for name, own in zip(source.names, source.combinations, strict=True)
        if name in names
    }
    return tuple(by_class[name] for name in classes)


def with_labels(layout: Layout, source: LabelSource, around: Surroundings, new: NDArray[np.bool_]) -> Layout:
    """Add pictures whose labels stand in a file to those of class folders.

    Args:
        layout: The class folders.
        source: The labels.
        around: All pictures.
        new: Which pictures to add, bool ``(N,)``.
    """
    added = np.flatnonzero(new)
    used = printable_names(source.names[label] for label in np.unique(source.labels[added]).tolist())
    classes = tuple(sorted({*layout.classes, *used.values()}, key=natural_key))
    number = {name: index for index, name in enumerate(classes)}
    moved = [number[name] for name in layout.classes]
    given = [_part_of(source, around.parts, index) for index in added.tolist()]
    divided = bool(layout.parts) or bool({*given} - {None, "train"})
    rest: Part | None = "train" if divided else None
    folders = tuple(
        ClassFolder(entry.path, moved[entry.label], entry.part or rest) for entry in layout.folders
    )
    pictures = [
        LabeledPicture(
            around.index.pictures[index],
            number[used[source.names[source.labels[index]]]],
            (part or rest) if divided else None,
        )
        for index, part in zip(added.tolist(), given, strict=True)
    ]
    paths = {picture.path for picture in pictures}
    filled = {
        entry.path for entry in layout.unlabeled if any(path.is_relative_to(entry.path) for path in paths)
    }
    dropped = tuple(f"'{inside_of(path, around.index.folder)}' has " for path in filled)
    parts = {*(entry.part for entry in folders), *(entry.part for entry in (*layout.pictures, *pictures))}
    said = notes(source, len(around.index), added=len(pictures))
    return replace(
        layout,
        classes=classes,
        folders=folders,
        parts=tuple(part for part in PARTS if part in parts),
        problems=tuple(problem for problem in layout.problems if problem.path not in paths),
        warnings=(
            *(line for line in layout.warnings if not line.startswith(dropped)),
            *said,
        ),
        facts=(*layout.facts, *said[:1]),
        pictures=(*layout.pictures, *pictures),
        unlabeled=tuple(entry for entry in layout.unlabeled if entry.path not in filled),
    )


def printable_names(names: Iterable[str]) -> dict[str, str]:
    """Make names that can be shown; no two are the same.

    Args:
        names: Labels as files have them.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        shown, number = printable(name), 2
        while shown in taken:
            shown = f"{printable(name)} ({number})"
            number += 1
        taken.add(shown)
        found[name] = shown
    return found


def _parts(
    source: LabelSource, by_folders: Sequence[Part | None], labeled: NDArray[np.int64]
) -> list[Part | None]:
    """The subsets of the pictures with a label; none at all unless training and another one are there."""
    parts = [_part_of(source, by_folders, index) for index in labeled.tolist()]
    if len({*parts} - {None}) < 2 or "train" not in parts:
        return [None] * len(parts)
    return [part or "train" for part in parts]


def _part_of(source: LabelSource, by_folders: Sequence[Part | None], index: int) -> Part | None:
    """The subset that the file states, else the folders, else the file's name."""
    stated = any(int(file.rows.parts[index]) != NO_PART for file in source.files)
    own = int(source.parts[index])
    if stated and own != NO_PART:
        return PARTS[own]
    return by_folders[index] or (PARTS[own] if own != NO_PART else None)


def _without_label(
    folder: Path, source: LabelSource, around: Surroundings
) -> tuple[tuple[FileProblem, ...], tuple[UnlabeledFolder, ...]]:
    """List the pictures that have no label; where a whole folder has none, the folder."""
    pictures = around.index.pictures
    known = {
        folder,
        *(pictures[index].parent for index in np.flatnonzero(source.labels != NO_LABEL).tolist()),
    }
    reasons = reasons_of(source)
    problems: list[FileProblem] = []
    empty: defaultdict[Path, list[int]] = defaultdict(list)
    for index in np.flatnonzero(source.labels < 0).tolist():
        path = pictures[index]
        if source.labels[index] == NO_LABEL and path.parent not in known:
            empty[path.parent].append(index)
        else:
            problems.append(FileProblem(path, reasons(index)))
    unlabeled = tuple(
        UnlabeledFolder(path, around.parts[indices[0]], len(indices)) for path, indices in empty.items()
    )
    return tuple(problems), unlabeled
