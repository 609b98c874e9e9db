"""Which columns of a table name the pictures, their labels and their subsets."""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from desktop_app.core.datasets.annotations.header_words import (
    counts_parts,
    names_labels,
    names_measures,
    names_other_things,
    names_several,
    part_of_cell,
)
from desktop_app.core.datasets.annotations.picture_index import looks_like_file
from desktop_app.core.datasets.annotations.several_labels import cells_with_several
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop_app.core.datasets.annotations.picture_index import Finder, Match
    from desktop_app.core.datasets.annotations.table import Table
    from desktop_app.core.foundation.cancellation import CancelToken

MAX_VALUES = 50_000
"""Different values of a column from which on it is no column of labels."""

MAX_LABEL = 200
"""Characters from which on a value is a text, and no label."""

_ENOUGH = 200
"""Rows whose pictures are found, after which the column with the names is known."""

NO_PICTURE = {"none": -1, "several": -2}
"""What stands in place of a picture: the row's is not there, or several fit."""

_MOST_CHOICES = 12
_MOST_NUMBERS = 2_000
"""Different numbers from which on a column measures something."""

_FIRST_OF_NUMBERS = frozenset("+-.0123456789")
_FLAGS = {
    **dict.fromkeys(("1", "1.0", "1.", "true", "yes"), True),
    **dict.fromkeys(("0", "0.0", "0.", "-1", "-1.0", "false", "no"), False),
}
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?|\d{1,2}:\d{2}(:\d{2})?")

Kind = Literal["text", "whole", "number", "other"]


@dataclass(slots=True)
class Column:
    """What is known of a column, over the rows whose picture is there.

    Attributes:
        index: Its position.
        title: Its name; empty without a header.
        counts: Number of rows of each value; empty once there are too many.
        empty: Rows without a value.
        over: Whether there are too many values to be labels.
        rows: Rows that have a cell for it.
    """

    index: int
    title: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    empty: int = 0
    over: bool = False
    rows: int = 0

    def add(self, cell: str) -> None:
        """Count a value."""
        self.rows += 1
        if not cell:
            self.empty += 1
        elif not self.over:
            self.counts[cell] += 1
            if len(self.counts) > MAX_VALUES or len(cell) > MAX_LABEL:
                self.over = True
                self.counts.clear()

    @property
    def kind(self) -> Kind:
        """What its values are."""
        values = self.counts
        if self.over or not values:
            return "other"
        numbers = [number for value in values if (number := as_number(value)) is not None]
        if len(numbers) == len(values):
            return "whole" if all(number.is_integer() for number in numbers) else "number"
        return "other" if all(_DATE.fullmatch(value) for value in values) else "text"

    @property
    def holds_flags(self) -> bool:
        """Whether it says yes or no for each row."""
        return 0 < len(self.counts) <= 6 and all(as_flag(value) is not None for value in self.counts)


