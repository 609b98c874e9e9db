"""The pictures of a data set, and the files beside them that may say what they show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop_app.core.datasets.annotations.finding import look_beside
from desktop_app.core.datasets.annotations.label_file import (
    LabelFile,
    ambiguous_name,
    read_label_file,
    read_tables,
)
from desktop_app.core.datasets.annotations.picture_index import PictureIndex
from desktop_app.core.datasets.annotations.sidecar_labels import sidecar_table
from desktop_app.core.datasets.boxes.recognition import find_boxes
from desktop_app.core.datasets.layout.part_names import guess_part
from desktop_app.core.datasets.layout.walk import identity_or_none, walk
from desktop_app.core.datasets.report import PARTS, DatasetError, FileProblem
from desktop_app.core.datasets.stored_names import path_of
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.images.folders import looks_like_picture

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from desktop_app.core.datasets.annotations.finding import Candidates
    from desktop_app.core.datasets.answers import Answers, FolderMeaning
    from desktop_app.core.datasets.boxes.box_set import BoxSet
    from desktop_app.core.datasets.report import Part
    from desktop_app.core.foundation.cancellation import CancelToken


@dataclass(slots=True)
class Surroundings:
    """What lies in a data folder.

    Attributes:
        index: All pictures.
        parts: Subset of each picture by the names of its folders.
        candidates: Files that may hold labels.
        unread: Files of kinds that may hold labels, but are not read.
        submissions: Examples of what a competition wants to get, whose labels are made up.
        files: Files whose rows name pictures.
        problems: Files that may hold labels and are damaged.
        ambiguous: Files whose names each fit several pictures, with one of these names.
    """

    index: PictureIndex
    parts: list[Part | None]
    candidates: list[Path]
    unread: list[Path]
    submissions: list[Path]
    files: list[LabelFile] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)
    ambiguous: list[tuple[Path, str]] = field(default_factory=list)

    def boxes(self, cancel: CancelToken) -> BoxSet | None:
        """Find boxes around objects.

        Raises:
            StorageError: A file with the names of the classes cannot be read.
            Cancelled: The user cancelled.
        """
        return find_boxes(self.index, self.parts, self.candidates, self.files, cancel)


def survey(
    folder: Path,
    cancel: CancelToken,
    answers: Answers,
    *,
    candidates: Candidates,
    beside: bool,
    hidden: frozenset[Path] = frozenset(),
    chosen: tuple[Path, str] | None = None,
) -> Surroundings:
    """List the pictures of a folder, and read the files that may hold their labels.

    Args:
        folder: The data folder.
        cancel: Token checked at every file and row.
        answers: What was decided about the folders.
        candidates: Files that may hold labels.
        beside: Whether labels may also stand in a file in the folder above.
        hidden: Pictures that are not looked for, such as masks.
        chosen: File and column that an answer names.

    Raises:
        Cancelled: The user cancelled.
    """
    ignored = {path_of(name, folder) for name, meaning in answers.folders.items() if meaning == "ignore"}
    found = pictures_in(folder, cancel, ignored)
    index = PictureIndex(folder, [path for path in found if path not in hidden])
    parts = parts_by_folders(index, answers)
    files = candidates.files + (look_beside(folder, cancel) if beside else [])
    if chosen is not None and chosen[0] not in files:
        files.append(chosen[0])
    result = Surroundings(index, parts, files, candidates.unread, candidates.submissions)
    for path in files:
        if index.with_stem(path.stem) and (chosen is None or path != chosen[0]):
            continue  # about one picture
        column = chosen[1] if chosen is not None and path == chosen[0] else ""
        try:
            file = read_label_file(path, index, parts, cancel, column=column)
        except (DatasetError, StorageError) as error:
            result.problems.append(FileProblem(path, error.reason))
            continue
        if file is not None:
            result.files.append(file)
        elif (name := ambiguous_name(path, index, parts, cancel)) is not None:
            result.ambiguous.append((path, name))
    if beside and not result.files and (table := sidecar_table(index, cancel)) is not None:
        own = read_tables(table.path, [table], index, parts, cancel)
        result.files += [own] if own is not None else []
    return result


def pictures_in(folder: Path, cancel: CancelToken, ignored: Iterable[Path] = ()) -> list[Path]:
    """List the pictures in a folder and below it, in natural order.

    Args:
        folder: The data folder.
        cancel: Token checked at every file.
        ignored: Folders that are not entered.

    Raises:
        Cancelled: The user cancelled.
    """
    seen = {who for path in ignored if (who := identity_or_none(path)) is not None}
    return [path for path in walk(folder, seen, cancel, lambda _problem: None) if looks_like_picture(path)]


def parts_by_folders(index: PictureIndex, answers: Answers) -> list[Part | None]:
    """The subset of each picture: by what was decided about its folders, else by their names.

    Args:
        index: The pictures.
        answers: What was decided.
    """
    meanings = {path_of(name, index.folder): meaning for name, meaning in answers.folders.items()}
    known: dict[Path, Part | None] = {index.folder: None}
    return [_part_in(path.parent, meanings, known) for path in index.pictures]


def _part_in(
    folder: Path, meanings: Mapping[Path, FolderMeaning], known: dict[Path, Part | None]
) -> Part | None:
    """The subset that the outermost folder stands for that stands for any."""
    if folder not in known:
        outer = _part_in(folder.parent, meanings, known) if folder.parent != folder else None
        known[folder] = outer if outer is not None else _part_of(folder, meanings.get(folder))
    return known[folder]


def _part_of(folder: Path, meaning: FolderMeaning | None) -> Part | None:
    if meaning is not None:
        return meaning if meaning in PARTS else None
    guess = guess_part(folder.name)
    return guess.role if guess.kind != "weak" and guess.role in PARTS else None
