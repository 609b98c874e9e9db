"""The messages between threads about jobs, besides the rows and progress of `core/batch`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from array import array
    from datetime import datetime
    from pathlib import Path

    from desktop_app.core.batch.job.filters import RowFilter, Sort
    from desktop_app.core.batch.job.reader import Counts, FolderProblem
    from desktop_app.core.batch.job.spec import JobSpec
    from desktop_app.core.batch.results.scoring import Scores
    from desktop_app.core.foundation.errors import Reason


@dataclass(frozen=True, slots=True)
class JobEntry:
    """A job among others, for a list.

    Attributes:
        path: The job's file.
        name: The job's folders in words, printable.
        model_id: The id of its model.
        model_name: The model's name when the job was started.
        state: ``waiting``, ``running``, ``stopped``, ``interrupted`` or ``finished``; a job that was killed
            is ``interrupted``.
        counts: The counts of its pictures.
        changed: The time when work on it last began or ended, in local time.
        problem: The reason why it cannot be opened, as a sentence; empty if it can.
    """

    path: Path
    name: str
    model_id: str
    model_name: str
    state: str
    counts: Counts
    changed: datetime
    problem: str = ""


@dataclass(frozen=True, slots=True)
class OpenJob:
    """The job that is shown.

    Attributes:
        path: The job's file.
        name: The job's folders in words, printable.
        spec: The job's settings.
    """

    path: Path
    name: str
    spec: JobSpec


@dataclass(frozen=True, slots=True)
class JobView:
    """Which pictures a table shows, in its order; the reply to `BatchService.ask_view`.

    Attributes:
        filter: The requested filter.
        sort: The requested order.
        numbers: The numbers of the pictures.
    """

    filter: RowFilter
    sort: Sort
    numbers: array[int] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Findings:
    """What came of a whole job.

    Attributes:
        scores: The model's accuracy; None if the folders are not named after classes.
        remarks: Sentences: why there is no accuracy, or what the amounts are.
    """

    scores: Scores | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JobOverview:
    """The overview of a job.

    Attributes:
        counts: The counts of its pictures.
        labels: The class index and number of pictures of each label, most frequent first.
        groups: The same by kind: its name, or the class index of pictures without one; empty without kinds.
        problems: The folders without pictures.
        left_out: The files in the folders that are no pictures, and what to do about them; None where there
            are none.
        computed: What computed how many predictions, as a sentence; empty where one engine computed all.
        scores: The model's accuracy; None if the folders are not named after classes and, while the job
            runs, until it is computed.
        remarks: Sentences about the results, computed with the scores; see `Findings`.
    """

    counts: Counts
    labels: tuple[tuple[int, int], ...]
    problems: tuple[FolderProblem, ...]
    scores: Scores | None
    groups: tuple[tuple[str | int, int], ...] = ()
    left_out: Reason | None = None
    computed: str = ""
    remarks: tuple[str, ...] = ()
