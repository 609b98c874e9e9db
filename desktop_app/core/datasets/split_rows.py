"""Which picture is used for what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.datasets.report import PARTS

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.datasets.report import Part


@dataclass(frozen=True, slots=True)
class SplitRow:
    """One picture.

    Attributes:
        path: Of its file.
        label: Index in `Split.classes`.
        part: What it is used for.
    """

    path: Path
    label: int
    part: Part


@dataclass(frozen=True, slots=True)
class Split:
    """All pictures of a training, each in one part.

    Attributes:
        folder: Of the data set; most paths lie in it.
        classes: Names in label order.
        rows: By part, then by class, then by path.
        notes: Sentences for the person who trains, such as on pictures that were left out.
    """

    folder: Path
    classes: tuple[str, ...]
    rows: tuple[SplitRow, ...]
    notes: tuple[str, ...] = ()

    def of(self, part: Part) -> tuple[SplitRow, ...]:
        """The pictures of one part."""
        return tuple(row for row in self.rows if row.part == part)

    @property
    def counts(self) -> dict[Part, int]:
        """Number of pictures in each part."""
        return {part: sum(row.part == part for row in self.rows) for part in PARTS}
