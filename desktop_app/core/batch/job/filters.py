"""Which rows of a job to show, and in which order: as SQL that finds its way by indices."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from desktop_app.core.batch.job.rows import Status

if TYPE_CHECKING:
    from desktop_app.core.batch.job.spec import JobSpec

Column = Literal["found", "path", "label", "probability", "second", "seconds", "status"]
"""What a table can be sorted by; ``found`` is the order in which the pictures were found."""

_SORTED_BY = {
    "found": ("id",),
    "path": ("folded", "id"),
    "status": ("status", "id"),
    "label": ("label", "probability", "id"),
    "probability": ("probability", "id"),
    "second": ("second", "id"),
    "seconds": ("seconds", "id"),
}
OF_ANSWERS = frozenset({"label", "probability", "second", "seconds"})
"""Columns that are empty until a picture is answered."""


@dataclass(frozen=True, slots=True)
class Sort:
    """An order. Pictures without an answer come last where the column is one of answers."""

    column: Column = "found"
    descending: bool = False

    def order(self) -> str:
        """The SQL behind ORDER BY."""
        way = " DESC" if self.descending else ""
        return ", ".join(f"{name}{way}" for name in _SORTED_BY[self.column])


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Which rows to show; all by default.

    Attributes:
        status: Only these.
        label: Only pictures whose most probable class is this place in the network's outputs.
        text: Only pictures whose path below the source has this in it, whatever its case.
        least: Only answers of at least this probability, 0..1.
        most: Only answers of at most this probability, 0..1.
    """

    status: Status | None = None
    label: int | None = None
    text: str = ""
    least: float | None = None
    most: float | None = None

    @property
    def answered_only(self) -> bool:
        """Whether only answered pictures can pass."""
        return self.status is Status.DONE or any(
            value is not None for value in (self.label, self.least, self.most)
        )

    def conditions(self, spec: JobSpec) -> tuple[list[str], list[object]]:
        """The SQL conditions, to be joined by AND, and their values."""
        conditions: list[str] = []
        values: list[object] = []
        if self.answered_only:
            conditions.append("status = 1")
        if self.status is not None and not (self.answered_only and self.status is Status.DONE):
            conditions.append(f"status = {int(self.status)}")
        if self.label is not None:
            conditions.append("label = ?")
            values.append(spec.alphabet().index(self.label))
        for value, sign in ((self.least, ">="), (self.most, "<=")):
            if value is not None:
                conditions.append(f"probability {sign} ?")
                values.append(value)
        if self.text:
            conditions.append("instr(folded, ?)")
            values.append(os.fsencode(self.text.casefold()))
        return conditions, values
