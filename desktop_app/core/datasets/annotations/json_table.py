"""JSON documents that list labels, as rows of cells."""

from __future__ import annotations

import json
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any

from desktop_app.core.datasets.annotations.json_items import items_of
from desktop_app.core.datasets.annotations.table import Row, Table
from desktop_app.core.foundation.cancellation import NEVER, CancelToken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from desktop_app.core.datasets.annotations.json_items import Item

_SAMPLE = 500
"""Records whose keys become the columns."""

_NAME = "file"
"""Column of the keys of a document that has a record for each file."""


def read_json(path: Path, cancel: CancelToken = NEVER) -> list[Table]:
    """Open a document that may list labels.

    It may have a label for each file name, the file names for each label, a record or a pair for each
    picture, the records of a COCO file without boxes, or a record a line.

    Args:
        path: JSON file.
        cancel: Token checked at every item.

    Returns:
        The ways to read it as rows; none when it lists nothing.

    Raises:
        StorageError: The file cannot be read.
        DatasetError: It is no JSON document.
        Cancelled: The user cancelled.
    """
    shapes = Counter(_shape(item) for item in items_of(path, cancel))
    if is_coco_members(key for key, _shape_ in shapes if key is not None):
        return [_coco(path, cancel)]
    tables = []
    for key, shape in shapes:
        if shape == "record":
            tables.append(_records(path, key, cancel))
        elif shape == "pair":
            tables.append(_plain(path, _pair_of(key), cancel))
    members = {shape for key, shape in shapes if key is None}
    if members & {"scalar", "list"}:
        tables.append(_plain(path, _label_of_file, cancel))
    if "list" in members:
        tables.append(_plain(path, _files_of_label, cancel))
    return tables


def is_coco_members(keys: Iterable[str]) -> bool:
    """Whether the members of a document are those of a COCO file."""
    return set(keys) >= {"images", "annotations", "categories"}


def _shape(item: Item) -> tuple[str | None, str]:
    """The array that an item is in, if any, and what it is."""
    if item.in_array:
        return item.key, _shape_of(item.value, "record", "pair")
    return None, _shape_of(item.value, "record", "list")


def _shape_of(value: Any, record: str, array: str) -> str:
    if isinstance(value, dict):
        return record
    return array if isinstance(value, list) else "scalar"


def _plain(path: Path, pairs: Callable[[Item], Iterable[tuple[Any, Any]]], cancel: CancelToken) -> Table:
    """Rows of a name and a label."""

    def rows() -> Iterator[Row]:
        for number, item in enumerate(items_of(path, cancel), 1):
            for name, label in pairs(item):
                yield number, [_cell(name), _cell(label)]

    return Table(path, rows, unit="entry", header=False)


def _pair_of(key: str | None) -> Callable[[Item], Iterable[tuple[Any, Any]]]:
    def pairs(item: Item) -> Iterable[tuple[Any, Any]]:
        if item.in_array and item.key == key and isinstance(item.value, list) and len(item.value) == 2:
            yield item.value[0], item.value[1]

    return pairs


def _label_of_file(item: Item) -> Iterable[tuple[Any, Any]]:
    if not item.in_array and not isinstance(item.value, dict):
        yield item.key, item.value


def _files_of_label(item: Item) -> Iterable[tuple[Any, Any]]:
    if not item.in_array and isinstance(item.value, list):
        yield from ((name, item.key) for name in item.value)


def _records(path: Path, key: str | None, cancel: CancelToken) -> Table:
    """Rows of records; those that are no items of an array begin with their name."""

    def records() -> Iterator[tuple[int, dict[str, Any]]]:
        for number, item in enumerate(items_of(path, cancel), 1):
            if isinstance(item.value, dict) and item.in_array == (key is not None):
                if key is None:
                    yield number, {_NAME: item.key} | _flat(item.value)
                elif item.key == key:
                    yield number, _flat(item.value)

    def rows() -> Iterator[Row]:
        titles = list(dict.fromkeys(title for _n, record in islice(records(), _SAMPLE) for title in record))
        yield 0, titles
        for number, record in records():
            yield number, [_cell(record.get(title)) for title in titles]

    return Table(path, rows, unit="entry", header=True)


def _coco(path: Path, cancel: CancelToken) -> Table:
    """The categories of the pictures of a COCO file, one row for each annotation."""

    def members(key: str) -> Iterator[dict[str, Any]]:
        for item in items_of(path, cancel):
            if item.in_array and item.key == key and isinstance(item.value, dict):
                yield item.value

    def rows() -> Iterator[Row]:
        files = {_cell(image.get("id")): _cell(image.get("file_name")) for image in members("images")}
        names = {_cell(entry.get("id")): _cell(entry.get("name")) for entry in members("categories")}
        yield 0, ["file_name", "category"]
        for number, entry in enumerate(members("annotations"), 1):
            label = _cell(entry.get("category_id"))
            yield number, [files.get(_cell(entry.get("image_id")), ""), names.get(label, label)]

    return Table(path, rows, unit="entry", header=True)


def _flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record without records in it; their members get both names."""
    flat: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, dict):
            flat |= {f"{key}.{inner}": entry for inner, entry in value.items()}
        else:
            flat[key] = value
    return flat


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str | int):
        return _cell(value[0])
    return json.dumps(value, ensure_ascii=False)
