"""The findings of the doctor in a data set."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.foundation.text import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from desktop_app.core.datasets.answers import Answers
    from desktop_app.core.datasets.decision import Decision
    from desktop_app.core.datasets.question import Question
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.images.decoding.reading import PixelReading

Part = Literal["train", "validation", "test"]
"""The subset of the data that a picture belongs to: what it is used for."""

PARTS: tuple[Part, ...] = ("train", "validation", "test")

PART_NAMES: dict[Part, str] = {"train": "training", "validation": "validation", "test": "test"}
"""The subsets as sentences name them."""


class DatasetError(SightlineError):
    """A folder, archive or table cannot be trained on."""


@dataclass(frozen=True, slots=True)
class Example:
    """One readable picture with its class.

    Attributes:
        path: Path of the file.
        label: Index of its class in `DatasetReport.classes`; where pictures have several labels at once, of
            its labels in `DatasetReport.combinations`.
        part: Subset that its folder names; None when the folders name none and the split decides.
    """

    path: Path
    label: int
    part: Part | None


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A file or folder that is skipped, and why."""

    path: Path
    reason: Reason


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Pictures that are the same, or look the same.

    Attributes:
        kind: ``exact`` ones have the same bytes, ``near`` ones the same perceptual hash but for a few bits.
        paths: Paths of its pictures, two or more.
        classes: Names of the classes that they are in; more than one means a wrong label.
        parts: Subsets that their folders name; with more than one the test would contain training pictures.
        kept: The picture that the others are compared with: the first that is used. None where all are
            skipped, and another group lists them.
        stays: Subset that ``kept`` is in; None when the folders name none.
        left_out: Copies of ``kept`` that are skipped, because it is in another subset.
        used: Copies of ``kept`` that are used in the same subset. Over all groups, ``left_out`` and ``used``
            list each file once at most.
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
        """The copies that are listed here; those that are skipped come first."""
        return self.left_out + self.used


