"""Boxes that stand in one file for all pictures: COCO documents and tables."""

from __future__ import annotations

import math
from itertools import islice
from typing import TYPE_CHECKING, Any

from desktop_app.core.datasets.annotations.header_words import box_columns, names_labels
from desktop_app.core.datasets.annotations.json_items import items_of
from desktop_app.core.datasets.annotations.json_table import is_coco_members
from desktop_app.core.datasets.annotations.label_file import JSON_EXTENSIONS, finder_of
from desktop_app.core.datasets.boxes.box_set import Box, BoxedPicture, BoxSet, corners, stated_size
from desktop_app.core.datasets.report import DatasetError
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.foundation.text import natural_key, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from desktop_app.core.datasets.annotations.label_file import LabelFile
    from desktop_app.core.datasets.annotations.picture_index import Finder, PictureIndex
    from desktop_app.core.datasets.report import Part
    from desktop_app.core.foundation.cancellation import CancelToken


def coco_boxes(
    files: Iterable[Path], index: PictureIndex, parts: Sequence[Part | None], cancel: CancelToken
) -> BoxSet | None:
    """Recognise the boxes of COCO documents.

    Args:
        files: Files that may be such documents.
        index: The pictures.
        parts: Subset of each picture by its folders.
        cancel: Token checked at every item.

    Returns:
        The boxes; None when there are none, or only of other pictures.

    Raises:
        Cancelled: The user cancelled.
    """
    found: list[_Coco] = []
    for path in files:
        if path.suffix.lower() in JSON_EXTENSIONS:
            try:
                document = _Coco(path, finder_of(path, index, parts), cancel)
            except (DatasetError, StorageError):  # whoever reads its labels says so
                continue
            if document.boxes and document.pictures:
                found.append(document)
    if not found:
        return None

    def read() -> Iterator[BoxedPicture]:
        for document in found:
            yield from document.read()

    labels = dict.fromkeys(label for document in found for label in document.names.values())
    pictures = sum(len(document.pictures) for document in found)
    return BoxSet("COCO", _place([document.path for document in found]), pictures, False, read, tuple(labels))


class _Coco:
    """One document: its pictures and categories are kept, its boxes are read when they are wanted."""

    def __init__(self, path: Path, finder: Finder, cancel: CancelToken) -> None:
        self.path = path
        self.names: dict[int, str] = {}
        self.pictures: dict[Any, int] = {}
        self.boxes = False
        self._sizes: dict[int, tuple[int, int] | None] = {}
        self._cancel = cancel
        members: set[str] = set()
        for item in items_of(path, cancel):
            members.add(item.key)
            if not isinstance(item.value, dict):
                continue
            if item.key == "images":
                picture = finder.find(str(item.value.get("file_name", "")))
                if isinstance(picture, int):
                    self.pictures[_hashable(item.value.get("id"))] = picture
                    size = stated_size(item.value.get("width"), item.value.get("height"))
                    self._sizes[picture] = size
            elif item.key == "categories":
                self.names[_hashable(item.value.get("id"))] = str(item.value.get("name", ""))
            elif item.key == "annotations" and not self.boxes:
                self.boxes = _coco_box("", item.value.get("bbox")) is not None
        self.boxes = self.boxes and is_coco_members(members)

    def read(self) -> Iterator[BoxedPicture]:
        """Put the boxes of each picture together."""
        boxes: dict[int, list[Box]] = {}
        wrong: dict[int, int] = {}
        for item in items_of(self.path, self._cancel):
            if item.key != "annotations" or not isinstance(item.value, dict):
                continue
            picture = self.pictures.get(_hashable(item.value.get("image_id")))
            if picture is None or item.value.get("iscrowd") == 1:
                continue
            category = _hashable(item.value.get("category_id"))
            box = _coco_box(self.names.get(category, str(category)), item.value.get("bbox"))
            if box is None:
                wrong[picture] = wrong.get(picture, 0) + 1
            else:
                boxes.setdefault(picture, []).append(box)
        for picture in sorted({*boxes, *wrong}):
            some = tuple(boxes.get(picture, ()))
            yield BoxedPicture(picture, some, wrong.get(picture, 0), self._sizes[picture])


def _hashable(value: Any) -> Any:
    return value if isinstance(value, int | str) else str(value)


def _coco_box(label: str, edges: Any) -> Box | None:
    """A box of left and upper edge, width and height."""
    if not isinstance(edges, list) or len(edges) != 4:
        return None
    numbers = [float(edge) for edge in edges if isinstance(edge, int | float) and math.isfinite(edge)]
    return corners(label, *numbers) if len(numbers) == 4 else None


def table_boxes(
    files: Iterable[LabelFile], index: PictureIndex, parts: Sequence[Part | None], cancel: CancelToken
) -> BoxSet | None:
    """Recognise tables with the edges of boxes.

    Args:
        files: Files whose rows name pictures.
        index: The pictures.
        parts: Subset of each picture by its folders.
        cancel: Token checked at every row.

    Returns:
        The boxes; None when no table has such columns and a label.
    """
    found = [
        (file, edges, label)
        for file in files
        if (edges := box_columns(file.columns.titles)) and (label := _label_column(file)) is not None
    ]
    if not found:
        return None

    def read() -> Iterator[BoxedPicture]:
        for file, edges, label in found:
            yield from _rows(file, edges, label, finder_of(file.path, index, parts, loose=file.loose), cancel)

    labels = sorted(
        {name for file, *_ in found for reading in file.rows.readings[:1] for name in reading.names},
        key=natural_key,
    )
    pictures = sum(int(file.rows.named.sum()) for file, *_ in found)
    place = _place([file.path for file, *_ in found])
    return BoxSet("", place, pictures, False, read, tuple(labels))


def _label_column(file: LabelFile) -> int | None:
    called = [index for index, title in enumerate(file.columns.titles) if names_labels(title)]
    likely = [choice.indices[0] for choice in file.columns.choices if not choice.one_hot]
    return next(iter([*called, *likely]), None)


def _rows(
    file: LabelFile, edges: tuple[int, int, int, int], label: int, finder: Finder, cancel: CancelToken
) -> Iterator[BoxedPicture]:
    boxes: dict[int, list[Box]] = {}
    wrong: dict[int, int] = {}
    for _number, cells in islice(file.table.rows(), 1, None):
        cancel.check()
        picture = finder.find(cells[file.columns.name]) if file.columns.name < len(cells) else "none"
        if not isinstance(picture, int):
            continue
        try:
            box = Box(cells[label], *(float(cells[edge]) for edge in edges))
        except (ValueError, IndexError):
            box = None
        if box is None or not all(math.isfinite(edge) for edge in box[1:]):
            wrong[picture] = wrong.get(picture, 0) + 1
        else:
            boxes.setdefault(picture, []).append(box)
    for picture in sorted({*boxes, *wrong}):
        yield BoxedPicture(picture, tuple(boxes.get(picture, ())), wrong.get(picture, 0))


def _place(paths: list[Path]) -> str:
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"{printable(paths[0].name)}{more}"
