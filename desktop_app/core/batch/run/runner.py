"""Running a job: find, decode, classify, keep; until all is done or it is cancelled."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.batch.job.control import UNCONTROLLED
from desktop_app.core.batch.job.errors import ClusterError, SourceGone
from desktop_app.core.batch.job.presence import check_sources
from desktop_app.core.batch.run.answering import BATCH_SIZE, OwnNetwork
from desktop_app.core.batch.run.pace import Pace, Progress
from desktop_app.core.foundation.ahead import InPlace
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.foundation.report_rate import ReportRate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop_app.core.batch.job.control import BatchToken
    from desktop_app.core.batch.job.job import Job
    from desktop_app.core.batch.job.listing import Listing
    from desktop_app.core.batch.run.answering import Answering, Workers
    from desktop_app.core.foundation.ahead import MakeExecutor

LISTING_SECONDS = 0.1
"""How long to look for pictures between two batches, until all are found."""


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run of a job ended.

    Attributes:
        finished: Whether every picture has its prediction or its reason; else it was cancelled.
        answered: The number of pictures that this run classified.
        failed: The number of pictures that this run could not read.
        left: The number of pictures that wait for the next run, as far as they were found.
        seconds: The duration of the run, pauses included.
    """

    finished: bool
    answered: int
    failed: int
    left: int
    seconds: float

    @property
    def sentence(self) -> str:
        """The end in words."""
        count = self.answered + self.failed
        words = f"{count:,} picture{'s' if count != 1 else ''}"
        if self.failed:
            words += f", {self.failed:,} couldn't be read"
        if count:
            words += f", {count / max(self.seconds, 1e-9):,.1f} per second"
        return f"{words}." if self.finished else f"{words}; {self.left:,} left."


def run(
    job: Job,
    classifier: Answering,
    control: BatchToken = UNCONTROLLED,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    *,
    batch_size: int = BATCH_SIZE,
    parallel: int | None = None,
    make_executor: MakeExecutor = InPlace,
) -> Summary:
    """Classify the waiting pictures of a job.

    Args:
        job: The job, open for writing. Its folders are searched again, and new pictures appended.
        classifier: The model that the job was started with.
        control: The token that pauses and cancels, between two batches.
        on_progress: The callback for the acknowledged progress, at the pace of `ReportRate`.
        batch_size: The number of pictures in one call of the network.
        parallel: The number of pictures to decode at the same time; that of the cores by default.
        make_executor: The factory of the threads that decode.

    Returns:
        The summary. The results are in the job, however the run ends.

    Raises:
        JobError: The job was begun with another model, or its file is damaged.
        SourceGone: The folder of pictures that wait is gone.
        ModelError: The network does not answer any more, whatever the picture.
        StorageError: The disk is full or gone.
    """
    job.spec.check_card(classifier.card)
    with OwnNetwork(
        classifier,
        fit=job.spec.fit,
        crop_share=job.spec.crop_share,
        top=job.spec.top,
        batch_size=batch_size,
        parallel=parallel,
        make_executor=make_executor,
    ) as network:
        return work_on(job, network, control, on_progress)


def work_on(
    job: Job,
    workers: Workers,
    control: BatchToken = UNCONTROLLED,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
) -> Summary:
    """Have the waiting pictures of a job classified, here or by a cluster; see `run`.

    Raises:
        JobError: The job's file is damaged.
        SourceGone: The folder of pictures that wait is gone.
        ModelError: The network does not answer any more, whatever the picture.
        ClusterError: The cluster does not answer any more.
        StorageError: The disk is full or gone.
    """
    return _Run(job, workers, control, on_progress).run()


class _Waiting:
    """The waiting pictures of a job, as `WaitingPictures`."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._last = 0
        self.complete = False

    def begin_again(self) -> None:
        """Take those that wait still, from the first on."""
        self._last = 0

    def take(self, count: int) -> list[tuple[int, Path]]:
        pictures = self._job.waiting(self._last, count)
        if pictures:
            self._last = pictures[-1][0]
        return pictures


class _Run:
    """One run of a job."""

    def __init__(
        self, job: Job, workers: Workers, control: BatchToken, on_progress: Callable[[Progress], None]
    ) -> None:
        self._job = job
        self._workers = workers
        self._waiting = _Waiting(job)
        self._control = control
        self._on_progress = on_progress
        self._pace = Pace()
        self._rate = ReportRate()
        self._began = time.monotonic()
        self._left_before = sys.maxsize
        self._before = job.done, job.failed

    def run(self) -> Summary:
        """Run until nothing is left, or until cancelled."""
        check_sources(self._job.path, self._job.spec)
        self._job.state = "running"
        try:
            listing = self._job.listing()
            while self._go_on(listing):
                self._job.record(self._workers.take(self._waiting))
            self._job.commit()
            finished = listing.finished and not self._left
            self._job.state = "finished" if finished else self._unfinished
        except (ModelError, ClusterError, SourceGone):
            self._job.state = "interrupted"
            raise
        self._report(listing, always=True)
        done, failed = self._before
        return Summary(
            finished,
            self._job.done - done,
            self._job.failed - failed,
            self._left,
            time.monotonic() - self._began,
        )

    @property
    def _unfinished(self) -> str:
        return "interrupted" if self._control.interrupted else "stopped"

    @property
    def _left(self) -> int:
        return self._job.total - self._job.done - self._job.failed

    def _go_on(self, listing: Listing) -> bool:
        """Bring in more pictures; False when there is none left or nobody wants it any more."""
        while not self._control.cancelled:
            self._wait_while_paused(listing)
            if not listing.finished:
                for piece in listing.more(LISTING_SECONDS):
                    self._job.add(piece)
                    self._workers.feed(self._waiting)  # those found first are decoded meanwhile
                self._job.note_left_out(listing.left_out)
            self._waiting.complete = listing.finished
            self._workers.feed(self._waiting)
            self._report(listing)
            if self._workers.pending:
                return not self._control.cancelled
            if listing.finished and not self._begin_again():
                return False
        return False

    def _begin_again(self) -> bool:
        """Go through what waits once more: pictures that were gone for a moment. False when it is no use."""
        self._job.commit()
        before, self._left_before = self._left_before, self._left
        self._waiting.begin_again()
        return 0 < self._left < before

    def _wait_while_paused(self, listing: Listing) -> None:
        if self._control.paused:
            self._job.commit()
            self._report(listing, always=True)
            self._control.wait_while_paused()
            self._pace.restart()

    def _report(self, listing: Listing, *, always: bool = False) -> None:
        """Report the progress, at a pace that a window can show."""
        if not self._rate.due(last=always):
            return
        job = self._job
        per_second = self._pace.measure(job.done + job.failed)
        seconds_left = None
        if listing.finished and per_second:
            seconds_left = (job.total - job.done - job.failed) / per_second
        self._on_progress(
            Progress(
                done=job.done,
                failed=job.failed,
                total=job.total if listing.finished else None,
                found=job.total,
                per_second=per_second,
                seconds_left=seconds_left,
                paused=self._control.paused,
            )
        )
