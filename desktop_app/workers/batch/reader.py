"""The open job, as a lane reads it: the order of rows, their content, and the overview."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from desktop_app.workers.batch.jobs import job_name
from desktop_app.workers.batch.messages import JobOverview, JobView, OpenJob

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desktop_app.core.batch.filing.places_reader import PlacesReader
    from desktop_app.core.batch.job.filters import RowFilter, Sort
    from desktop_app.core.batch.job.rows import Row


class BatchReader:
    """Keeps one job open; called in one lane.

    A job that can no longer be read is closed; for one that is not open, None is returned.
    """

    def __init__(self) -> None:
        self._reader: PlacesReader | None = None

    def open(self, job: Path) -> OpenJob:
        """Open a job in place of the previous one."""
        from desktop_app.core.batch.filing.places_reader import PlacesReader

        with self._reading(job):
            reader = PlacesReader(job)
        self.close()
        self._reader = reader
        return OpenJob(job, job_name(reader.spec), reader.spec)

    def close(self) -> None:
        """Close the job."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def look_for_moved(self) -> None:
        """Read again which pictures were moved or restored."""
        if self._reader is not None:
            self._reader.look_again()

    def view(self, wish: tuple[Path, RowFilter, Sort]) -> JobView | None:
        """Find the rows of a job that match a filter, in an order."""
        job, which, sort = wish
        with self._reading(job) as reader:
            return JobView(which, sort, reader.numbers(which, sort)) if reader is not None else None

    def rows(self, wish: tuple[Path, tuple[int, ...]]) -> tuple[Row, ...] | None:
        """Read rows of a job by their numbers."""
        job, numbers = wish
        with self._reading(job) as reader:
            return tuple(reader.rows_of(numbers)) if reader is not None else None

    def survey(self, wish: tuple[Path]) -> JobOverview | None:
        """Count; without scores."""
        from desktop_app.core.batch.results.computed import computed_sentence

        (job,) = wish
        with self._reading(job) as reader:
            if reader is None:
                return None
            labels, problems = tuple(reader.labels()), tuple(reader.problems())
            groups = tuple(reader.groups()) if reader.spec.kinds is not None else ()
            others = reader.left_out()
            computed = computed_sentence(reader.engines())
            return JobOverview(
                reader.counts(), labels, problems, None, groups, others.reason if others else None, computed
            )

    @contextlib.contextmanager
    def _reading(self, job: Path) -> Iterator[PlacesReader | None]:
        """Yield the reader, if it is still that of this job, and close it if it fails."""
        reader = self._reader if self._reader is not None and self._reader.path == job else None
        with contextlib.ExitStack() as failed:
            if reader is not None:
                failed.callback(self.close)
            yield reader
            failed.pop_all()
