"""What the doctor found in a data set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.foundation.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.foundation.errors import Reason

Part = Literal["train", "validation", "test"]
"""What a picture is used for."""

PARTS: tuple[Part, ...] = ("train", "validation", "test")


class DatasetError(SightlineError):
    """A folder, archive or table cannot be trained on."""


@dataclass(frozen=True, slots=True)
class Example:
    """One readable picture with its class.

    Attributes:
        path: Of the file.
        label: Index of its class in `DatasetReport.classes`.
        part: As the folders say; None when they do not tell and the split decides.
    """

    path: Path
    label: int
    part: Part | None


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A file or folder that is left out, and why."""

    path: Path
    reason: Reason


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Pictures that are the same, or look the same.

    Attributes:
        kind: ``exact`` have the same bytes, ``near`` the same perceptual hash but for a few bits.
        paths: Two or more.
        classes: Names of the classes that they are in; more than one is a mistake in the labels.
        parts: Parts that the folders put them in; more than one would let the test see what was trained on.
        kept: The one that the others are told against: the first that is used. None where all are left out,
            and another group tells of them.
        stays: The part that ``kept`` is in; None when the folders do not tell.
        left_out: Copies of ``kept`` that are not used, because it is in another part.
        used: Copies of ``kept`` that are used in the same part. Over all groups, ``left_out`` and ``used``
            tell of each file once at most.
    """

    kind: Literal["exact", "near"]
    paths: tuple[Path, ...]
    classes: tuple[str, ...]
    parts: tuple[Part, ...]
    kept: Path | None = None
    stays: Part | None = None
    left_out: tuple[Path, ...] = ()
    used: tuple[Path, ...] = ()

    @property
    def told(self) -> tuple[Path, ...]:
        """The copies that are told of here; those that are left out come first."""
        return self.left_out + self.used


@dataclass(frozen=True, slots=True)
class ClassSummary:
    """One class in numbers.

    Attributes:
        name: The folder's name, printable.
        train: Pictures that the folders put into this part and that are used, or all when the split decides.
        validation: Likewise.
        test: Likewise.
        left_out: Files of the class that cannot be used.
        samples: A few of its pictures, for thumbnails.
        copies: Readable pictures that are not used, because a copy is in another part.
    """

    name: str
    train: int
    validation: int
    test: int
    left_out: int
    samples: tuple[Path, ...]
    copies: int = 0

    @property
    def total(self) -> int:
        """Pictures in all parts."""
        return self.train + self.validation + self.test


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """How far the doctor is; ``total`` is None while files are still being looked for."""

    done: int
    total: int | None
    message: str


@dataclass(frozen=True, slots=True)
class DatasetReport:
    """A data set, examined.

    Attributes:
        source: What the user chose: a folder or an archive.
        folder: Where the pictures lie; for an archive, where it was unpacked.
        layout: What was recognised, as a sentence: "2 classes in the parts training_set and test_set".
        classes: In the order of the labels: natural order of the names.
        examples: Every readable picture, also the copies that are left out, in natural order of the paths
            within each class.
        problems: What is left out, each with its reason.
        duplicates: Groups of equal pictures; those across classes or parts first.
        warnings: Sentences about the whole: imbalance, empty classes, classes with fewer than 5 pictures,
            duplicates across classes or parts.
        smallest: Least width and height in pixels over all pictures.
        median: Likewise, the medians.
        largest: Likewise.
        modes: Number of pictures for each format and colour mode: ``{"JPEG RGB": 590, "PNG RGBA": 10}``.
        grey: Number of pictures without colour, in whatever mode they are stored.
        seconds: How long the examination took.
    """

    source: Path
    folder: Path
    layout: str
    classes: tuple[ClassSummary, ...]
    examples: Sequence[Example]
    problems: tuple[FileProblem, ...]
    duplicates: tuple[DuplicateGroup, ...]
    warnings: tuple[str, ...]
    smallest: tuple[int, int]
    median: tuple[int, int]
    largest: tuple[int, int]
    modes: dict[str, int]
    grey: int
    seconds: float

    @property
    def class_names(self) -> tuple[str, ...]:
        """Names of the classes in label order."""
        return tuple(entry.name for entry in self.classes)

    @property
    def copies(self) -> int:
        """Readable pictures that are not used, because a copy is in another part."""
        return sum(entry.copies for entry in self.classes)

    @property
    def sentence(self) -> str:
        """The whole in one line."""
        left_out = len(self.problems) + self.copies
        without = f", {left_out:,} left out" if left_out else ""
        return f"{counted(len(self.examples) - self.copies, 'picture')}{without}; {self.layout}"
