"""Files with the boxes of one picture each: YOLO, Pascal VOC and LabelMe."""

from __future__ import annotations

import html
import json
import math
import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from desktop_app.core.datasets.boxes.box_set import Box, BoxedPicture, BoxSet, around, stated_size
from desktop_app.core.datasets.boxes.class_lists import class_names
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.foundation.files import open_regular
from desktop_app.core.foundation.text import natural_key, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from desktop_app.core.datasets.annotations.picture_index import PictureIndex
    from desktop_app.core.foundation.cancellation import CancelToken

    Parse = Callable[[str], "Parsed"]

MAX_BYTES = 64_000_000
"""Limit of such a file; LabelMe's may hold the picture too."""

_MOST_RIGHT = 4
"""Lines with a box for each without one, from which on text files are boxes."""

_TRIED = 60
"""Files that are looked at to recognise the kind."""

_EXTENSIONS = (".txt", ".xml", ".json")
_FOLDERS = ("labels", "annotations", "annots", "xmls", "annotation", "label", "bboxes")
_OBJECT = re.compile(r"<object>(.*?)</object>", re.DOTALL)
_NAME = re.compile(r"<name>(.*?)</name>", re.DOTALL)
_SIZE = re.compile(r"<width>\s*(\d{1,9})\s*</width>\s*<height>\s*(\d{1,9})\s*</height>")
_EDGES = tuple(
    re.compile(rf"<{edge}>\s*([-+.\deE]+)\s*</{edge}>") for edge in ("xmin", "ymin", "xmax", "ymax")
)


class Parsed(NamedTuple):
    """The content of a file.

    Attributes:
        boxes: Its boxes.
        wrong: Number of entries that have none.
        size: Width and height of the picture that the file states.
    """

    boxes: list[Box]
    wrong: int
    size: tuple[int, int] | None = None


def sidecar_boxes(index: PictureIndex, cancel: CancelToken) -> BoxSet | None:
    """Recognise boxes that stand in a file for each picture.

    Args:
        index: The pictures.
        cancel: Token checked at every picture.

    Returns:
        The boxes; None when the pictures have no such files.

    Raises:
        StorageError: A file with the names of the classes cannot be read.
        Cancelled: The user cancelled.
    """
    files = _Files()
    for extension, recognise in ((".txt", _yolo), (".xml", _voc), (".json", _labelme)):
        found = {}
        for number, picture in enumerate(index.pictures):
            cancel.check()
            path = files.beside(picture, extension)
            if path is not None:
                found[number] = path
        boxes = recognise(index, found, cancel) if found else None
        if boxes is not None:
            return boxes
    return None


class _Files:
    """Finds the file of a picture; asks the disk once for each folder."""

    def __init__(self) -> None:
        self._names: dict[str, frozenset[str]] = {}
        self._near: dict[Path, list[tuple[Path, frozenset[str]]]] = {}

    def beside(self, picture: Path, extension: str) -> Path | None:
        """The file of a picture beside it, or in a folder for such files."""
        near = self._near.get(picture.parent)
        if near is None:
            near = self._near[picture.parent] = self._look(picture.parent)
        name = f"{os.path.splitext(picture.name)[0]}{extension}"  # noqa: PTH122 quick
        return next((folder / name for folder, names in near if name in names), None)

    def _look(self, parent: Path) -> list[tuple[Path, frozenset[str]]]:
        """The folders that may hold the files of the pictures in one, with the names in them."""
        found = []
        for folder in dict.fromkeys(_folders(str(parent))):
            if folder not in self._names:
                self._names[folder] = _listed(folder)
            if self._names[folder]:
                found.append((parent / folder, self._names[folder]))
        return found


def _folders(folder: str) -> Iterator[str]:
    """Where the file of a picture in a folder may be, the folder itself first."""
    yield folder
    above, own = os.path.split(folder)
    top = os.path.dirname(above)  # noqa: PTH120 quick
    for name in _FOLDERS:
        for spelled in (name, name.capitalize()):
            yield os.path.join(above, spelled)  # noqa: PTH118 quick
            yield os.path.join(above, spelled, own)  # noqa: PTH118 quick
            yield os.path.join(top, spelled, own)  # noqa: PTH118 quick
            yield os.path.join(folder, spelled)  # noqa: PTH118 quick


