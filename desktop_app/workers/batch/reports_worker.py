"""The worker that goes through all rows of a job: to score the model, and to write them to a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.engine.libraries import import_picture_modules
from desktop_app.core.foundation.errors import Cancelled, Reason, SightlineError
from desktop_app.core.foundation.gc_pause import collector_resting
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.batch.results.export import ExportFormat
    from desktop_app.core.foundation.cancellation import CancelToken


@dataclass(frozen=True, slots=True, eq=False)
class ScoreRequest:
    """Compare the predictions of a job with the names of its folders."""

    path: Path
    cancel: CancelToken


@dataclass(frozen=True, slots=True, eq=False)
class ExportRequest:
    """Write the results of a job to a file."""

    path: Path
    target: Path
    form: ExportFormat
    cancel: CancelToken


class BatchReportsWorker(QObject):
    """Wraps `score` and `export_job`; lives in a thread of its own, since 100,000 rows take seconds.

    Signals:
        scored: The `ScoreRequest` and its `Scores`, or None; a request that is cancelled or fails gets none.
        ended: The outcome of an export, as a sentence, and whether it succeeded.
    """

    scored = Signal(object, object)
    ended = Signal(str, bool)

    @Slot(object)
    def score(self, request: ScoreRequest) -> None:
        """Compare predictions with folders."""
        try:
            import_picture_modules()
            from desktop_app.core.batch.filing.places_reader import PlacesReader
            from desktop_app.core.batch.results.scoring import score

            reading = PlacesReader(request.path, request.cancel, as_found=True)
            with reading as reader, collector_resting():
                self.scored.emit(request, score(reader))
        except (Cancelled, SightlineError):
            pass  # the reader of the rows reports what is wrong with the job

    @Slot(object)
    def export(self, request: ExportRequest) -> None:
        """Write a file; a cancelled request leaves an existing file alone."""
        try:
            import_picture_modules()
            from desktop_app.core.batch.filing.places_reader import PlacesReader
            from desktop_app.core.batch.results.export import export_job

            with PlacesReader(request.path, request.cancel) as reader, collector_resting():
                count = export_job(reader, request.target, request.form)
            results = f"{count:,} result{'s' if count != 1 else ''}"
            self.ended.emit(f"{results} written to {printable(request.target.name)}.", True)
        except Cancelled:
            pass
        except SightlineError as error:
            self.ended.emit(error.reason.sentence, False)
        except Exception as error:
            self.ended.emit(Reason.of_defect("The export", error).sentence, False)
            raise
