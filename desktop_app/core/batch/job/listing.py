"""Finding the pictures of a job, a little at a time, while others are being classified."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import Reason, UnreadableImage
from desktop_app.core.images.folders import walk_pictures
from desktop_app.core.images.left_out import LeftOut
from desktop_app.core.images.sources import FileSource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desktop_app.core.batch.job.spec import JobSpec

_PIECE = 256
"""Pictures handed over at a time; listing them takes about 2 ms."""

EMPTY_FOLDER = "No pictures in this folder. Choose a folder with pictures."


def no_pictures(left_out: LeftOut) -> str:
    """Say that a folder has no pictures, and what it has instead."""
    if not left_out:
        return EMPTY_FOLDER
    return Reason(f"No pictures in this folder, only {left_out.words}.", left_out.advice).sentence


@dataclass(frozen=True, slots=True)
class Found:
    """A picture.

    Attributes:
        source: The index of the source that it lies in.
        path: The path as bytes, since a name may be anything; begins with the source as it was named.
        folded: The path below its source without upper case, for searching and sorting.
    """

    source: int
    path: bytes
    folded: bytes


@dataclass(frozen=True, slots=True)
class Problem:
    """A folder that gives no pictures.

    Attributes:
        source: The index of the source that it is or lies in.
        path: The path as bytes.
        reason: The reason as a sentence.
    """

    source: int
    path: bytes
    reason: str


Listed = Found | Problem


class Listing:
    """The pictures of all sources, in order, found as far as somebody asks.

    Attributes:
        left_out: The count of the files that are no pictures, as far as they were found.
        finished: Whether all is found.
    """

    def __init__(self, spec: JobSpec) -> None:
        self.left_out = LeftOut()
        self._found = _list_all(spec, self.left_out)
        self.finished = False

    def more(self, seconds: float) -> Iterator[list[Listed]]:
        """Look for pictures.

        Args:
            seconds: To spend, about; one large folder may take longer.

        Yields:
            Some of them, until the time is over or all are found.
        """
        end = time.monotonic() + seconds
        piece: list[Listed] = []
        for entry in self._found:
            if entry is not None:
                piece.append(entry)
            if len(piece) >= _PIECE:
                yield piece
                piece = []
            if time.monotonic() >= end:
                break
        else:
            self.finished = True
        if piece:
            yield piece


def _list_all(spec: JobSpec, left_out: LeftOut) -> Iterator[Listed | None]:
    """Give what is found, and None now and then while nothing is."""
    for number, source in enumerate(spec.sources):
        root = spec.base / source
        if FileSource(root).is_folder:
            yield from _list_folder(number, source, root, left_out)
        else:
            yield Found(number, os.fsencode(source), _folded(source.name))


def _list_folder(number: int, source: Path, root: Path, left_out: LeftOut) -> Iterator[Listed | None]:
    """List a folder: its pictures, then the folders in it that cannot be read."""
    closed: list[Listed] = []
    prefix = len(str(root))
    beginning = "" if str(source) == os.curdir else os.path.join(source, "")  # noqa: PTH118 - Path drops it

    def below(path: Path) -> str:
        return str(path)[prefix:].lstrip(os.sep)

    def named(relative: str) -> bytes:
        return os.fsencode(beginning + relative if relative else source)

    def on_unreadable(folder: Path, error: UnreadableImage) -> None:
        closed.append(Problem(number, named(below(folder)), error.reason.sentence))

    empty = True
    others = LeftOut()
    try:
        for path in walk_pictures(root, on_unreadable=on_unreadable, left_out=others):
            if path is None:
                yield None
                continue
            empty = False
            relative = below(path)
            yield Found(number, named(relative), _folded(relative))
    except UnreadableImage as error:
        closed.append(Problem(number, named(""), error.reason.sentence))
    left_out.update(others)
    if empty and not closed:
        closed.append(Problem(number, named(""), no_pictures(others)))
    yield from closed


def _folded(text: str) -> bytes:
    return os.fsencode(text.casefold())