def _listed(folder: str) -> frozenset[str]:
    """The names of the files that may hold boxes."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 names, not paths
        return frozenset(name for name in names if name.endswith(_EXTENSIONS))
    except OSError:
        return frozenset()


def _yolo(index: PictureIndex, files: dict[int, Path], cancel: CancelToken) -> BoxSet | None:
    tried = _sample(files)
    numbers: set[int] = set()
    right = wrong = 0
    for path in tried:
        boxes, bad, _size = parse_yolo(_text(path), {})
        right, wrong = right + len(boxes), wrong + bad
        numbers |= {int(box.label) for box in boxes}
    if right < _MOST_RIGHT * wrong or not right:
        return None
    places = list(dict.fromkeys(path.parent for path in tried))
    names = class_names(
        [index.folder, *places, *(above for place in places for above in _above(place, index))]
    )
    labels = tuple(names.get(number, str(number)) for number in sorted(numbers | set(names)))
    return _box_set("YOLO", files, lambda text: parse_yolo(text, names), cancel, labels, fractions=True)


def _above(place: Path, index: PictureIndex) -> list[Path]:
    return [folder for folder in place.parents if folder.is_relative_to(index.folder)][:4]


def _voc(_index: PictureIndex, files: dict[int, Path], cancel: CancelToken) -> BoxSet | None:
    return _recognised("Pascal VOC", files, parse_voc, cancel)


def _labelme(_index: PictureIndex, files: dict[int, Path], cancel: CancelToken) -> BoxSet | None:
    return _recognised("LabelMe", files, parse_labelme, cancel)


def _recognised(kind: str, files: dict[int, Path], parse: Parse, cancel: CancelToken) -> BoxSet | None:
    found = [box for path in _sample(files) for box in parse(_text(path)).boxes]
    labels = sorted({box.label for box in found}, key=natural_key)
    return _box_set(kind, files, parse, cancel, tuple(labels), fractions=False) if labels else None


def _sample(files: dict[int, Path]) -> list[Path]:
    paths = list(files.values())
    return paths[:: max(len(paths) // _TRIED, 1)][:_TRIED]


def _box_set(
    kind: str,
    files: dict[int, Path],
    parse: Parse,
    cancel: CancelToken,
    labels: tuple[str, ...],
    *,
    fractions: bool,
) -> BoxSet:
    def read() -> Iterator[BoxedPicture]:
        for number, path in files.items():
            cancel.check()
            boxes, wrong, size = parse(_text(path))
            yield BoxedPicture(number, tuple(boxes), wrong, size)

    first = next(iter(files.values()))
    place = f"files such as {printable(first.parent.name)}/{printable(first.name)}"
    return BoxSet(kind, place, len(files), fractions, read, labels)


def parse_yolo(text: str, names: dict[int, str]) -> Parsed:
    """Read lines of a class and a box (centre and size) or an outline, as fractions of the picture's size.

    Args:
        text: Content of the file.
        names: Names of the classes by number; others are called by their number.

    Returns:
        The boxes, and the number of lines that have none.
    """
    boxes, wrong = [], 0
    for line in text.splitlines():
        cells = line.split()
        if not cells:
            continue
        numbers = [_fraction(cell) for cell in cells[1:]]
        known = [number for number in numbers if number is not None]
        if not cells[0].isdigit() or len(known) != len(numbers) or len(known) < 4:
            wrong += 1
            continue
        label = names.get(int(cells[0]), str(int(cells[0])))
        if len(known) == 4 or len(known) % 2:  # a box, with how sure a network was, or points in threes
            across, down, width, height = known[:4]
            boxes.append(
                Box(label, across - width / 2, down - height / 2, across + width / 2, down + height / 2)
            )
        else:
            boxes.append(around(label, list(zip(known[0::2], known[1::2], strict=False))))
    return Parsed(boxes, wrong)


def parse_voc(text: str) -> Parsed:
    """Read the objects of an annotation in XML; nothing else of XML is interpreted.

    Args:
        text: Content of the file.

    Returns:
        The boxes, whose edges count pixels from 1 in the file, and the number of objects without one.
    """
    boxes, wrong = [], 0
    for content in _OBJECT.findall(text):
        name = _NAME.search(content)
        edges = [
            number for edge in _EDGES if (match := edge.search(content)) and _is_float(number := match[1])
        ]
        if name is None or len(edges) != 4:
            wrong += 1
            continue
        left, upper, right, lower = (float(edge) for edge in edges)
        boxes.append(Box(html.unescape(name[1]).strip(), max(left - 1, 0), max(upper - 1, 0), right, lower))
    size = _SIZE.search(text)
    return Parsed(boxes, wrong, stated_size(int(size[1]), int(size[2])) if size else None)


def parse_labelme(text: str) -> Parsed:
    """Read the shapes of a LabelMe file.

    Args:
        text: Content of the file.

    Returns:
        A box around each shape, and the number of shapes that have no points.
    """
    try:
        document: Any = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return Parsed([], 1)
    shapes = document.get("shapes") if isinstance(document, dict) else None
    boxes, wrong = [], 0
    for shape in shapes if isinstance(shapes, list) else []:
        try:
            points = [(float(point[0]), float(point[1])) for point in shape["points"]]
            label = str(shape["label"]).strip()
        except (KeyError, TypeError, ValueError, IndexError):
            wrong += 1
            continue
        if shape.get("shape_type") == "circle" and len(points) == 2:
            (across, down), edge = points[0], math.dist(points[0], points[1])
            points = [(across - edge, down - edge), (across + edge, down + edge)]
        if len(points) > 1 and label and all(math.isfinite(number) for point in points for number in point):
            boxes.append(around(label, points))
        else:
            wrong += 1
    size = stated_size(document.get("imageWidth"), document.get("imageHeight")) if shapes else None
    return Parsed(boxes, wrong, size)


def _fraction(cell: str) -> float | None:
    """A number from 0 to 1, or a little beside; None for anything else."""
    if not _is_float(cell):
        return None
    number = float(cell)
    return number if -0.05 <= number <= 1.05 else None


def _is_float(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _text(path: Path) -> str:
    """The content of a small file; nothing when it cannot be read."""
    try:
        with open_regular(path) as file:
            return file.read(MAX_BYTES).decode("utf-8-sig", "replace")
    except (StorageError, OSError):
        return ""
