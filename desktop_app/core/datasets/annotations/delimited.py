"""Tables whose cells are divided by commas, semicolons, tabs, bars or spaces."""

from __future__ import annotations

import csv
import re
from collections import Counter
from itertools import chain, islice
from typing import TYPE_CHECKING

from desktop_app.core.datasets.annotations.table import Row, Table
from desktop_app.core.datasets.annotations.text_file import FALLBACK, encoding_of, lines, open_text
from desktop_app.core.datasets.report import DatasetError
from desktop_app.core.foundation.cancellation import NEVER, CancelToken
from desktop_app.core.foundation.text import printable
from desktop_app.core.images.folders import PICTURE_EXTENSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MAX_COLUMNS = 20_000

_SAMPLE = 200
_DELIMITERS = ",\t;|"
_SPACES = " "
_PICTURES = tuple(PICTURE_EXTENSIONS)
_REMARK = "#"
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?")
"""The first line that names the delimiter for Excel."""


def read_delimited(path: Path, cancel: CancelToken = NEVER) -> Table | None:
    """Open a table.

    Args:
        path: Text file.
        cancel: Token checked at every line.

    Returns:
        The table, or None when the file has no columns.

    Raises:
        StorageError: The file cannot be read.
        DatasetError: It is too large.
        Cancelled: The user cancelled.
    """
    encoding = encoding_of(path, cancel)
    with open_text(path, encoding) as text:
        sample = list(islice(lines(text, path.name, cancel), _SAMPLE))
    delimiter = _delimiter(sample)
    if delimiter is None:
        return None
    quote = "'" if all(line.startswith("'") for line in sample if line.strip()) else '"'

    def rows() -> Iterator[Row]:
        with open_text(path, encoding) as text:
            yield from _rows(lines(text, path.name, cancel), delimiter, quote, path)

    name = printable(path.name)
    remark = f"{name} is not UTF-8 and was read as Windows-1252." if encoding == FALLBACK else ""
    return Table(path, rows, remark=remark)


def read_names(path: Path, cancel: CancelToken = NEVER) -> Table:
    """Open a list with a name in each line.

    Args:
        path: Text file.
        cancel: Token checked at every line.

    Raises:
        StorageError: The file cannot be read.
        DatasetError: It is too large.
        Cancelled: The user cancelled.
    """
    encoding = encoding_of(path, cancel)

    def rows() -> Iterator[Row]:
        with open_text(path, encoding) as text:
            for number, line in enumerate(lines(text, path.name, cancel), 1):
                if name := line.strip():
                    yield number, [name]

    return Table(path, rows, header=False)


def _delimiter(sample: list[str]) -> str | None:
    """Find what divides the cells: what makes the same number of columns, 2 or more, in most rows."""
    if sample and (stated := _SEPARATOR_LINE.fullmatch(sample[0])):
        return stated[1]
    best: tuple[float, str | None] = (0.8, None)
    for delimiter in _DELIMITERS:
        counts = Counter(len(cells) for cells in _cells(sample, delimiter, '"') if cells)
        regular = max((count for columns, count in counts.items() if columns > 1), default=0)
        score = regular / max(sum(counts.values()), 1)
        if score > best[0]:
            best = score, delimiter
    if best[1] is None:
        rows = [line.split() for line in sample if line.strip() and not line.startswith(_REMARK)]
        if rows and all(len(cells) >= 2 or number < 1 for number, cells in enumerate(rows)):
            return _SPACES
    return best[1]


def _cells(sample: Iterable[str], delimiter: str, quote: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(sample, delimiter=delimiter, quotechar=quote, skipinitialspace=True)
    except csv.Error:  # a quotation mark that is never closed
        return


def _rows(source: Iterator[str], delimiter: str, quote: str, path: Path) -> Iterator[Row]:
    if delimiter == _SPACES:
        yield from _spaced(source)
        return
    reader = csv.reader(source, delimiter=delimiter, quotechar=quote, skipinitialspace=True, strict=True)
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS:
                raise DatasetError(
                    f"{printable(path.name)}: line {reader.line_num:,} has {len(cells):,} columns.",
                    f"Keep the file names and the labels: {MAX_COLUMNS:,} columns at most.",
                )
            if any(cells) and not (reader.line_num == 1 and cells[0].startswith("sep=")):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise DatasetError(
            f"{printable(path.name)}: line {reader.line_num:,} cannot be read: {error}.",
            "Check its quotation marks.",
        ) from error


def _spaced(source: Iterator[str]) -> Iterator[Row]:
    """Rows divided by spaces.

    The name in the first column may have some itself, or the label in the last one. A line with one number
    before the first row counts the rows, and the names of the columns may leave out that of the first, as
    lists of attributes have it. Lines that begin with a number sign are remarks.
    """
    numbered = ((number, line) for number, line in enumerate(source, 1) if not line.startswith(_REMARK))
    start = list(islice(numbered, _SAMPLE))
    if start and len(start[0][1].split()) == 1:
        del start[0]
    counts = [len(cells) for _number, line in start[1:] if (cells := line.split())]
    columns = min(counts, default=0)
    for index, (number, line) in enumerate(chain(start, numbered)):
        cells = line.split()
        if not cells:
            continue
        if index == 0 and len(cells) == columns - 1:
            cells.insert(0, "")
        if len(cells) > columns > 1:
            from_left = cells[0].isdigit() or cells[0].lower().endswith(_PICTURES)
            cells = (line.strip().split if from_left else line.strip().rsplit)(None, columns - 1)
        yield number, cells
