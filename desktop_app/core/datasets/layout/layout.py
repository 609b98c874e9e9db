"""The classes and subsets of a folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop_app.core.datasets.report import PART_NAMES
from desktop_app.core.foundation.text import counted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from desktop_app.core.datasets.question import Question
    from desktop_app.core.datasets.report import FileProblem, Part


@dataclass(frozen=True, slots=True)
class ClassFolder:
    """A folder whose pictures, at any depth, are of one class.

    Attributes:
        path: Path of the folder.
        label: Index of the class in `Layout.classes`.
        part: Subset of its pictures; None when the folders name none.
    """

    path: Path
    label: int
    part: Part | None


@dataclass(frozen=True, slots=True)
class LabeledPicture:
    """A picture whose class is written in a file.

    Attributes:
        path: Path of the picture.
        label: Index of the class in `Layout.classes`.
        part: Subset that it belongs to; None when nothing names one.
    """

    path: Path
    label: int
    part: Part | None


@dataclass(frozen=True, slots=True)
class UnlabeledFolder:
    """A folder whose pictures have no class, so that they are not used.

    Attributes:
        path: Path of the folder.
        part: Subset that its name stands for; None for names such as ``pred`` and ``unknown``.
        pictures: Number of its pictures, at any depth.
    """

    path: Path
    part: Part | None
    pictures: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The classes and subsets of a folder.

    Attributes:
        folder: The folder that holds the class folders or the subsets, inside any wrappers.
        classes: Names, printable and unique, in natural order; a class may turn out to be empty.
        folders: Class folders by label, then in natural order.
        parts: Subsets that have folders; empty when the folders name none.
        problems: Folders and pictures that are skipped because they are outside the class folders.
        warnings: Sentences about folders that are not used.
        pictures: Pictures whose labels are written in a file.
        unlabeled: Folders with pictures that have no class; ``warnings`` has a sentence about each.
        questions: Questions about the folders that leave the data readable.
        masks: Pictures that are not used because they are masks of others.
        skipped: Folders, some of them in class folders, whose pictures are not used.
        listed: Subsets of single pictures in class folders, as a file lists them.
        facts: Sentences among the warnings that only say where the labels come from.
        combinations: Where pictures have several labels at once: the labels that each of ``classes`` stands
            for. None where each picture has one class.
    """

    folder: Path
    classes: tuple[str, ...]
    folders: tuple[ClassFolder, ...]
    parts: tuple[Part, ...]
    problems: tuple[FileProblem, ...] = ()
    warnings: tuple[str, ...] = ()
    pictures: tuple[LabeledPicture, ...] = ()
    unlabeled: tuple[UnlabeledFolder, ...] = ()
    questions: tuple[Question, ...] = ()
    masks: frozenset[Path] = frozenset()
    skipped: tuple[Path, ...] = ()
    listed: Mapping[Path, Part] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    combinations: tuple[tuple[str, ...], ...] | None = None

    @property
    def sentence(self) -> str:
        """Such as "2 classes, split into training and test"."""
        if self.combinations is not None:
            names = {name for own in self.combinations for name in own}
            return describe(len(names), self.parts, several=True)
        return describe(len(self.classes), self.parts)


def describe(class_count: int, parts: tuple[Part, ...], *, several: bool = False) -> str:
    """Say how many classes there are, and in which subsets.

    Args:
        class_count: Number of classes, or of labels.
        parts: The subsets.
        several: Whether a picture may have several labels at once.
    """
    classes = counted(class_count, "class", "classes")
    if several:
        classes = f"{counted(class_count, 'label')}, several at once"
    if not parts:
        return f"{classes}, no split yet"
    *others, last = (PART_NAMES[part] for part in parts)
    return f"{classes}, split into {', '.join(others)} and {last}" if others else f"{classes}, {last} only"
