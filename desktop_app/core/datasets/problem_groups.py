"""Skipped files by their reason: thousands of files with one thing wrong are one thing to say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from desktop_app.core.datasets.report import FileProblem
    from desktop_app.core.foundation.errors import Reason

FEW = 3
"""Files with the same reason that are named one by one, and examples of more."""

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Files that are skipped for the same reason.

    Attributes:
        reason: The reason of the first of them.
        paths: All of them, in their order.
    """

    reason: Reason
    paths: tuple[Path, ...]

    def sentences(self, folder: Path, rest: str = "") -> list[str]:
        """Name each of a few files with the reason; many by their number and some examples.

        Args:
            folder: Folder of the data set; files inside are named by their paths in it where there are many.
            rest: Sentence that says where all of many files are named.
        """
        if len(self.paths) <= FEW:
            return [f"{printable(str(path))} is skipped: {self.reason.sentence}" for path in self.paths]
        some = ", ".join(_inside(path, folder) for path in self.paths[:FEW])
        sentence = f"{len(self.paths):,} files are skipped, such as {some}: {self.reason.sentence}"
        return [f"{sentence} {rest}".rstrip()]


def grouped(problems: Sequence[FileProblem]) -> tuple[ProblemGroup, ...]:
    """Group problems by their reason, in the order of the first file of each."""
    found: dict[str, list[FileProblem]] = {}
    for key, problem in zip(reason_keys(problems), problems, strict=True):
        found.setdefault(key, []).append(problem)
    return tuple(
        ProblemGroup(members[0].reason, tuple(problem.path for problem in members))
        for members in found.values()
    )


def reason_keys(problems: Iterable[FileProblem]) -> list[str]:
    """Make texts that are equal for the same reason: without the numbers and the name of the file in it."""
    known: dict[str, str] = {}  # the same text is looked at once
    keys = []
    for problem in problems:
        text = problem.reason.text
        if text not in known:
            known[text] = _DIGITS.sub("#", text.replace(problem.path.name, ""))
        keys.append(known[text])
    return keys


def _inside(path: Path, folder: Path) -> str:
    inside = path.is_relative_to(folder) and path != folder
    return printable(str(path.relative_to(folder) if inside else path))
