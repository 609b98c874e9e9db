"""The findings of a check, in little memory: some hundred bytes for each picture."""

from __future__ import annotations

from array import array
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.datasets.examine.picture_facts import LOOK_SIDE, PictureFacts, Verdict
from desktop_app.core.datasets.report import FileProblem, Part
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.images.decoding.number_facts import NO_FACTS, NumberFacts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop_app.core.datasets.examine.layout import ClassFolder


class Findings:
    """Facts about usable pictures, in the order in which they were found, and what is skipped.

    Attributes:
        class_names: Names of all class folders, also of those that turn out to be empty.
        paths: Paths of the usable pictures.
        labels: Indices into ``class_names``.
        parts: Subsets that the folders name.
        digests: Digests, see `PictureFacts`.
        widths: Widths in pixels.
        heights: Heights in pixels.
        modes: Number of pictures of each format and colour mode.
        grey: Number of pictures without colour.
        problems: Skipped files and folders.
        left_out: Number of problems in each class.
        blank: Indices of the pictures that show nothing.
        numbers: Facts about the numbers of unusual pictures, by index.
    """

    def __init__(self, class_names: Sequence[str]) -> None:
        self.class_names = tuple(class_names)
        self.paths: list[Path] = []
        self.labels = array("l")
        self.parts: list[Part | None] = []
        self.digests: list[bytes] = []
        self.widths = array("l")
        self.heights = array("l")
        self.modes: Counter[str] = Counter()
        self.grey = 0
        self.problems: list[FileProblem] = []
        self.left_out: Counter[int] = Counter()
        self.blank = array("l")
        self.numbers: dict[int, NumberFacts] = {}
        self._looks = bytearray()

    def add(self, path: Path, folder: ClassFolder, verdict: Verdict) -> None:
        """Add one file; None as its verdict leaves nothing to record."""
        if isinstance(verdict, Reason):
            self.leave_out(FileProblem(path, verdict), folder.label)
        elif isinstance(verdict, PictureFacts):
            if verdict.blank:
                self.blank.append(len(self.paths))
            if verdict.numbers != NO_FACTS:
                self.numbers[len(self.paths)] = verdict.numbers
            self.paths.append(path)
            self.labels.append(folder.label)
            self.parts.append(folder.part)
            self.digests.append(verdict.digest)
            self.widths.append(verdict.width)
            self.heights.append(verdict.height)
            self.modes[verdict.mode] += 1
            self.grey += verdict.grey
            self._looks += verdict.look

    def leave_out(self, problem: FileProblem, label: int) -> None:
        """Note a file or folder of a class that cannot be used."""
        self.problems.append(problem)
        self.left_out[label] += 1

    def all_looks(self) -> NDArray[np.uint8]:
        """The looks of all pictures, uint8 ``(N, 81)``."""
        return np.frombuffer(bytes(self._looks), np.uint8).reshape(-1, LOOK_SIDE**2)
