"""A file that says what pictures show."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from desktop_app.core.datasets.annotations.columns import Columns, find_columns
from desktop_app.core.datasets.annotations.delimited import read_delimited, read_names
from desktop_app.core.datasets.annotations.divided_paths import with_whole_paths
from desktop_app.core.datasets.annotations.header_words import part_named
from desktop_app.core.datasets.annotations.json_table import read_json
from desktop_app.core.datasets.annotations.labels_of_pictures import Rows, read_labels
from desktop_app.core.datasets.annotations.picture_index import Finder, PictureIndex

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.datasets.annotations.table import Table
    from desktop_app.core.datasets.report import Part
    from desktop_app.core.foundation.cancellation import CancelToken

_TRIED = 200
_ENOUGH = 0.8

JSON_EXTENSIONS = frozenset((".json", ".jsonl", ".ndjson"))


@dataclass(frozen=True, slots=True)
class LabelFile:
    """A file whose rows name pictures, read to its end.

    Attributes:
        table: Its rows.
        columns: What their columns are.
        rows: The labels by each choice of columns, and what else the rows say.
        part: Subset that the file's name stands for.
        loose: Whether the pictures were only found by names that differ, see `Finder`.
    """

    table: Table
    columns: Columns
    rows: Rows
    part: Part | None
    loose: bool = False

    @property
    def path(self) -> Path:
        """Path of the file."""
        return self.table.path


def read_label_file(
    path: Path,
    index: PictureIndex,
    parts: Sequence[Part | None],
    cancel: CancelToken,
    *,
    column: str = "",
) -> LabelFile | None:
    """Read a file that may give labels to pictures.

    Args:
        path: The file.
        index: All pictures.
        parts: Subset of each picture by its folders.
        cancel: Token checked at every row.
        column: Column that an answer names; it is read even if it is not likely to hold labels.

    Returns:
        What it says, or None when it names none of the pictures.

    Raises:
        StorageError: It cannot be read.
        DatasetError: It is damaged; the sentence names the place.
        Cancelled: The user cancelled.
    """
    if path.suffix.lower() in JSON_EXTENSIONS:
        tables = read_json(path, cancel)
    else:
        table = read_delimited(path, cancel)
        if table is None and part_of_file(path) is not None:
            table = read_names(path, cancel)
        tables = [] if table is None else [with_whole_paths(table, index) or table]
    return read_tables(path, tables, index, parts, cancel, column=column)


def read_tables(
    path: Path,
    tables: Sequence[Table],
    index: PictureIndex,
    parts: Sequence[Part | None],
    cancel: CancelToken,
    *,
    column: str = "",
) -> LabelFile | None:
    """Read the one of several ways to see a file as a table that names the most pictures.

    Args:
        path: The file.
        tables: The ways.
        index: All pictures.
        parts: Subset of each picture by its folders.
        cancel: Token checked at every row.
        column: Column that an answer names.

    Raises:
        DatasetError: The file is damaged.
        StorageError: It cannot be read.
        Cancelled: The user cancelled.
    """
    for loose in (False, True):
        finder = finder_of(path, index, parts, loose=loose)
        found = [
            (columns.rows, -number, columns, table)
            for number, table in enumerate(tables)
            if (columns := find_columns(table, finder, cancel)) is not None and columns.rows
        ]
        if found:
            _rows, _number, columns, table = max(found, key=lambda entry: entry[:2])
            rows = read_labels(table, columns.with_choice(column), len(index), cancel)
            return LabelFile(table, columns, rows, part_of_file(path), loose)
    return None


def ambiguous_name(
    path: Path, index: PictureIndex, parts: Sequence[Part | None], cancel: CancelToken
) -> str | None:
    """A name in a table that fits several pictures, if nearly all names of one column do.

    Args:
        path: The file, in which no name fits a single picture.
        index: All pictures.
        parts: Subset of each picture by its folders.
        cancel: Token checked at every row.

    Raises:
        DatasetError: It is damaged.
        StorageError: It cannot be read.
        Cancelled: The user cancelled.
    """
    table = None if path.suffix.lower() in JSON_EXTENSIONS else read_delimited(path, cancel)
    if table is None:
        return None
    finder = finder_of(path, index, parts)
    found: dict[int, list[str]] = {}
    count = 0
    for _number, cells in islice(table.rows(), 1, _TRIED):
        count += 1
        for column, cell in enumerate(cells):
            if cell and finder.find(cell) == "several":
                found.setdefault(column, []).append(cell)
    return next((names[0] for names in found.values() if len(set(names)) >= _ENOUGH * count), None)


def finder_of(
    path: Path, index: PictureIndex, parts: Sequence[Part | None], *, loose: bool = False
) -> Finder:
    """Make the search for the pictures that a file names.

    Args:
        path: The file.
        index: All pictures.
        parts: Subset of each picture by its folders.
        loose: Whether pictures are also found by names that differ, see `Finder`.
    """
    inside = path.parent.relative_to(index.folder).as_posix() if path.is_relative_to(index.folder) else "."
    start = "" if inside == "." else inside
    return Finder(index, start, _scope(index, start, part_of_file(path), parts), loose=loose)


def part_of_file(path: Path) -> Part | None:
    """The subset that a file's name stands for: "train_labels.csv"; None when it names none, or several."""
    words = path.stem.casefold().replace("-", "_").replace(".", "_").replace(" ", "_").split("_")
    found = {part for word in words if (part := part_named(word.rstrip("0123456789"))) is not None}
    return found.pop() if len(found) == 1 else None


def _scope(
    index: PictureIndex, start: str, part: Part | None, parts: Sequence[Part | None]
) -> frozenset[int] | None:
    """The pictures that a file is about: those below its folder, else those of the subset that it names."""
    if start:
        below = frozenset(
            number for number, inside in enumerate(index.inside) if inside.startswith(f"{start}/")
        )
        if below:
            return below
    if part is not None and (own := frozenset(number for number, entry in enumerate(parts) if entry == part)):
        return own
    return None
