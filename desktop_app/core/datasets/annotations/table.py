"""A file of labels as rows of cells, whatever it is written in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Row = tuple[int, list[str]]
"""Number of the line or entry, from 1, and its cells."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file; each call reads them again, and never kept.

    Attributes:
        path: The file.
        rows: Function that reads the rows; it may raise `DatasetError`.
        unit: What the numbers of the rows count.
        header: Whether the first row names the columns; None when that is to be found out.
        remark: Sentence about how the file was read; empty when nothing is worth a word.
    """

    path: Path
    rows: Callable[[], Iterator[Row]]
    unit: Literal["line", "entry"] = "line"
    header: bool | None = None
    remark: str = ""
