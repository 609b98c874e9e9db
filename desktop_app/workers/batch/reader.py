"""The worker that reads the job that is shown: which rows, their content, and what it says as a whole."""

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
    """Find the rows of a job that pass a filter, in an order."""

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
        opened: Path and `OpenJob`.
        failed: Path and `Reason` why the job cannot be opened, or not be read any more.
        viewed: Path and `JobView`.
        rows_read: Path and ``tuple[Row, ...]``.
        surveyed: Path and `JobOverview`, without scores.
        view_served: After each `view`.
        rows_served: After each `read_rows`.
        survey_served: After each `survey`.
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
        """Open a job instead of the one before."""
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
        """Take note of what was moved or put back."""
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
        """Give the reader, if it is still that of this job, and close it when it fails."""
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
                self.failed.emit(path, Reason.of_defect("Reading the job", error))
                raise
            self.failed.emit(path, error.reason)
