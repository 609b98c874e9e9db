"""Cuts what is in boxes out of pictures, into a folder for each class."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from PIL import Image

from desktop_app.core.datasets.report import DatasetError, FileProblem, Part, ScanProgress
from desktop_app.core.datasets.throttle import Throttle
from desktop_app.core.foundation.cancellation import NEVER, CancelToken
from desktop_app.core.foundation.errors import Reason, UnreadableImage, UsageError
from desktop_app.core.foundation.file_names import folder_name
from desktop_app.core.foundation.files import replacing_folder
from desktop_app.core.foundation.text import counted, pixel_size, printable
from desktop_app.core.images.decoding.decode import read_described

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.datasets.annotations.picture_index import PictureIndex
    from desktop_app.core.datasets.boxes.box_set import BoxedPicture, BoxSet

SMALLEST = 8
"""Width and height in pixels below which a crop shows nothing that can be learned."""

QUALITY = 95
"""Of crops of JPEG pictures; those of other pictures are PNG files, which lose nothing."""

_NO_REDUCTION = 1 << 30
_MOST_BYTES = 200


@dataclass(frozen=True, slots=True)
class CropsResult:
    """Crops that were made.

    Attributes:
        folder: The new folder.
        crops: Number of crops.
        classes: Number of crops of each class.
        pictures: Number of pictures that gave any.
        bad: Number of entries that are no boxes, or lie outside their picture.
        small: Number of boxes that are too small.
        problems: Pictures that could not be read.
        divided: Whether the crops are in the subsets of their pictures.
    """

    folder: Path
    crops: int
    classes: dict[str, int]
    pictures: int
    bad: int
    small: int
    problems: tuple[FileProblem, ...]
    divided: bool = False

    @property
    def advice(self) -> str:
        """How to keep crops of one picture together when they are split; empty where they are split."""
        if self.divided or self.crops == self.pictures:
            return ""
        return "To keep the crops of a picture in one split, train with --group 'name:^(.+)_'."

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        skipped = [
            *([f"{counted(self.bad, 'box', 'boxes')} outside the picture or damaged"] if self.bad else []),
            *([f"{counted(self.small, 'box', 'boxes')} too small"] if self.small else []),
            *([f"{counted(len(self.problems), 'picture')} unreadable"] if self.problems else []),
        ]
        tail = f" Skipped: {', '.join(skipped)}." if skipped else ""
        return (
            f"{counted(self.crops, 'crop')} of {counted(len(self.classes), 'class', 'classes')} from "
            f"{counted(self.pictures, 'picture')} in {printable(str(self.folder))}.{tail}"
        )


def write_crops(
    boxes: BoxSet,
    index: PictureIndex,
    parts: Sequence[Part | None],
    target: Path,
    *,
    smallest: int = SMALLEST,
    cancel: CancelToken = NEVER,
    on_progress: Callable[[ScanProgress], None] = lambda _progress: None,
) -> CropsResult:
    """Write a file for each box into a new folder, which appears whole or not at all.

    Args:
        boxes: The boxes.
        index: The pictures.
        parts: Subset of each picture by its folders; the new folder has the same subsets.
        target: Folder to make; it must not exist.
        smallest: Least width and height of a crop in pixels.
        cancel: Token checked at every picture.
        on_progress: Callback for about 20 reports a second at most.

    Raises:
        UsageError: The folder exists, or lies in the data folder.
        DatasetError: No box can be used, or the boxes cannot be read.
        StorageError: The crops cannot be written.
        Cancelled: The user cancelled; nothing is left.
    """
    target = target.absolute()
    _check_target(target, index.folder)
    progress = Throttle(on_progress)
    with replacing_folder(target, many_files=True) as folder:
        writer = _Writer(folder, index, parts, smallest)
        for done, boxed in enumerate(boxes.read()):
            cancel.check()
            progress(min(done, boxes.pictures), boxes.pictures, "Making crops")
            writer.write(boxed, fractions=boxes.fractions)
        result = writer.result(target)
        if len(result.classes) < 2:
            what = f"only one class ({next(iter(result.classes))})" if result.classes else "no usable box"
            raise DatasetError(
                f"There is {what} in {boxes.place}. {result.sentence}", "Two classes at least are needed."
            )
    progress(boxes.pictures, boxes.pictures, "Making crops")
    return result


def _check_target(target: Path, data: Path) -> None:
    name = printable(str(target))
    if target.is_relative_to(data.absolute()):
        raise UsageError(f"{name} lies in the data folder.", "Choose a folder beside it.")
    if target.exists() or target.is_symlink():
        raise UsageError(f"{name} exists already.", "Choose a new folder for the crops.")


def _other_size(said: tuple[int, int], found: tuple[int, int]) -> Reason:
    return Reason(
        f"The picture has {pixel_size(*found)} pixels, but its boxes are for {pixel_size(*said)}.",
        "Use the pictures that the boxes were drawn on.",
    )


class _Writer:
    """Writes the crops of one picture after the other."""

    def __init__(
        self, folder: Path, index: PictureIndex, parts: Sequence[Part | None], smallest: int
    ) -> None:
        self.bad = 0
        self._small = 0
        self._folder = folder
        self._index = index
        self._parts = parts
        self._divided = any(parts)
        self._smallest = smallest
        self._counts: Counter[str] = Counter()
        self._homes: dict[str, str] = {}
        self._made: set[Path] = set()
        self._written: Counter[int] = Counter()
        self._stems: dict[int, str] = {}
        self._taken: set[str] = set()
        self._problems: list[FileProblem] = []

    def write(self, boxed: BoxedPicture, *, fractions: bool) -> None:
        """Cut the boxes of a picture out of it."""
        self.bad += boxed.unreadable
        if not boxed.boxes:
            return
        path = self._index.pictures[boxed.picture]
        try:
            decoded = read_described(path, _NO_REDUCTION)
        except UnreadableImage as error:
            self._problems.append(FileProblem(path, error.reason))
            return
        pixels, full_size, kind = decoded.pixels, decoded.full_size, decoded.kind
        if boxed.size not in {None, full_size}:
            self._problems.append(FileProblem(path, _other_size(boxed.size or full_size, full_size)))
            return
        height, width = pixels.shape[:2]
        across, down = (1.0, 1.0) if fractions else full_size
        for box in boxed.boxes:
            edges = (
                round(box.left / across * width),
                round(box.upper / down * height),
                round(box.right / across * width),
                round(box.lower / down * height),
            )
            self._cut(boxed.picture, box.label, edges, pixels, kind)

    def result(self, target: Path) -> CropsResult:
        """What was written."""
        return CropsResult(
            target,
            sum(self._counts.values()),
            dict(self._counts.most_common()),
            len(self._written),
            self.bad,
            self._small,
            tuple(self._problems),
            self._divided,
        )

    def _cut(
        self, picture: int, label: str, edges: tuple[int, int, int, int], pixels: NDArray[np.uint8], kind: str
    ) -> None:
        height, width = pixels.shape[:2]
        left, upper, right, lower = edges
        left, upper, right, lower = max(left, 0), max(upper, 0), min(right, width), min(lower, height)
        if right <= left or lower <= upper or not label:
            self.bad += 1
            return
        if min(right - left, lower - upper) < self._smallest:
            self._small += 1
            return
        number = self._written[picture] + 1
        home = self._home(picture, label)
        jpeg = kind in {"JPEG", "MPO"}
        crop = Image.fromarray(pixels[upper:lower, left:right])
        name = f"{self._stem(picture)}_{number}"
        if jpeg:
            crop.save(home / f"{name}.jpg", quality=QUALITY, subsampling=0)
        else:
            crop.save(home / f"{name}.png")
        self._written[picture] = number
        self._counts[label] += 1

    def _stem(self, picture: int) -> str:
        """The beginning of the names of a picture's crops; no two pictures have the same."""
        stem = self._stems.get(picture)
        if stem is None:
            stem = PurePosixPath(self._index.inside[picture]).with_suffix("").as_posix().replace("/", "_")
            if stem.casefold() in self._taken or len(os.fsencode(stem)) > _MOST_BYTES:
                stem = f"{picture}_{folder_name(stem)}"
            self._taken.add(stem.casefold())
            self._stems = {picture: stem}
        return stem

    def _home(self, picture: int, label: str) -> Path:
        """The folder of a class, made when it is first needed; no two classes share one on any system."""
        name = self._homes.get(label)
        if name is None:
            name, number = folder_name(label), 2
            taken = {home.casefold() for home in self._homes.values()}
            while name.casefold() in taken:
                name = f"{folder_name(label)} ({number})"
                number += 1
            self._homes[label] = name
        part = self._parts[picture] or "train"
        home = self._folder / part / name if self._divided else self._folder / name
        if home not in self._made:
            home.mkdir(parents=True, exist_ok=True)
            self._made.add(home)
        return home
