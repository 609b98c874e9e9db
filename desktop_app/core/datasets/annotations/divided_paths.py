"""Tables that name a picture in several columns, its folders and its file, as those of camera traps do."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from desktop_app.core.datasets.annotations.picture_index import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from desktop_app.core.datasets.annotations.picture_index import PictureIndex
    from desktop_app.core.datasets.annotations.table import Row, Table

_TRIED = 200
_ENOUGH = 0.5
"""Share of the rows whose names must fit several pictures."""


def with_whole_paths(table: Table, index: PictureIndex) -> Table | None:
    """Write the folders of other columns before the names of pictures that several folders have.

    Args:
        table: The table.
        index: All pictures.

    Returns:
        The same rows with whole paths; None unless names alone fit several pictures, and other columns name
        folders that tell them apart.

    Raises:
        DatasetError: The file cannot be read.
    """
    sample = [cells for _number, cells in islice(table.rows(), 1, _TRIED)]
    name = _ambiguous_column(sample, index)
    if name is None:
        return None
    folders = [
        column
        for column in range(max(map(len, sample)))
        if column != name and all(_tells_folder(cells, name, column, index) for cells in sample)
    ]
    if not folders:
        return None

    def rows() -> Iterator[Row]:
        for number, cells in table.rows():
            found = _pictures(cells, name, folders, index)
            if len(found) == 1:
                cells[name] = index.inside[found[0]]
            yield number, cells

    return replace(table, rows=rows)


def _ambiguous_column(sample: Sequence[Sequence[str]], index: PictureIndex) -> int | None:
    for column in range(max(map(len, sample), default=0)):
        several = sum(len(index.named(cells[column])) > 1 for cells in sample if column < len(cells))
        if several > _ENOUGH * len(sample):
            return column
    return None


def _tells_folder(cells: Sequence[str], name: int, column: int, index: PictureIndex) -> bool:
    """Whether a cell is the name of a folder above one of the pictures that a row may mean."""
    if max(name, column) >= len(cells) or not index.named(cells[name]):
        return True
    return bool(_pictures(cells, name, [column], index))


def _pictures(cells: Sequence[str], name: int, folders: Sequence[int], index: PictureIndex) -> list[int]:
    if max(name, *folders) >= len(cells):
        return []
    wanted = {plain(cells[column]) for column in folders}
    named = index.named(cells[name])
    return [number for number in named if wanted <= set(map(plain, index.inside[number].split("/")[:-1]))]
