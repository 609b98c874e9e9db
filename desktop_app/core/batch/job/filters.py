"""Which rows of a job to show, and in which order: as SQL that finds its way by indices."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from desktop_app.core.batch.job.database import NO_LABEL_GIVEN
from desktop_app.core.batch.job.rows import Status
from desktop_app.core.classify.prediction import NO_LABEL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.batch.job.spec import JobSpec

Column = Literal["found", "path", "label", "probability", "second", "kind", "seconds", "status"]
"""What a table can be sorted by; ``found`` is the order in which the pictures were found."""

_SORTED_BY = {
    "found": ("id",),
    "path": ("folded", "id"),
    "status": ("status", "id"),
    "label": ("label", "probability", "id"),
    "probability": ("probability", "id"),
    "second": ("second", "id"),
    "kind": ("kind", "kind_probability", "id"),
    "seconds": ("seconds", "id"),
}
OF_ANSWERS = frozenset({"label", "probability", "second", "kind", "seconds"})
"""Columns that are empty until a picture is classified."""


def label_words(place: int, names: Sequence[str]) -> str:
    """Name a label of `JobReader.labels`, also that of pictures without one."""
    return NO_LABEL.capitalize() if place == NO_LABEL_GIVEN else names[place]


@dataclass(frozen=True, slots=True)
class Sort:
    """An order. Pictures without a prediction come last in columns of predictions."""

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
        status: The status to show.
        label: The index, in the network's outputs, of the most probable class to show; of a label that the
            pictures have, where they may have several, and `NO_LABEL_GIVEN` for those without one.
        kind: The name of the kind to show.
        text: The text that the path below the source must contain, whatever its case.
        least: The minimum probability, 0..1; or the first amount.
        most: The maximum probability, 0..1; or the first amount.
        unlike: Whether to show only pictures that are unlike anything the model was trained on.
    """

    status: Status | None = None
    label: int | None = None
    kind: str | None = None
    text: str = ""
    least: float | None = None
    most: float | None = None
    unlike: bool = False

    @property
    def answered_only(self) -> bool:
        """Whether only classified pictures can match."""
        return (
            self.status is Status.DONE
            or self.unlike
            or any(value is not None for value in (self.label, self.kind, self.least, self.most))
        )

    def conditions(self, spec: JobSpec) -> tuple[list[str], list[object]]:
        """The SQL conditions, to be joined by AND, and their values."""
        conditions: list[str] = []
        values: list[object] = []
        if self.answered_only:
            conditions.append("status = 1")
        if self.status is not None and not (self.answered_only and self.status is Status.DONE):
            conditions.append(f"status = {int(self.status)}")
        if self.label is not None and spec.task == "multi-label":
            conditions.append("id IN (SELECT picture FROM given WHERE label = ?)")
            values.append(self.label)
        elif self.label is not None:
            conditions.append("label = ?")
            values.append(spec.alphabet().index(self.label))
        if self.kind is not None:
            conditions.append("kind = ?")
            values.append(self.kind)
        for value, sign in ((self.least, ">="), (self.most, "<=")):
            if value is not None:
                conditions.append(f"probability {sign} ?")
                values.append(value)
        if self.unlike:
            conditions.append("distance > 1")
        if self.text:
            conditions.append("instr(folded, ?)")
            values.append(os.fsencode(self.text.casefold()))
        return conditions, values
