"""The pictures of a data set, and the files beside them that may say what they show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop_app.core.datasets.annotations.finding import look_beside
from desktop_app.core.datasets.annotations.label_file import LabelFile, read_label_file
from desktop_app.core.datasets.annotations.picture_index import PictureIndex
from desktop_app.core.datasets.boxes.recognition import find_boxes
from desktop_app.core.datasets.layout.part_names import part_of
from desktop_app.core.datasets.layout.walk import walk
from desktop_app.core.datasets.report import DatasetError, FileProblem
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.images.folders import looks_like_picture

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.datasets.annotations.finding import Candidates
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
    """

    index: PictureIndex
    parts: list[Part | None]
    candidates: list[Path]
    unread: list[Path]
    submissions: list[Path]
    files: list[LabelFile] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)

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
        candidates: Files that may hold labels.
        beside: Whether labels may also stand in a file in the folder above.
        hidden: Pictures that are not looked for, such as masks.
        chosen: File and column that an answer names.

    Raises:
        Cancelled: The user cancelled.
    """
    index = PictureIndex(folder, [path for path in pictures_in(folder, cancel) if path not in hidden])
    parts = [part_by_folders(inside) for inside in index.inside]
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
    return result


def pictures_in(folder: Path, cancel: CancelToken) -> list[Path]:
    """List the pictures in a folder and below it, in natural order.

    Args:
        folder: The data folder.
        cancel: Token checked at every file.

    Raises:
        Cancelled: The user cancelled.
    """
    return [path for path in walk(folder, set(), cancel, lambda _problem: None) if looks_like_picture(path)]


def part_by_folders(inside: str) -> Part | None:
    """The subset that the outermost of a picture's folders stands for that stands for any.

    Args:
        inside: Path of the picture from the data folder, with ``/``.
    """
    return next((part for name in inside.split("/")[:-1] if (part := part_of(name)) is not None), None)
