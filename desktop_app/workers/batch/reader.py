"""The worker that reads the open job: the order of rows, their content, and the overview."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from desktop_app.core.engine.libraries import import_picture_modules
from desktop_app.core.foundation.errors import Reason, SightlineError
from desktop_app.workers.batch.jobs import job_name
from desktop_app.workers.batch.messages import JobOverview, JobView, OpenJob

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desktop_app.core.batch.filing.places_reader import PlacesReader
    from desktop_app.core.batch.job.filters import RowFilter, Sort


@dataclass(frozen=True, slots=True)
class ViewRequest:
    """Find the rows of a job that match a filter, in an order."""

    path: Path
    which: RowFilter
    sort: Sort


@dataclass(frozen=True, slots=True)
class RowsRequest:
    """Read rows of a job by their numbers."""

    path: Path
    numbers: tuple[int, ...]


class BatchReader(QObject):
    """Wraps `JobReader`; lives in the thread that reads jobs. It keeps one job open.

    Whatever it tells begins with the path of the job. A job that cannot be read any more is closed, and what
    is asked about one that is not open is not answered; the signals ``*_served`` come in any case.

    Signals:
        opened: The path and the `OpenJob`.
        failed: The path and the `Reason` why the job cannot be opened, or no longer be read.
        viewed: The path and the `JobView`.
        rows_read: The path and the ``tuple[Row, ...]``.
        surveyed: The path and the `JobOverview`, without scores.
        view_served: The end of each `view`.
        rows_served: The end of each `read_rows`.
        survey_served: The end of each `survey`.
    """

    opened = Signal(object, object)
    failed = Signal(object, object)
    viewed = Signal(object, object)
    rows_read = Signal(object, object)
    surveyed = Signal(object, object)
    view_served = Signal()
    rows_served = Signal()
    survey_served = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._reader: PlacesReader | None = None

    @Slot(object)
    def open(self, path: Path) -> None:
        """Open a job in place of the previous one."""
        import_picture_modules()
        from desktop_app.core.batch.filing.places_reader import PlacesReader

        with self._failures_told(path):
            reader = PlacesReader(path)
            self.close()
            self._reader = reader
            self.opened.emit(path, OpenJob(path, job_name(reader.spec), reader.spec))

    @Slot()
    def close(self) -> None:
        """Close the job."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    @Slot()
    def look_for_moved(self) -> None:
        """Read again which pictures were moved or restored."""
        if self._reader is not None:
            self._reader.look_again()

    @Slot(object)
    def view(self, request: ViewRequest) -> None:
        """Find rows."""
        with self._reading(request.path, self.view_served) as reader:
            if reader is not None:
                numbers = reader.numbers(request.which, request.sort)
                self.viewed.emit(request.path, JobView(request.which, request.sort, numbers))

    @Slot(object)
    def read_rows(self, request: RowsRequest) -> None:
        """Read rows."""
        with self._reading(request.path, self.rows_served) as reader:
            if reader is not None:
                self.rows_read.emit(request.path, tuple(reader.rows_of(request.numbers)))

    @Slot(object)
    def survey(self, path: Path) -> None:
        """Count."""
        with self._reading(path, self.survey_served) as reader:
            if reader is not None:
                labels, problems = tuple(reader.labels()), tuple(reader.problems())
                self.surveyed.emit(path, JobOverview(reader.counts(), labels, problems, None))

    @contextlib.contextmanager
    def _reading(self, path: Path, served: SignalInstance) -> Iterator[PlacesReader | None]:
        """Yield the reader, if it is still that of this job, and close it if it fails."""
        reader = self._reader if self._reader is not None and self._reader.path == path else None
        try:
            with self._failures_told(path):
                yield reader
        finally:
            served.emit()

    @contextlib.contextmanager
    def _failures_told(self, path: Path) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if self._reader is not None and self._reader.path == path:
                self.close()
            if not isinstance(error, SightlineError):
                self.failed.emit(path, Reason.of_defect("Reading the batch", error))
                raise
            self.failed.emit(path, error.reason)
