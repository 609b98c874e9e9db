"""Finding the files beside pictures that may hold their labels."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop_app.core.datasets.annotations.label_file import JSON_EXTENSIONS
from desktop_app.core.datasets.annotations.mask_names import names_masks, pictured_by
from desktop_app.core.foundation.text import natural_key
from desktop_app.core.images.folders import PICTURE_EXTENSIONS

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.foundation.cancellation import CancelToken

TABLE_EXTENSIONS = frozenset((".csv", ".tsv", ".tab", ".txt", ".lst"))

UNREAD = {
    ".xlsx": "an Excel workbook",
    ".xls": "an Excel workbook",
    ".ods": "a spreadsheet",
    ".mat": "a MATLAB file",
    ".parquet": "a Parquet table",
    ".feather": "a Feather table",
    ".pkl": "a Python pickle",
    ".pickle": "a Python pickle",
    ".npy": "a NumPy array",
    ".npz": "a NumPy archive",
    ".gz": "a compressed file",
    ".db": "a database",
    ".sqlite": "a database",
}
"""Kinds of files that may hold labels, but are not read, by extension."""

MOST_FILES = 100
"""Files that are looked into."""

_MOST_IN_A_FOLDER = 40
"""Text files in a folder from which on they belong to single pictures."""

_LARGEST_BESIDE = 100_000_000
"""Bytes of a file in the folder above, which may be about anything."""

_MOST_LEVELS = 4
_SUBMISSION = "submission"
_SKIPPED = (".", "readme", "license", "licence", "copying", "changelog", "requirements", "citation", "notice")
"""Beginnings of the names of what is hidden, and of text files that say something else."""


@dataclass(slots=True)
class Candidates:
    """Files that may hold labels.

    Attributes:
        files: Tables and JSON documents, those of outer folders first.
        unread: Files of kinds that are not read.
        submissions: Examples of what a competition wants to get, whose labels are made up.
        sidecars: Folders with so many text files that they belong to single pictures.
        masks: Whether a name is that of a mask, or of a folder of masks.
    """

    files: list[Path] = field(default_factory=list)
    unread: list[Path] = field(default_factory=list)
    submissions: list[Path] = field(default_factory=list)
    sidecars: list[Path] = field(default_factory=list)
    masks: bool = False


def find_candidates(folder: Path, cancel: CancelToken) -> Candidates:
    """List the files in a folder, and in those some levels below it, that may hold labels.

    Args:
        folder: The data folder.
        cancel: Token checked at every file.

    Raises:
        Cancelled: The user cancelled.
    """
    found = Candidates()
    level = [folder]
    for _ in range(_MOST_LEVELS):
        below: list[Path] = []
        for current in level:
            below += _look_into(current, found, cancel)
        level = below
    del found.files[MOST_FILES:]
    return found


def look_beside(folder: Path, cancel: CancelToken) -> list[Path]:
    """List the tables and JSON documents in the folder above, beside the pictures' folder.

    Args:
        folder: The data folder.
        cancel: Token checked at every file.

    Raises:
        Cancelled: The user cancelled.
    """
    found = Candidates()
    above = folder.absolute().parent
    if above != folder.absolute():
        _look_into(above, found, cancel)
    return [path for path in found.files if _size(path) <= _LARGEST_BESIDE]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _look_into(folder: Path, found: Candidates, cancel: CancelToken) -> list[Path]:
    """Sort the files of one folder; returns the folders in it."""
    files: list[Path] = []
    folders: list[Path] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                cancel.check()
                if entry.name.casefold().startswith(_SKIPPED):
                    continue
                extension = os.path.splitext(entry.name)[1].lower()  # noqa: PTH122 a path for each is slow
                if extension in TABLE_EXTENSIONS or extension in JSON_EXTENSIONS:
                    files.append(folder / entry.name)
                elif extension in UNREAD:
                    found.unread.append(folder / entry.name)
                elif entry.is_dir():
                    folders.append(folder / entry.name)
                    found.masks = found.masks or names_masks(entry.name)
                elif not found.masks and extension in PICTURE_EXTENSIONS:
                    found.masks = pictured_by(entry.name[: -len(extension)]) is not None
    except OSError:  # the layout has a sentence about folders that cannot be read
        return []
    if len(files) > _MOST_IN_A_FOLDER:
        found.sidecars.append(folder)
    else:
        files.sort(key=lambda path: natural_key(path.name))
        for path in files:
            submission = _SUBMISSION in path.stem.casefold()
            (found.submissions if submission else found.files).append(path)
    return sorted(folders, key=lambda path: natural_key(path.name))