@dataclass(frozen=True, slots=True)
class LabelColumns:
    """One column of labels, or a column for each label with a one where a picture has it.

    Attributes:
        indices: Positions; more than one for a column for each label.
        titles: Names; empty ones without a header.
        called: Whether the name of the column says that it holds labels.
        whole: Whether all labels are whole numbers, with or without a fraction of zero.
        several: Values that stand for several labels, each with these.
    """

    indices: tuple[int, ...]
    titles: tuple[str, ...]
    called: bool = False
    whole: bool = False
    several: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def one_hot(self) -> bool:
        """Whether there is a column for each label."""
        return len(self.indices) > 1

    @property
    def key(self) -> str:
        """How an answer names it: by its title, else by its position from 1; a star for several columns."""
        return "*" if self.one_hot else self.titles[0] or str(self.indices[0] + 1)

    @property
    def named(self) -> str:
        """The columns as sentences name them."""
        if self.one_hot:
            return f"{len(self.indices):,} columns of zeros and ones"
        return f"column {printable(self.key)}"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table that names pictures.

    Attributes:
        name: Position of the names of the pictures.
        header: Whether the first row names the columns.
        titles: Names of all columns; none without a header.
        part: Position of the subsets; None when no column has them.
        choices: Columns that may hold the labels, the likeliest first.
        rows: Number of rows whose picture is there.
        matches: Index of the picture of every row, the header's included, or one of `NO_PICTURE`.
        flags: Columns of zeros and ones, each of which may be asked for by its name.
    """

    name: int
    header: bool
    titles: tuple[str, ...]
    part: int | None
    choices: tuple[LabelColumns, ...]
    rows: int
    matches: array[int]
    flags: tuple[LabelColumns, ...] = ()

    def with_choice(self, key: str) -> Columns:
        """The same with the column of an answer among the choices, if it is one of zeros and ones."""
        if any(choice.key == key for choice in self.choices):
            return self
        return replace(self, choices=(*self.choices, *(flag for flag in self.flags if flag.key == key)))


def find_columns(table: Table, finder: Finder, cancel: CancelToken) -> Columns | None:
    """Find out what the columns of a table are.

    Args:
        table: The table, which is read twice.
        finder: Search for the pictures that it names.
        cancel: Token checked at every row.

    Returns:
        The columns, or None when no column names pictures.

    Raises:
        DatasetError: The file cannot be read to its end.
        Cancelled: The user cancelled.
    """
    name = _name_column(table, finder, cancel)
    return None if name is None else _Survey(table, finder, name, cancel).columns()


def as_number(value: str) -> float | None:
    """Read a number, with a point or a comma; None for anything else."""
    if value[:1] not in _FIRST_OF_NUMBERS:
        return None
    try:
        number = float(value.replace(",", ".", 1))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def as_flag(value: str) -> bool | None:
    """Read a one or a zero, in whatever way programs write them; None for anything else."""
    return _FLAGS.get(value.casefold())


def _name_column(table: Table, finder: Finder, cancel: CancelToken) -> int | None:
    """The column whose cells name the most different pictures, whole file names first."""
    found: dict[int, set[int]] = {}
    files: Counter[int] = Counter()
    for _number, cells in table.rows():
        cancel.check()
        for index, cell in enumerate(cells):
            picture = finder.find(cell) if cell else "none"
            if isinstance(picture, int):
                found.setdefault(index, set()).add(picture)
                files[index] += looks_like_file(cell)
        if any(len(pictures) >= _ENOUGH for pictures in found.values()):
            break
    return max(found, key=lambda index: (len(found[index]) + files[index], -index), default=None)


class _Survey:
    """One pass over a table whose column of names is known."""

    def __init__(self, table: Table, finder: Finder, name: int, cancel: CancelToken) -> None:
        self._name = name
        self._rows = 0
        self._columns: dict[int, Column] = {}
        self._matches = array("i")
        first: list[str] | None = None
        first_picture: Match = "none"
        for _number, cells in table.rows():
            cancel.check()
            picture = finder.find(cells[name]) if name < len(cells) else "none"
            self._matches.append(picture if isinstance(picture, int) else NO_PICTURE[picture])
            if first is None:
                first, first_picture = cells, picture
            elif isinstance(picture, int):
                self._add(cells)
        first = first or []
        is_header = self._is_header(first, first_picture) if table.header is None else table.header
        if not is_header and isinstance(first_picture, int):
            self._add(first)
        self._titles = tuple(first) if is_header else ()
        for column in self._columns.values():
            column.title = first[column.index] if is_header and column.index < len(first) else ""
            column.empty += self._rows - column.rows

    def columns(self) -> Columns:
        """Judge the columns."""
        columns = list(self._columns.values())
        part = next((column.index for column in columns if _holds_parts(column)), None)
        rest = [column for column in columns if column.index != part]
        flagged = [column for column in rest if column.title and column.holds_flags]
        flags = [column for column in flagged if not _stands_alone(column.title)]
        choices = self._choices([column for column in rest if len(flags) < 2 or column not in flags])
        if len(flags) > 1:
            one_hot = LabelColumns(
                tuple(column.index for column in flags), tuple(column.title for column in flags)
            )
            choices = [one_hot, *choices] if not choices or not choices[0].called else [*choices, one_hot]
        single = [LabelColumns((column.index,), (column.title,), whole=True) for column in flagged]
        return Columns(
            self._name,
            bool(self._titles),
            self._titles,
            part,
            tuple(choices),
            self._rows,
            self._matches,
            tuple(single),
        )

    def _add(self, cells: list[str]) -> None:
        self._rows += 1
        for index, cell in enumerate(cells):
            if index != self._name:
                if index not in self._columns:
                    self._columns[index] = Column(index)
                self._columns[index].add(cell)

    def _is_header(self, first: list[str], picture: Match) -> bool:
        """Whether the first row has no label that other rows have, and names no picture."""
        others = [cell for index, cell in enumerate(first) if index != self._name]
        if looks_like_file(first[self._name]) if self._name < len(first) else False:
            return False
        if others and others == [str(number) for number in range(len(others))] and len(others) > 2:
            return True  # a column for each label, and the labels are numbers
        labels = [column for column in self._columns.values() if column.kind in {"text", "whole"}]
        known = any(column.index < len(first) and first[column.index] in column.counts for column in labels)
        numbers = any(as_number(cell) is not None for cell in others)
        titled = any(names_labels(cell) for cell in others)
        return not known and not numbers and (titled or picture == "none")

    def _choices(self, columns: list[Column]) -> list[LabelColumns]:
        """Columns that may hold labels: those that are called so first, and texts before numbers."""
        possible = [column for column in columns if self._may_hold_labels(column)]
        texts = any(column.kind == "text" for column in possible)
        found = []
        for column in possible:
            called = names_labels(column.title)
            text = column.kind == "text"
            if called or text or not texts:
                plural = names_several(column.title)
                several = cells_with_several(column.counts.keys(), several_named=plural) if text else {}
                whole = column.kind == "whole"
                choice = LabelColumns((column.index,), (column.title,), called, whole, several)
                aside = names_other_things(column.title)
                found.append((not called, aside, whole, column.index, choice))
        return [choice for *_order, choice in sorted(found, key=lambda entry: entry[:4])[:_MOST_CHOICES]]

    def _may_hold_labels(self, column: Column) -> bool:
        different = len(
            {as_number(value) for value in column.counts} if column.kind == "whole" else column.counts
        )
        if column.kind not in {"text", "whole"} or names_measures(column.title):
            return False
        if column.kind == "whole" and counts_parts(column.title):
            return False
        if names_labels(column.title):
            return different < max(self._rows, 2)
        most = 0.7 * self._rows if column.kind == "text" else min(0.5 * self._rows, _MOST_NUMBERS)
        return 1 < different <= max(most, 2) and different < self._rows


def _stands_alone(title: str) -> bool:
    """Whether a column is not one of several for a label each, even if it holds ones and zeros."""
    return names_labels(title) or names_other_things(title) or counts_parts(title)


def _holds_parts(column: Column) -> bool:
    return bool(column.counts) and all(part_of_cell(column.title, value) for value in column.counts)
