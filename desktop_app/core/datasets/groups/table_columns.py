"""Groups of pictures by a column of a table beside them, such as that of the patients."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.datasets.annotations.delimited import read_delimited
from desktop_app.core.datasets.annotations.divided_paths import with_whole_paths
from desktop_app.core.datasets.annotations.finding import TABLE_EXTENSIONS
from desktop_app.core.datasets.annotations.header_words import plain_title
from desktop_app.core.datasets.annotations.label_file import read_tables
from desktop_app.core.datasets.annotations.picture_index import PictureIndex
from desktop_app.core.datasets.report import DatasetError
from desktop_app.core.foundation.cancellation import NEVER, CancelToken
from desktop_app.core.foundation.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from desktop_app.core.datasets.annotations.table import Table

_WORDS = (
    *("patient", "subject", "participant", "person", "individual", "donor", "animal", "bird", "mouse"),
    *("specimen", "plant", "tree", "case", "study", "slide", "lesion", "video", "clip", "sequence", "seq"),
    *("burst", "event", "track", "scene", "session", "visit", "site", "location", "station", "camera"),
    *("hospital", "center", "centre", "institution", "scanner", "field", "plot", "well", "plate", "batch"),
)
"""What columns are called after whose values pictures belong together, the closest ties first."""

_TITLES = {f"{word}{end}": word for word in _WORDS for end in ("", "id", "ids", "no", "nr", "number", "name")}
_NOTHING = frozenset(("", "nan", "null", "none", "<na>", "unknown"))
_TABLES = tuple(TABLE_EXTENSIONS)
_MOST_LEVELS, _MOST_TABLES, _LARGEST = 3, 40, 50_000_000
"""Levels of folders and tables that are looked into, and the bytes of a table."""

_LEAST_GROUPS = 3
_MOST_WITHOUT = 0.5
"""Share of the pictures that may have no value."""

_LEAST_SHARE = 0.02
"""Share of the pictures that must have one of the same group, from which on a column is proposed."""


def word_of_title(title: str) -> str:
    """What the values of a column are, such as "patient" for "patient_id"; empty for none of these."""
    word = _TITLES.get(plain_title(title), "")
    return "sequence" if word == "seq" else word


def group_columns(
    paths: Sequence[Path],
    labels: Sequence[int],
    class_folders: Sequence[Path],
    folder: Path,
    cancel: CancelToken,
) -> list[str]:
    """List the columns of tables beside the pictures that may say what belongs together, the closest first.

    Args:
        paths: Paths of all pictures.
        labels: Class of each; a column with one value in most classes is that of the labels.
        class_folders: Folders that stand for a class; tables in them are not looked for.
        folder: Data folder.
        cancel: Token checked at every file and row.

    Raises:
        Cancelled: The user cancelled.
    """
    titles: dict[str, None] = {}
    for _path, table in _tables(folder, class_folders, cancel):
        first = next(_first_rows(table), [])
        titles.update(dict.fromkeys(title for title in first if word_of_title(title)))
    order = sorted(titles, key=lambda title: _WORDS.index(word_of_title(title)))
    return [
        title
        for title in order
        if _is_shared(values_of(paths, class_folders, folder, title, cancel=cancel), labels)
    ]


def values_of(
    paths: Sequence[Path],
    class_folders: Sequence[Path],
    folder: Path,
    column: str,
    check: Callable[[], None] = lambda: None,
    *,
    cancel: CancelToken = NEVER,
) -> list[str]:
    """The value of each picture in a column of the tables beside them; empty for one without any.

    Args:
        paths: Paths of all pictures.
        class_folders: Folders that stand for a class; tables in them are not looked for.
        folder: Data folder.
        column: Name of the column.
        check: Callback at every row; what it raises ends the work.
        cancel: Token checked at every file and row.

    Raises:
        Cancelled: The user cancelled.
    """
    found = [""] * len(paths)
    index: PictureIndex | None = None
    wanted = plain_title(column)
    for path, table in _tables(folder, class_folders, cancel):
        if wanted not in map(plain_title, next(_first_rows(table), [])):
            continue
        index = index or PictureIndex(folder, paths)
        try:
            whole = with_whole_paths(table, index) or table
            file = read_tables(path, [whole], index, [None] * len(paths), cancel)
            position = [plain_title(title) for title in file.columns.titles].index(wanted) if file else -1
            for picture, (_number, cells) in zip(
                file.columns.matches if file else (), table.rows(), strict=False
            ):
                check()
                if picture >= 0 and position < len(cells) and not found[picture]:
                    value = cells[position]
                    found[picture] = "" if value.casefold() in _NOTHING else value
        except (DatasetError, StorageError, ValueError):
            continue  # the check of the labels has a sentence about tables that cannot be read
    return found


def _tables(
    folder: Path, class_folders: Collection[Path], cancel: CancelToken
) -> Iterator[tuple[Path, Table]]:
    for path in _paths_of_tables(folder, class_folders, cancel):
        try:
            table = read_delimited(path, cancel)
        except (DatasetError, StorageError):
            continue
        if table is not None:
            yield path, table


def _paths_of_tables(folder: Path, class_folders: Collection[Path], cancel: CancelToken) -> list[Path]:
    """List the tables in a folder and some levels below it, but not in class folders, and those beside it."""
    found: list[Path] = []
    skipped = {os.fspath(path) for path in class_folders}
    level = [os.fspath(folder)]
    for _ in range(_MOST_LEVELS):
        below: list[str] = []
        for current in level:
            below += [path for path in _look_into(current, found, cancel) if path not in skipped]
        level = below
    _look_into(os.fspath(folder.absolute().parent), found, cancel)
    return found[:_MOST_TABLES]


def _look_into(folder: str, found: list[Path], cancel: CancelToken) -> list[str]:
    """Add the tables in a folder, unless each of very many is about one picture; list its folders."""
    tables: list[Path] = []
    folders: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                cancel.check()
                if entry.name.startswith("."):
                    continue
                if entry.name.lower().endswith(_TABLES):
                    if entry.stat().st_size <= _LARGEST:
                        tables.append(Path(entry.path))
                elif entry.is_dir():
                    folders.append(entry.path)
    except OSError:
        return []
    found += sorted(tables) if len(tables) <= _MOST_TABLES else []
    return folders


def _first_rows(table: Table) -> Iterator[list[str]]:
    try:
        for _number, cells in table.rows():
            yield cells
    except (DatasetError, StorageError):
        return


def _is_shared(values: Sequence[str], labels: Sequence[int]) -> bool:
    """Whether there are several groups in most classes, and some of them have several pictures."""
    counts = Counter(filter(None, values))
    in_class: defaultdict[int, set[str]] = defaultdict(set)
    for value, label in zip(values, labels, strict=True):
        in_class[label].add(value)
    several = sum(len(own) > 1 for own in in_class.values())
    shared = sum(count for count in counts.values() if count > 1)
    return (
        len(counts) >= _LEAST_GROUPS
        and 2 * several >= len(in_class)
        and values.count("") <= _MOST_WITHOUT * len(values)
        and shared >= max(_LEAST_SHARE * len(values), 2)
    )
