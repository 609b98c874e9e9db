"""What crosses threads around whole folders, besides the rows and progress of `core/batch`."""

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


@dataclass(frozen=True, slots=True)
class JobEntry:
    """A job among others, for a list.

    Attributes:
        path: Its file.
        name: Its folders in words, printable.
        model_id: The model that answers.
        model_name: As it was called when the job was begun.
        state: ``waiting``, ``running``, ``stopped``, ``interrupted`` or ``finished``; a job that was killed
            is ``interrupted``.
        counts: How far it is.
        changed: When work on it began or ended the last time, in local time.
        problem: Why it cannot be opened, as a sentence; empty when it can.
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
        path: Its file.
        name: Its folders in words, printable.
        spec: What was asked.
    """

    path: Path
    name: str
    spec: JobSpec


@dataclass(frozen=True, slots=True)
class JobView:
    """Which pictures a table shows, in its order; the answer to `BatchService.ask_view`.

    Attributes:
        filter: As it was asked.
        sort: As it was asked.
        numbers: Of the pictures.
    """

    filter: RowFilter
    sort: Sort
    numbers: array[int] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class JobOverview:
    """What a job says as a whole.

    Attributes:
        counts: How far it is.
        labels: Class (its place in the network's outputs) and number of pictures, the most frequent first.
        problems: Folders that gave no pictures.
        scores: How often the model was right; None where the folders are no classes, and, while the job
            runs, until it is worked out.
    """

    counts: Counts
    labels: tuple[tuple[int, int], ...]
    problems: tuple[FolderProblem, ...]
    scores: Scores | None
