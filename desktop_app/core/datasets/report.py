"""What the doctor found in a data set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from desktop_app.core.errors import SightlineError
from desktop_app.core.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

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
    """A file or folder that is left out, with the reason and what to do as sentences."""

    path: Path
    reason: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Pictures that are the same, or look the same.

    Attributes:
        kind: ``exact`` have the same bytes, ``near`` the same perceptual hash but for a few bits.
        paths: Two or more.
        classes: Names of the classes that they are in; more than one is a mistake in the labels.
        parts: Parts that the folders put them in; more than one would let the test see what was trained on.
    """

    kind: Literal["exact", "near"]
    paths: tuple[Path, ...]
    classes: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ClassSummary:
    """One class in numbers.

    Attributes:
        name: The folder's name, printable.
        train: Readable pictures that the folders put into this part, or all when the split decides.
        validation: Likewise.
        test: Likewise.
        left_out: Files of the class that cannot be used.
        samples: A few of its pictures, for thumbnails.
    """

    name: str
    train: int
    validation: int
    test: int
    left_out: int
    samples: tuple[Path, ...]

    @property
    def total(self) -> int:
        """Readable pictures in all parts."""
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
        examples: Every picture that can be used, in natural order of the paths within each class.
        problems: What is left out, each with its reason.
        duplicates: Groups of equal pictures; those across classes or parts first.
        warnings: Sentences about the whole: imbalance, empty classes, classes with fewer than 5 pictures,
            duplicates across classes or parts.
        smallest: Least width and height in pixels over all pictures.
        median: Likewise, the medians.
        largest: Likewise.
        modes: Number of pictures for each format and colour mode: ``{"JPEG RGB": 590, "PNG RGBA": 10}``.
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
    seconds: float

    @property
    def class_names(self) -> tuple[str, ...]:
        """Names of the classes in label order."""
        return tuple(entry.name for entry in self.classes)

    @property
    def sentence(self) -> str:
        """The whole in one line."""
        left_out = f", {len(self.problems):,} left out" if self.problems else ""
        return f"{counted(len(self.examples), 'picture')}{left_out}; {self.layout}"
