"""Folders with files that have the names of pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop_app.core.datasets.answers import NO_ANSWERS
from desktop_app.core.datasets.layout.recognition import recognise
from desktop_app.core.datasets.question import DatasetQuestion

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.datasets.answers import Answers
    from desktop_app.core.datasets.layout.layout import Layout
    from desktop_app.core.datasets.question import Question


def make(folder: Path, *names: str) -> Path:
    """Write files, each with the folders that it is in."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"judged by its name only")
    return folder


def fill(folder: Path, *folders: str) -> Path:
    """Write two files with names of pictures into each folder."""
    return make(folder, *(f"{name}/{number}.jpg" for name in folders for number in (1, 2)))


def found(layout: Layout) -> list[tuple[str, str, str | None]]:
    """Path, class and subset of each class folder."""
    root = layout.folder
    return [
        (entry.path.relative_to(root).as_posix(), layout.classes[entry.label], entry.part)
        for entry in layout.folders
    ]


def asked(folder: Path, answers: Answers = NO_ANSWERS) -> Question:
    """The question that is asked about a folder."""
    with pytest.raises(DatasetQuestion) as caught:
        recognise(folder, answers=answers)
    return caught.value.question
