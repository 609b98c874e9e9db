"""Labels at the beginning of file names: cat.12.jpg and american_bulldog_7.jpg."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from desktop_app.core.datasets.labeling.from_file import printable_names
from desktop_app.core.datasets.labeling.label_notes import about_unlabeled
from desktop_app.core.datasets.layout.layout import LabeledPicture, Layout, UnlabeledFolder
from desktop_app.core.datasets.report import PARTS, FileProblem
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.foundation.text import counted, natural_key

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.datasets.labeling.surroundings import Surroundings

ANSWER = "name:"
"""Stands in `Answers.labels` for the names of the files; no stored name of a file has a colon."""

_LABEL = re.compile(r"(.*?[^\W\d_])[\W_]*\d[\W\d_]*")
_MOST_SHARE = 0.9
"""Share of the pictures of a folder whose names begin with a label, from which on all do."""

_FEWEST = 2
_OF_CAMERAS = frozenset(
    (
        *("img", "image", "images", "dsc", "dscn", "dscf", "pxl", "mvi", "vid", "gopr", "p", "imgp", "cimg"),
        *(
            "photo",
            "picture",
            "pic",
            "frame",
            "scan",
            "screenshot",
            "untitled",
            "file",
            "snap",
            "whatsapp image",
        ),
        *("bild", "foto", "imagen", "train", "test", "val", "valid", "validation", "sample", "data", "page"),
    )
)


def label_in(name: str) -> str | None:
    """The word or words before the number in a file's name; None without a number or words.

    Args:
        name: Name of the file, without its extension.
    """
    match = _LABEL.fullmatch(name)
    return match[1] if match and match[1].casefold() not in _OF_CAMERAS else None


def layout_by_names(around: Surroundings) -> Layout | None:
    """Make a layout of the labels in the names of the files; None when the names have none.

    Args:
        around: The pictures.
    """
    index = around.index
    labels = [label_in(path.stem) for path in index.pictures]
    folders: defaultdict[Path, list[int]] = defaultdict(list)
    for number, path in enumerate(index.pictures):
        folders[path.parent].append(number)
    labeled = {
        folder: numbers
        for folder, numbers in folders.items()
        if sum(labels[number] is not None for number in numbers) >= _MOST_SHARE * len(numbers)
    }
    counts = Counter(label for some in labeled.values() for number in some if (label := labels[number]))
    if len(counts) < 2 or min(counts.values()) < _FEWEST or 3 * len(counts) > sum(counts.values()):
        return None
    names = printable_names(counts)
    classes = tuple(sorted(names.values(), key=natural_key))
    own = {around.parts[number] for some in labeled.values() for number in some}
    divided = "train" in own and len(own - {None}) > 1
    pictures, problems = [], []
    for number in (number for some in labeled.values() for number in some):
        label, path = labels[number], index.pictures[number]
        if label is None:
            reason = Reason("Its name does not begin with a label.", "Rename it to use it.")
            problems.append(FileProblem(path, reason))
        else:
            part = (around.parts[number] or "train") if divided else None
            pictures.append(LabeledPicture(path, classes.index(names[label]), part))
    unlabeled = tuple(
        UnlabeledFolder(folder, around.parts[numbers[0]], len(numbers))
        for folder, numbers in folders.items()
        if folder not in labeled
    )
    used = {picture.part for picture in pictures}
    said = (
        f"Labels from the names of the files: {len(pictures):,} of {counted(len(index), 'picture')} have one."
    )
    return Layout(
        index.folder,
        classes,
        (),
        tuple(part for part in PARTS if part in used),
        tuple(problems),
        (said, *(about_unlabeled(entry, index.folder) for entry in unlabeled)),
        tuple(pictures),
        unlabeled,
    )
