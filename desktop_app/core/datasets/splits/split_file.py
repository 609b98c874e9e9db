"""Which picture is in which subset, and the CSV file that keeps this, whatever the paths are."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.datasets.report import PARTS, DatasetError
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.foundation.files import open_regular, write_whole
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_app.core.datasets.report import Part

COLUMNS = ["path", "class", "part"]

_FOLDER, _CLASS, _NOTE, _LABELS = "folder", "class", "note", "labels"
"""In the column ``part`` of the first rows, which hold what is not about one picture."""

_ERRORS = sys.getfilesystemencodeerrors()
"""How bytes that are no valid text become characters, and back."""


@dataclass(frozen=True, slots=True)
class SplitRow:
    """One picture.

    Attributes:
        path: Path of its file.
        label: Index in `Split.classes`, or in `Split.combinations` where there are such.
        part: Subset that it is in.
    """

    path: Path
    label: int
    part: Part


@dataclass(frozen=True, slots=True)
class Split:
    """All pictures of a training, each in one subset.

    Attributes:
        folder: Folder of the data set; most paths are in it.
        classes: Names in label order.
        rows: Pictures by subset, then by class, then by path.
        notes: Sentences for the person who trains, such as on pictures that were skipped.
        combinations: Where pictures have several labels at once: the labels, as indices of ``classes``, that
            each `SplitRow.label` stands for. None where each picture has one class.
    """

    folder: Path
    classes: tuple[str, ...]
    rows: tuple[SplitRow, ...]
    notes: tuple[str, ...] = ()
    combinations: tuple[tuple[int, ...], ...] | None = None


def write_split(split: Split, path: Path) -> None:
    """Write a split whole or not at all.

    The columns are ``path,class,part``. First comes the data folder with the number of pictures in place of a
    class, then each class and each note, then the pictures, with paths relative to the data folder where they
    are in it. Where pictures have several labels, a row says so, and each has a list of names as in JSON.

    Args:
        split: The split to write.
        path: CSV file to create or replace.

    Raises:
        StorageError: It cannot be written.
    """
    text = io.StringIO(newline="")
    # Everything is quoted: names may hold commas, quotes, carriage returns and new lines.
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerow((str(split.folder.absolute()), len(split.rows), _FOLDER))
    writer.writerows(("", name, _CLASS) for name in split.classes)
    writer.writerows(("", note, _NOTE) for note in split.notes)
    if split.combinations is None:
        shown = list(split.classes)
    else:
        writer.writerow(("", "several", _LABELS))
        own = ([split.classes[label] for label in labels] for labels in split.combinations)
        shown = [json.dumps(names, ensure_ascii=False) for names in own]
    folder = split.folder.absolute()
    for row in split.rows:
        picture = row.path.absolute()
        inside = picture.relative_to(folder).as_posix() if picture.is_relative_to(folder) else str(picture)
        writer.writerow((inside, shown[row.label], row.part))
    write_whole(path, text.getvalue().encode("utf-8", _ERRORS))


def read_split(path: Path) -> Split:
    """Read what `write_split` wrote.

    Raises:
        DatasetError: It is missing or damaged.
    """
    shown = printable(str(path))
    try:
        with open_regular(path) as file:
            text = file.read().decode("utf-8", _ERRORS)
        return _parse(csv.reader(io.StringIO(text, newline=""), strict=True))
    except StorageError as error:
        raise DatasetError(str(error), error.advice) from error
    except OSError as error:
        raise DatasetError(f"{shown} cannot be read: {error.strerror}.", "Copy it and try again.") from error
    except (csv.Error, ValueError, KeyError) as error:
        raise DatasetError(f"{shown} is not a split file, or it is damaged.", "Start a new run.") from error


def read_split_folder(path: Path) -> Path | None:
    """Read the data folder of a split from its first lines; None when it is missing or damaged."""
    with contextlib.suppress(StorageError, OSError, csv.Error, ValueError), open_regular(path) as file:
        lines = io.TextIOWrapper(file, "utf-8", _ERRORS, newline="")
        for name, _class, part in itertools.islice(csv.reader(lines, strict=True), 2):
            if part == _FOLDER and "\0" not in name:
                return Path(name)
    return None


def _parse(rows: Iterable[list[str]]) -> Split:
    """Understand the rows.

    Raises:
        ValueError: They are not those of a split.
        KeyError: A class is not in the list of classes.
    """
    folder: Path | None = None
    count: int | None = None
    labels: dict[str, int] = {}
    notes: list[str] = []
    found: list[SplitRow] = []
    parts: dict[str, Part] = {part: part for part in PARTS}
    sets: dict[tuple[int, ...], int] | None = None
    for number, (path, name, part) in enumerate(rows):
        if number == 0:
            if [path, name, part] != COLUMNS:
                raise ValueError
        elif part == _FOLDER:
            folder = Path(path)
            count = int(name) if name else None  # which files of the first versions lack
        elif part == _CLASS:
            labels[name] = len(labels)
        elif part == _NOTE:
            notes.append(name)
        elif part == _LABELS:
            sets = {}
        elif folder is None or not path:
            raise ValueError
        else:
            found.append(SplitRow(folder / path, _label(name, labels, sets), parts[part]))
    if folder is None or count not in {None, len(found)}:
        raise ValueError
    combinations = None if sets is None else tuple(sets)
    return Split(folder, tuple(labels), tuple(found), tuple(notes), combinations)


def _label(text: str, labels: dict[str, int], sets: dict[tuple[int, ...], int] | None) -> int:
    """The number of a class; of several labels, that of their combination, which may be a new one."""
    if sets is None:
        return labels[text]
    names = json.loads(text)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError
    return sets.setdefault(tuple(labels[name] for name in names), len(sets))
