"""Working on a job: find, decode, classify, keep; until all is done or somebody cancels."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from desktop_app.core.batch.control import UNCONTROLLED
from desktop_app.core.batch.decoding import ParallelDecoder
from desktop_app.core.batch.job import COMMIT_ROWS
from desktop_app.core.batch.pace import Pace, Progress
from desktop_app.core.batch.rows import Outcome
from desktop_app.core.errors import ModelError
from desktop_app.core.images.decode import read_image
from desktop_app.core.report_rate import ReportRate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop_app.core.batch.control import BatchToken
    from desktop_app.core.batch.decoding import Decoded, Decoder
    from desktop_app.core.batch.job import Job
    from desktop_app.core.batch.listing import Listing
    from desktop_app.core.library.card import Fit, ModelCard

BATCH_SIZE = 32
"""Pictures in one call of the network."""

LISTING_SECONDS = 0.1
"""How long to look for pictures between two batches, until all are found."""


class Answering(Protocol):
    """What a runner needs of a `classifier.Classifier`."""

    card: ModelCard

    def prepare(self, image: NDArray[np.uint8], fit: Fit | None = None) -> NDArray[np.uint8]:
        """Bring a picture to the network's size."""

    def outputs(self, prepared: Sequence[NDArray[np.uint8]], batch_size: int = ...) -> NDArray[np.float32]:
        """Run the network."""

    def probabilities(self, outputs: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Turn the network's outputs into calibrated probabilities."""


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run of a job ended.

    Attributes:
        finished: Whether every picture has its answer or its reason; else it was cancelled.
        answered: Pictures that this run classified.
        failed: Pictures that this run could not read.
        left: Pictures that wait for the next run, as far as they were found.
        seconds: That the run took, pauses included.
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
            words += f", {self.failed:,} of them not readable"
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
    make_decoder: Callable[..., Decoder] = ParallelDecoder,
) -> Summary:
    """Classify the pictures of a job that have no answer yet.

    Args:
        job: Open for writing. Its folders are looked through again: new pictures are appended.
        classifier: The model that the job was begun with.
        control: Pauses and cancels, between two batches.
        on_progress: Told the acknowledged progress, at the pace of `ReportRate`.
        batch_size: Pictures in one call of the network.
        parallel: Pictures to decode at the same time; as many as there are cores by default.
        make_decoder: Makes what reads the files.

    Returns:
        How it ended. What was answered is in the job, however the run ends.

    Raises:
        JobError: The job was begun with another model, or its file is damaged.
        ModelError: The network does not answer any more, whatever the picture.
        StorageError: The disk is full or gone.
    """
    job.spec.check_weights(classifier.card.id, classifier.card.weights_sha256)
    prepare = partial(_prepare, classifier=classifier, fit=job.spec.fit)
    with make_decoder(prepare, ahead=2 * batch_size, parallel=parallel) as decoder:
        return _Run(job, classifier, decoder, control, on_progress, batch_size=batch_size).run()


def _prepare(path: Path, *, classifier: Answering, fit: Fit) -> NDArray[np.uint8]:
    """Read a picture exactly as it is read for a single answer."""
    spec = classifier.card.input
    return classifier.prepare(read_image(path, needed=(spec.height, spec.width)), fit)


class _Run:
    """One run of a job."""

    def __init__(
        self,
        job: Job,
        classifier: Answering,
        decoder: Decoder,
        control: BatchToken,
        on_progress: Callable[[Progress], None],
        *,
        batch_size: int,
    ) -> None:
        self._job = job
        self._classifier = classifier
        self._decoder = decoder
        self._control = control
        self._on_progress = on_progress
        self._batch_size = batch_size
        self._pace = Pace()
        self._fed = 0
        self._rate = ReportRate()
        self._began = time.monotonic()
        self._before = job.done, job.failed

    def run(self) -> Summary:
        """Work until nothing is left, or until cancelled."""
        self._job.state = "running"
        try:
            listing = self._job.listing()
            while self._go_on(listing):
                self._job.record(self._answer(self._take()))
            self._job.commit()
            finished = listing.finished and not self._left
            self._job.state = "finished" if finished else "stopped"
        except ModelError:
            self._job.state = "stopped"
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
    def _left(self) -> int:
        return self._job.total - self._job.done - self._job.failed

    def _go_on(self, listing: Listing) -> bool:
        """Bring in more pictures; False when there is none left or nobody wants it any more."""
        while not self._control.cancelled:
            self._wait_while_paused(listing)
            for piece in listing.more(LISTING_SECONDS):
                self._job.add(piece)
            self._feed()
            self._report(listing)
            if self._decoder.pending:
                return not self._control.cancelled
            if listing.finished:
                return False
        return False

    def _feed(self) -> None:
        """Give the decoder something to do until after the next batch."""
        missing = 4 * self._batch_size - self._decoder.pending
        if missing > 0:
            pictures = self._job.waiting(self._fed, missing)
            if pictures:
                self._fed = pictures[-1][0]
                self._decoder.add(pictures)

    def _take(self) -> list[Decoded]:
        """Collect a full batch of readable pictures, and the unreadable ones between them."""
        taken: list[Decoded] = []
        readable = 0
        while self._decoder.pending and readable < self._batch_size and len(taken) < COMMIT_ROWS:
            more = self._decoder.take(self._batch_size - readable)
            taken += more
            readable += sum(picture.pixels is not None for picture in more)
            if not self._decoder.pending:
                self._feed()
        return taken

    def _answer(self, pictures: list[Decoded]) -> list[Outcome]:
        readable = [picture for picture in pictures if picture.pixels is not None]
        outcomes = {
            picture.number: Outcome(picture.number, reason=picture.reason)
            for picture in pictures
            if picture.pixels is None
        }
        outcomes |= {outcome.number: outcome for outcome in self._classify(readable)}
        return [outcomes[picture.number] for picture in pictures]

    def _classify(self, pictures: Sequence[Decoded]) -> list[Outcome]:
        """Let the network answer; where it fails, find out by which picture.

        Raises:
            ModelError: It fails for each of several pictures.
        """
        if not pictures:
            return []
        try:
            return self._run_network(pictures)
        except ModelError as error:
            if len(pictures) == 1:
                return [Outcome(pictures[0].number, reason=f"{error} {error.advice}".strip())]
            outcomes = [outcome for picture in pictures for outcome in self._classify([picture])]
            if all(outcome.reason for outcome in outcomes):
                raise
            return outcomes

    def _run_network(self, pictures: Sequence[Decoded]) -> list[Outcome]:
        started = time.perf_counter()
        pixels = [picture.pixels for picture in pictures if picture.pixels is not None]
        outputs = self._classifier.outputs(pixels, self._batch_size)
        probabilities = self._classifier.probabilities(outputs)
        best = np.argsort(-probabilities, axis=1, kind="stable")[:, : self._job.spec.top]
        chosen = np.take_along_axis(probabilities, best, axis=1)
        each = (time.perf_counter() - started) / len(pictures)
        return [
            Outcome(picture.number, classes, values, picture.seconds + each)
            for picture, classes, values in zip(pictures, best.tolist(), chosen.tolist(), strict=True)
        ]

    def _wait_while_paused(self, listing: Listing) -> None:
        if self._control.paused:
            self._job.commit()
            self._report(listing, always=True)
            self._control.wait_while_paused()
            self._pace.restart()

    def _report(self, listing: Listing, *, always: bool = False) -> None:
        """Tell how far the job is, at a pace that a window can show."""
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
