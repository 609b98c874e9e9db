"""The labels that a table gives to pictures, read in one pass for all columns that may hold them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.datasets.annotations.columns import NO_PICTURE, as_flag, as_number
from desktop_app.core.datasets.annotations.header_words import part_of_cell
from desktop_app.core.datasets.annotations.several_labels import single_label
from desktop_app.core.datasets.report import PARTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from desktop_app.core.datasets.annotations.columns import Columns, LabelColumns
    from desktop_app.core.datasets.annotations.table import Table
    from desktop_app.core.foundation.cancellation import CancelToken

NO_LABEL, CONTRADICTION, SEVERAL = -1, -2, -3
"""What stands in place of a label."""

NO_PART = -1

_NOTHING = frozenset(("", "nan", "null", "<na>"))
"""What programs write where there is no label."""

_MOST_EXAMPLES = 1_000
_MOST_NAMES = 10


@dataclass(slots=True)
class Reading:
    """The labels of all pictures by one choice of columns.

    Attributes:
        columns: Where the labels stand.
        names: Labels by number.
        labels: Number of each picture's label, or one of the negative ones above, int32 ``(N,)``.
        contradictions: Some pictures with two labels: both labels and the row of the second, by picture.
        several: Some pictures whose row has several labels: these, and the row, by picture.
        sets: Numbers of all labels of each picture that has more than one, in the order of the file.
    """

    columns: LabelColumns
    names: list[str]
    labels: NDArray[np.int32]
    contradictions: dict[int, tuple[str, str, int]] = field(default_factory=dict)
    several: dict[int, tuple[tuple[str, ...], int]] = field(default_factory=dict)
    sets: dict[int, tuple[int, ...]] = field(default_factory=dict)

    @property
    def labeled(self) -> int:
        """Number of pictures with one label."""
        return int((self.labels >= 0).sum())

    def count(self, mark: int) -> int:
        """Number of pictures with one of the marks in place of a label."""
        return int((self.labels == mark).sum())

    def same_as(self, other: Reading) -> bool:
        """Whether both tell the same pictures apart, whatever they call the classes."""
        pairs = np.unique(np.stack([self.labels, other.labels]), axis=1)
        return all(len(np.unique(side)) == len(side) for side in pairs)


@dataclass(frozen=True, slots=True)
class Rows:
    """What the rows of a table say.

    Attributes:
        readings: Labels by each choice of columns.
        parts: Subset of each picture as an index of `PARTS`, or -1, int8 ``(N,)``.
        named: Whether a row names the picture, bool ``(N,)``.
        missing: Number of rows whose picture is not there.
        missing_names: Some of their names, with the number of the row.
        ambiguous: Number of rows whose name fits several pictures.
        ambiguous_names: Some of their names, with the number of the row.
    """

    readings: tuple[Reading, ...]
    parts: NDArray[np.int8]
    named: NDArray[np.bool_]
    missing: int
    missing_names: tuple[tuple[str, int], ...]
    ambiguous: int
    ambiguous_names: tuple[tuple[str, int], ...]


def read_labels(table: Table, columns: Columns, count: int, cancel: CancelToken) -> Rows:
    """Read all rows.

    Args:
        table: The table.
        columns: What its columns are.
        count: Number of all pictures.
        cancel: Token checked at every row.

    Raises:
        DatasetError: The file cannot be read to its end.
        Cancelled: The user cancelled.
    """
    takers = [_Taker(choice, count) for choice in columns.choices]
    parts = np.full(count, NO_PART, np.int8)
    named = np.zeros(count, np.bool_)
    lost: dict[int, list[tuple[str, int]]] = {kind: [] for kind in NO_PICTURE.values()}
    totals = dict.fromkeys(NO_PICTURE.values(), 0)
    for position, ((number, cells), picture) in enumerate(zip(table.rows(), columns.matches, strict=False)):
        cancel.check()
        if position == 0 and columns.header:
            continue
        if picture < 0:
            totals[picture] += 1
            if len(lost[picture]) < _MOST_NAMES:
                lost[picture].append((cells[columns.name] if columns.name < len(cells) else "", number))
            continue
        named[picture] = True
        if columns.part is not None and columns.part < len(cells):
            part = part_of_cell(columns.titles[columns.part], cells[columns.part])
            parts[picture] = PARTS.index(part) if part else NO_PART
        for taker in takers:
            taker.take(picture, cells, number)
    return Rows(
        tuple(taker.reading() for taker in takers),
        parts,
        named,
        totals[NO_PICTURE["none"]],
        tuple(lost[NO_PICTURE["none"]]),
        totals[NO_PICTURE["several"]],
        tuple(lost[NO_PICTURE["several"]]),
    )


class _Taker:
    """Collects the labels of one choice of columns."""

    def __init__(self, columns: LabelColumns, count: int) -> None:
        self._columns = columns
        self._numbers: dict[str, int] = {}
        self._values: dict[str, int] = {}
        self._names: list[str] = []
        self._given: tuple[int, ...] = ()  # of the present row, where it has several labels
        self._reading = Reading(columns, self._names, np.full(count, NO_LABEL, np.int32))

    def take(self, picture: int, cells: list[str], row: int) -> None:
        """Take the label of a row."""
        label = (
            self._one_hot(picture, cells, row) if self._columns.one_hot else self._cell(picture, cells, row)
        )
        reading = self._reading
        known = int(reading.labels[picture])
        if label == NO_LABEL or (label >= 0 and label == known):
            return
        if known != NO_LABEL or label == SEVERAL:
            self._join(picture, known, self._given if label == SEVERAL else (label,))
        if label == known:
            return
        if known >= 0 and label >= 0:
            if len(reading.contradictions) < _MOST_EXAMPLES:
                reading.contradictions[picture] = self._names[known], self._names[label], row
            label = CONTRADICTION
        if known not in {CONTRADICTION, SEVERAL}:
            reading.labels[picture] = label

    def reading(self) -> Reading:
        """The result."""
        return self._reading

    def _join(self, picture: int, known: int, new: tuple[int, ...]) -> None:
        """Add labels to those that a picture has."""
        sets = self._reading.sets
        before = sets.get(picture) or ((known,) if known >= 0 else ())
        sets[picture] = tuple(dict.fromkeys((*before, *new)))

    def _cell(self, picture: int, cells: list[str], row: int) -> int:
        index = self._columns.indices[0]
        value = cells[index] if index < len(cells) else ""
        if (known := self._values.get(value)) is not None:
            return known
        if value in self._columns.several:
            self._note_several(picture, self._columns.several[value], row)
            return SEVERAL
        label_number = self._number_of(single_label(value))
        self._values[value] = label_number
        return label_number

    def _number_of(self, label: str) -> int:
        """The number of what a cell says; `NO_LABEL` where it says nothing."""
        if self._columns.whole and (number := as_number(label)) is not None and not label.isdigit():
            label = str(int(number))
        return NO_LABEL if label.casefold() in _NOTHING else self._number(label)

    def _one_hot(self, picture: int, cells: list[str], row: int) -> int:
        titles = [
            title
            for index, title in zip(self._columns.indices, self._columns.titles, strict=True)
            if index < len(cells) and as_flag(cells[index])
        ]
        if len(titles) > 1:
            self._note_several(picture, tuple(titles), row)
            return SEVERAL
        return self._number(titles[0]) if titles else NO_LABEL

    def _note_several(self, picture: int, labels: tuple[str, ...], row: int) -> None:
        self._given = tuple(number for label in labels if (number := self._number_of(label)) != NO_LABEL)
        if len(self._reading.several) < _MOST_EXAMPLES:
            self._reading.several[picture] = labels, row

    def _number(self, label: str) -> int:
        if label not in self._numbers:
            self._numbers[label] = len(self._names)
            self._names.append(label)
        return self._numbers[label]
