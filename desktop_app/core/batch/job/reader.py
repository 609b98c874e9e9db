"""The reading side of a job, for tables, charts and exports, while another thread or process writes it."""

from __future__ import annotations

import json
import os
from array import array
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from desktop_app.core.batch.job.database import (
    LATER_COLUMNS,
    NO_LABEL_GIVEN,
    missing_columns,
    open_for_reading,
    read_spec,
)
from desktop_app.core.batch.job.errors import content_errors, job_errors
from desktop_app.core.batch.job.filters import OF_ANSWERS, RowFilter, Sort
from desktop_app.core.batch.job.rows import (
    Row,
    Status,
    columns,
    engine_from,
    row_of,
    unpack_amounts,
    unpack_classes,
)
from desktop_app.core.foundation.text import amount
from desktop_app.core.images.left_out import LeftOut

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from desktop_app.core.inference.choice import AnsweredBy

_PIECE = 1000
"""Rows that are read at a time by whoever wants all of them."""

_EVERYTHING = RowFilter()
_AS_FOUND = Sort()


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of a job.

    Attributes:
        done: The number of classified pictures.
        failed: The number of pictures that could not be read.
        total: The number of pictures found so far.
    """

    done: int
    failed: int
    total: int


@dataclass(frozen=True, slots=True)
class AmountRange:
    """What an amount is over the pictures of a job.

    Attributes:
        name: The name for the screen.
        unit: The unit; empty where it has none.
        least: The smallest number.
        mean: The mean.
        most: The largest number.
    """

    name: str
    unit: str
    least: float
    mean: float
    most: float

    @property
    def words(self) -> str:
        """The range in words: "price: 3.1 to 48 EUR, mean 12.4"."""
        return f"{self.name}: {amount(self.least)} to {amount(self.most)} {self.unit}".rstrip() + (
            f", mean {amount(self.mean)}"
        )


@dataclass(frozen=True, slots=True)
class FolderProblem:
    """A folder that gave no pictures.

    Attributes:
        after: The number of the picture behind which it belongs in the order found.
        path: The path of the folder, beginning with the source as it was named.
        reason: The reason as a sentence.
    """

    after: int
    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Answers:
    """The predictions for some pictures, without making a row of each: ten times as quick to read.

    Attributes:
        folders: The index of the source and the folder of each picture, as bytes.
        classes: The class indices, int64 ``(pictures, top)``, the best first; -1 where fewer
            were kept.
    """

    folders: list[tuple[int, bytes]]
    classes: NDArray[np.int64]


class JobReader:
    """Looks into a job; for one thread, a context manager.

    Each call sees what was committed until then.

    Attributes:
        path: The job's file.
        spec: The job's settings.
    """

    def __init__(self, path: Path) -> None:
        """Open the file of a job.

        Raises:
            JobError: There is none, or it is damaged or something else.
            StorageError: The disk does not let it be read.
        """
        self.path = path
        self._connection = open_for_reading(path)
        try:
            self.spec = read_spec(self._connection, path)
        except BaseException:
            self._connection.close()
            raise
        self._alphabet = self.spec.alphabet()
        self._missing = tuple(LATER_COLUMNS)
        self._engines: dict[int, AnsweredBy] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close; more calls do nothing."""
        self._connection.close()

    @property
    def state(self) -> str:
        """``waiting`` before the first run, then ``running``, ``stopped``, ``interrupted`` or ``finished``.

        A job that says ``running`` while nobody has its lock was killed.
        """
        found = self._all("SELECT value FROM meta WHERE key = 'state'")
        return str(found[0][0]) if found else "waiting"

    @property
    def worked(self) -> datetime | None:
        """When work on it began or ended the last time; None when that was never."""
        found = self._all("SELECT value FROM meta WHERE key = 'worked'")
        with content_errors(self.path):
            return datetime.fromisoformat(found[0][0]) if found else None

    def counts(self) -> Counts:
        """Count the pictures."""
        counts = dict(self._all("SELECT status, count(*) FROM pictures GROUP BY status"))
        done, failed = counts.get(Status.DONE, 0), counts.get(Status.FAILED, 0)
        return Counts(done, failed, sum(counts.values()))

    def engines(self) -> list[tuple[AnsweredBy | None, int]]:
        """Count the classified pictures by what computed their predictions.

        Returns:
            Each with its number of pictures, the most frequent first; None for predictions of earlier
            versions, which did not write it down.
        """
        engine = "NULL" if self._lacks("engine") else "engine"
        query = f"SELECT {engine}, count(*) FROM pictures WHERE status = 1 GROUP BY 1 ORDER BY 2 DESC, 1"  # noqa: S608
        rows = self._all(query)
        known = self._known_engines()
        return [(None if number is None else known.get(number), count) for number, count in rows]

    def labels(self) -> list[tuple[int, int]]:
        """Count the pictures by their most probable class, or by each of their labels, for a chart.

        Returns:
            The class index and number of pictures of each label, the most frequent first; `NO_LABEL_GIVEN`
            for those that may have several and have none. Nothing for amounts.
        """
        if self.spec.task == "regression":
            return []
        if self.spec.task == "multi-label":
            given = self._all("SELECT label, count(*) FROM given GROUP BY label ORDER BY 2 DESC, 1")
            with content_errors(self.path):
                return [(self._known_label(label), count) for label, count in given]
        rows = self._all(
            "SELECT label, count(*) FROM pictures WHERE status = 1 GROUP BY label ORDER BY 2 DESC, 1"
        )
        with content_errors(self.path):
            return [(self._alphabet[place], count) for place, count in rows]

    def amounts(self) -> list[AmountRange]:
        """The range and the mean of each amount over the classified pictures; nothing for classes."""
        if self.spec.task != "regression":
            return []
        count = len(self.spec.classes)
        least, most = np.full(count, np.inf), np.full(count, -np.inf)
        total, pictures, after = np.zeros(count), 0, 0
        query = _query("id, answers", "WHERE status = 1 AND id > ? ORDER BY id LIMIT ?")
        while found := self._all(query, (after, _PIECE)):
            with content_errors(self.path):
                values = unpack_amounts([answers for _number, answers in found], count)
            least, most = np.minimum(least, values.min(axis=0)), np.maximum(most, values.max(axis=0))
            total, pictures, after = total + values.sum(axis=0), pictures + len(found), found[-1][0]
        if not pictures:
            return []
        units = self.spec.units or ("",) * count
        return [
            AmountRange(entry.readable, unit, *map(float, figures))
            for entry, unit, *figures in zip(
                self.spec.classes, units, least, total / pictures, most, strict=True
            )
        ]

    def groups(self) -> list[tuple[str | int, int]]:
        """Count the pictures by kind, and those without one by their most probable class, for a chart.

        Returns:
            The kind's name or the class index, and the number of pictures, the most frequent first.
        """
        if self._lacks("kind"):
            return []
        rows = self._all(
            "SELECT kind, CASE WHEN kind IS NULL THEN label END, count(*) FROM pictures WHERE status = 1 "
            "GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"
        )
        with content_errors(self.path):
            return [
                (self._alphabet[place] if kind is None else str(kind), count) for kind, place, count in rows
            ]

    def numbers(self, which: RowFilter = _EVERYTHING, sort: Sort = _AS_FOUND) -> array[int]:
        """Find the rows that match a filter, in an order; `rows_of` reads them.

        A table needs this once for each filter and order: 800 kB and some hundredths of a second for
        100,000 pictures. Each page is then there in a millisecond, whatever the filter.
        """
        conditions, values = self._conditions(which)
        if sort.column == "kind" and self._lacks("kind"):
            sort = Sort("found", descending=sort.descending)
        if sort.column not in OF_ANSWERS:
            return self._find(conditions, values, sort.order())
        answered = conditions if which.answered_only else [*conditions, "status = 1"]
        numbers = self._find(answered, values, sort.order())
        if not which.answered_only:
            numbers += self._find([*conditions, "status IN (0, 2)"], values, "id")
        return numbers

    def rows_of(self, numbers: Sequence[int]) -> list[Row]:
        """Read rows by their numbers, in that order; at most some thousand at a time."""
        marks = ", ".join("?" * len(numbers))
        found = {row.number: row for row in self._rows(f"WHERE id IN ({marks})", numbers)}
        return [found[number] for number in numbers if number in found]

    def select(self, which: RowFilter = _EVERYTHING) -> Iterator[Row]:
        """Read all rows that match a filter, in the order found."""
        conditions, values = self._conditions(which)
        after = 0
        while True:
            where = " AND ".join(["id > ?", *conditions])
            rows = self._rows(f"WHERE {where} ORDER BY id LIMIT ?", (after, *values, _PIECE))
            yield from rows
            if len(rows) < _PIECE:
                return
            after = rows[-1].number

    def answers(self, top: int) -> Iterator[Answers]:
        """Read the ``top`` most probable classes of all classified pictures, in the order found."""
        query = _query("id, source, path, answers", "WHERE status = 1 AND id > ? ORDER BY id LIMIT ?")
        after = 0
        while found := self._all(query, (after, _PIECE)):
            with content_errors(self.path):
                # A Path of each would take as long as all the rest.
                folders = [(int(source), os.path.dirname(path)) for _, source, path, _ in found]  # noqa: PTH120
                classes = unpack_classes([answer for *_, answer in found], top)
                if classes.max() >= len(self.spec.classes) or classes[:, 0].min() < 0:
                    message = "an answer names a class that the model has not"
                    raise ValueError(message)
            yield Answers(folders, classes)
            after = found[-1][0]

    def rows(self, after: int, limit: int = _PIECE) -> list[Row]:
        """Read the results that came since: those behind a picture, up to the first one still waiting.

        Args:
            after: Number of the last picture that is known already.
            limit: How many at most.
        """
        first_waiting = "(SELECT coalesce(min(id), 9e15) FROM pictures WHERE status = 0)"
        return self._rows(f"WHERE id > ? AND id < {first_waiting} ORDER BY id LIMIT ?", (after, limit))

    def problems(self) -> list[FolderProblem]:
        """List the folders that gave no pictures, in the order found."""
        rows = self._all("SELECT after, path, reason FROM problems ORDER BY after, id")
        with content_errors(self.path):
            return [FolderProblem(int(after), Path(os.fsdecode(path)), str(why)) for after, path, why in rows]

    def left_out(self) -> LeftOut:
        """Count the files in the folders that are no pictures; jobs of earlier builds do not know."""
        found = self._all("SELECT value FROM meta WHERE key = 'left_out'")
        with content_errors(self.path):
            counts = json.loads(found[0][0]) if found else {}
            return LeftOut({str(kind): int(count) for kind, count in counts.items()})

    def _known_label(self, label: int) -> int:
        if not NO_LABEL_GIVEN <= label < len(self.spec.classes):
            message = "an answer names a label that the model has not"
            raise ValueError(message)
        return label

    def _find(self, conditions: Sequence[str], values: Sequence[object], order: str) -> array[int]:
        query = _query("id", f"{_joined(conditions)} ORDER BY {order}")
        with content_errors(self.path), job_errors(self.path):
            return array("q", chain.from_iterable(self._connection.execute(query, values)))

    def _rows(self, clause: str, values: Sequence[object]) -> list[Row]:
        found = self._all(_query(columns(self._missing_now()), clause), values)
        if not {row[-1] for row in found} <= {None, *self._engines}:
            self._engines = self._known_engines()
        with content_errors(self.path):
            return [row_of(values, self.spec, self._engines) for values in found]

    def _known_engines(self) -> dict[int, AnsweredBy]:
        if self._lacks("engine"):
            return {}
        rows = self._all("SELECT id, described FROM engines")
        with content_errors(self.path):
            return {int(number): engine_from(described) for number, described in rows}

    def _conditions(self, which: RowFilter) -> tuple[list[str], list[object]]:
        """The conditions of a filter; no row matches what its file does not keep."""
        if (which.kind is not None and self._lacks("kind")) or (which.unlike and self._lacks("distance")):
            return ["0"], []
        return which.conditions(self.spec)

    def _lacks(self, column: str) -> bool:
        return column in self._missing_now()

    def _missing_now(self) -> tuple[str, ...]:
        """The columns that the file lacks; somebody may resume an older job meanwhile, which adds them."""
        if self._missing:
            with job_errors(self.path):
                self._missing = missing_columns(self._connection)
        return self._missing

    def _all(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        with job_errors(self.path):
            return self._connection.execute(query, values).fetchall()


def _joined(conditions: Sequence[str]) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def _query(columns: str, clause: str) -> str:
    return f"SELECT {columns} FROM pictures {clause}"  # noqa: S608 - words of this package; values are bound
