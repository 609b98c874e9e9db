"""The folders of a plan to file pictures, each with some of its pictures, for a preview."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop_app.core.batch.filing.planned_steps import PlannedSteps

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.batch.filing.steps import Step

FIRST = 100
"""Pictures of a folder that a preview names; nobody reads more."""


@dataclass(frozen=True, slots=True)
class PlannedFolder:
    """The folder for the pictures of one label.

    Attributes:
        path: The path of the folder, which may not exist yet.
        pictures: The number of pictures filed into it.
        renamed: The number of them that get another name.
        first: The first steps, at most `FIRST`: renamed ones, then others, each in the order found.
    """

    path: Path
    pictures: int
    renamed: int
    first: Sequence[Step] = field(repr=False)


class FolderTally:
    """Counts the steps into one folder and keeps the first ones."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pictures = self._renamed = 0
        self._first = {True: PlannedSteps(), False: PlannedSteps()}

    def add(self, step: Step) -> None:
        """Count a step."""
        self._pictures += 1
        self._renamed += step.renamed
        kept = self._first[step.renamed]
        if len(kept) < FIRST:
            kept.append(step)

    def result(self) -> PlannedFolder:
        """What was counted."""
        first = (self._first[True] + self._first[False])[:FIRST]
        return PlannedFolder(self._path, self._pictures, self._renamed, first)
