"""Similar pictures and groups, as the window uses them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.core.foundation import paths as places
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.workers.batch.filing import BatchFiling
from desktop_app.workers.similar.calls import group, plan, similar, similar_in_job
from desktop_app.workers.threads.task import Lane
from desktop_app.workers.threads.thread import stop_all
from desktop_app.workers.threads.thumbnails import thumbnail_wishes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from desktop_app.core.batch.filing.journals import LastFiling
    from desktop_app.core.batch.filing.steps import How
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.images.sources import ReadPicture
    from desktop_app.core.library.store import Library

_LANES = ("comparing", "sorting", "thumbnails")


class SimilarService(QObject):
    """Compares, groups and sorts pictures, one request at a time; lives in the GUI thread.

    Signals:
        scan_started: The picture or folder that is now looked at; thumbnails that wait are dropped.
        progressed: The number of pictures looked at, and of all pictures.
        similar_found: The requested `SimilarPictures`.
        grouped: The requested `PictureGroups`.
        failed: The `Reason` why there are none.
        thumbnail_ready: The requested `PictureThumbnail`.
        filing_progressed: The number of files tried and of all files.
        filed: The result `Filed` after a data set was made, or that was undone.
        undo_available: The `LastFiling` that can be undone; None when there is none.
        message: The outcome of a request, and whether it succeeded.
    """

    scan_started = Signal(object)
    progressed = Signal(int, int)
    similar_found = Signal(object)
    grouped = Signal(object)
    failed = Signal(object)
    thumbnail_ready = Signal(object)
    filing_progressed = Signal(int, int)
    filed = Signal(object)
    undo_available = Signal(object)
    message = Signal(str, bool)

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._model_id = ""
        self._cancel = CancelSource()
        self._cancel_plan = CancelSource()
        self._lanes = [Lane(name, self) for name in _LANES]
        self._comparing, self._sorting, pictures = self._lanes
        self._thumbnails = thumbnail_wishes(pictures, self.thumbnail_ready.emit)
        self._filing = BatchFiling(
            self._sorting,
            on_plan=lambda _plan: None,
            on_progress=self.filing_progressed.emit,
            on_filed=lambda _job, filed: self.filed.emit(filed),
            on_offer=lambda _job, last: self.undo_available.emit(last),
            say=self.message.emit,
        )

    # Looking at pictures

    @property
    def model_id(self) -> str:
        """The model for features that pictures are compared by; empty for the built-in network."""
        return self._model_id

    def compare_by(self, model_id: str) -> None:
        """Compare by a model for features from the next request on; by the built-in network if empty."""
        self._model_id = model_id

    def find_similar(self, picture: Path, paths: Sequence[Path]) -> None:
        """Compare a picture with others; the latest request wins."""
        self._look(
            similar, picture, tuple(paths), self._model_id, shown=picture, on_result=self.similar_found.emit
        )

    def find_similar_in_job(self, picture: Path, job: Path) -> None:
        """Compare a picture with those of a batch job; the latest request wins."""
        self._look(
            similar_in_job, picture, job, self._model_id, shown=picture, on_result=self.similar_found.emit
        )

    def group(self, folder: Path) -> None:
        """Group the pictures of a folder; the latest request wins."""
        self._look(group, folder, shown=folder, on_result=self.grouped.emit)

    def cancel(self) -> None:
        """Drop the request; what was looked at is kept for the next one."""
        self._cancel.cancel()
        self._thumbnails.clear()

    def request_thumbnails(self, paths: Sequence[Path | ReadPicture]) -> None:
        """Ask for thumbnails in this order, before all that were asked for earlier."""
        self._thumbnails.ask(*paths)

    # Making a data set

    @property
    def filing(self) -> bool:
        """Whether a data set is being made, or that undone."""
        return self._filing.job is not None

    def create(self, classes: Mapping[str, Sequence[Path]], folder: Path, how: How) -> None:
        """Copy or move pictures into class folders; `filed` or a message follows."""
        self._cancel_plan = CancelSource()
        token = self._cancel_plan.token
        self._sorting.do(
            plan,
            dict(classes),
            folder,
            how,
            work="Sorting the pictures",
            on_result=partial(self._filing.carry_out, _journals()),
            on_failure=self._on_failure,
            cancel=token,
        )

    def cancel_filing(self) -> None:
        """End after the current file; what was done can be undone."""
        self._cancel_plan.cancel()
        self._filing.cancel()

    def undo_filing(self) -> None:
        """Undo the last data set that was made."""
        self._filing.undo(_journals())

    def give_up_undo(self, last: LastFiling) -> None:
        """Stop offering to undo; `undo_available` follows."""
        self._filing.give_up_undo(_journals(), last)

    def ask_undo(self) -> None:
        """Ask what can be undone, also of an earlier start; `undo_available` follows."""
        self._filing.ask_offer(_journals())

    def shutdown(self, seconds: float = 2.0) -> bool:
        """Cancel everything and end the threads.

        Returns:
            Whether all ended in time; loading TensorFlow, for example, cannot be interrupted.
        """
        self.cancel()
        self.cancel_filing()
        return stop_all(self._lanes, seconds)

    def _look(self, function: Callable[..., object], *arguments: object, shown: Path, **more: object) -> None:
        self.cancel()
        self._cancel = CancelSource()
        token = self._cancel.token
        self.scan_started.emit(shown)
        self._comparing.do(
            function,
            self._library,
            *arguments,
            token,
            work="Comparing the pictures",
            on_progress=self.progressed.emit,
            on_failure=self.failed.emit,
            cancel=token,
            **more,
        )

    def _on_failure(self, reason: Reason) -> None:
        self.message.emit(reason.sentence, False)


def _journals() -> Path:
    """What the journals of sorted folders are named after, beside those of batch jobs."""
    return places.jobs() / "sorted-photos"