@dataclass(frozen=True, slots=True)
class ClassSummary:
    """One class in numbers.

    Attributes:
        name: The folder's name, printable.
        train: Number of its training pictures that are used; of all its pictures when the split decides.
        validation: Number of its validation pictures that are used.
        test: Number of its test pictures that are used.
        left_out: Number of its files that cannot be used.
        samples: A few of its pictures, for thumbnails.
        copies: Number of readable pictures that are skipped, because a copy is in another subset.
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
        """Number of pictures in all subsets."""
        return self.train + self.validation + self.test


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """Progress of the doctor; ``total`` is None while it is still looking for files."""

    done: int
    total: int | None
    message: str


@dataclass(frozen=True, slots=True)
class NumberRange:
    """The numbers of all pictures of more than 8 bits, and what becomes of them.

    Attributes:
        low: The least number, outliers apart.
        high: The greatest number, outliers apart.
        shares: Share of all numbers in each of 64 equal steps from ``low`` to ``high``.
        black: The number that is black in all of them; None when each is read by itself.
        white: The number that is white.
        pictures: Number of these pictures.
    """

    low: float
    high: float
    shares: tuple[float, ...]
    black: float | None
    white: float | None
    pictures: int


@dataclass(frozen=True, slots=True)
class DatasetReport:
    """A data set, checked.

    Attributes:
        source: The folder or archive that the user chose.
        folder: Folder of the pictures; for an archive, the one it was unpacked to.
        layout: Classes and subsets in words: "2 classes, split into training and test".
        classes: Classes in the order of the labels: natural order of the names.
        examples: Every readable picture, also the copies that are skipped, in natural order of the paths
            within each class.
        problems: Skipped files and folders, each with its reason.
        duplicates: Groups of equal pictures; those across classes or subsets first.
        warnings: Sentences about the whole: imbalance, empty classes, classes with fewer than 5 pictures,
            duplicates across classes or subsets.
        smallest: Least width and height in pixels over all pictures.
        median: Median width and height.
        largest: Greatest width and height.
        modes: Number of pictures for each format and colour mode: ``{"JPEG RGB": 590, "PNG RGBA": 10}``.
        grey: Number of pictures without colour, in whatever mode they are stored.
        seconds: Duration of the check.
        notes: Warnings about folders, which no correction changes; they are among the warnings, too.
        facts: Sentences among the notes that only say where the labels come from.
        decisions: What the user decided about pictures, by their paths; all of it is applied here.
        lost: Warnings about corrections that are not applied; they are among the warnings, too.
        uncorrected: The same data set with the labels that the folders say; None when this is it.
        answers: What was decided about how it is read; all of it is applied here.
        given: What a person decided of it; None where that is not known.
        questions: What is still open; a required one must be answered before a training.
        class_folders: Folders that stand for a class, in any subset.
        left_out: What else lies in the folders, by kind: "18 videos and 2 PDF files"; empty for nothing.
        numbers: Numbers of the pictures of more than 8 bits; None when there are none.
        combinations: Where pictures have several labels at once: the labels, as indices of ``classes``, of
            each combination that occurs, in ascending order; a picture without labels has the empty one.
            ``classes`` then count a picture once for each of its labels. None where each picture has one
            class.
        used: Where pictures have several labels at once: number of pictures that are used in each subset, all
            of them in training when the split decides.
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
    notes: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    decisions: Mapping[Path, Decision] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    uncorrected: DatasetReport | None = None
    answers: Answers | None = None
    given: Answers | None = None
    questions: tuple[Question, ...] = ()
    class_folders: tuple[Path, ...] = ()
    left_out: str = ""
    numbers: NumberRange | None = None
    combinations: tuple[tuple[int, ...], ...] | None = None
    used: Mapping[Part, int] = field(default_factory=dict)

    def count(self, part: Part) -> int:
        """Number of pictures that a network learns from, or is measured on, before a split is drawn."""
        if self.combinations is None:
            return sum(getattr(entry, part) for entry in self.learnt)
        return self.used.get(part, 0)

    @property
    def task(self) -> Literal["classification", "multi-label"]:
        """What a network can learn from these labels."""
        return "classification" if self.combinations is None else "multi-label"

    @property
    def example_names(self) -> tuple[str, ...]:
        """What each `Example.label` stands for, in words: a class, or all labels of a picture."""
        if self.combinations is None:
            return self.class_names
        return combination_names(self.class_names, self.combinations)

    @property
    def reading(self) -> PixelReading:
        """How the numbers of its files become pictures."""
        from desktop_app.core.images.decoding.reading import AS_STORED  # not at the start: with pydantic

        return self.answers.pixels if self.answers is not None else AS_STORED

    @property
    def class_names(self) -> tuple[str, ...]:
        """Names of the classes in label order."""
        return tuple(entry.name for entry in self.classes)

    @property
    def learnt(self) -> tuple[ClassSummary, ...]:
        """The classes that have training pictures, or get them by the split: a network learns no others."""
        return tuple(entry for entry in self.classes if entry.train)

    @property
    def copies(self) -> int:
        """Number of readable pictures that are skipped, because a copy is in another subset."""
        if self.combinations is None:
            return sum(entry.copies for entry in self.classes)
        return sum(len(group.left_out) for group in self.duplicates)

    @property
    def corrected(self) -> int:
        """Number of pictures that the user relabeled or excluded."""
        return sum(decision.action != "keep" for decision in self.decisions.values())

    @property
    def remarks(self) -> tuple[str, ...]:
        """The warnings, and what else lies in the folders."""
        return (*self.warnings, *([f"Left out: {self.left_out}."] if self.left_out else []))

    @property
    def required_question(self) -> Question | None:
        """The first question that must be answered before a training; None when there is none."""
        return next((question for question in self.questions if question.required), None)

    @property
    def sentence(self) -> str:
        """The whole in one line."""
        skipped = len(self.problems) + self.copies
        extra = f", {skipped:,} skipped" if skipped else ""
        extra += f", {self.corrected:,} corrected" if self.corrected else ""
        return f"{counted(len(self.examples) - self.copies, 'picture')}{extra}; {self.layout}"


def combination_names(names: Sequence[str], combinations: Sequence[Sequence[int]]) -> tuple[str, ...]:
    """The labels of each combination in one text: "cat, outdoor", or "no label".

    Args:
        names: Names of the labels.
        combinations: Indices of the labels of each combination.
    """
    return tuple(", ".join(names[label] for label in own) or "no label" for own in combinations)
