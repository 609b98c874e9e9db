"""One run of a job, as a lane does it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import Cancelled
from desktop_app.core.foundation.text import printable
from desktop_app.workers.batch.jobs import job_name, lock_tried
from desktop_app.workers.batch.messages import OpenJob
from desktop_app.workers.threads.decoding import decoding_threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.core.batch.job.control import BatchToken
    from desktop_app.core.batch.job.spec import JobSpec
    from desktop_app.core.batch.run.pace import Progress
    from desktop_app.core.batch.run.runner import Summary
    from desktop_app.core.classify.pool import Lease, ModelPool
    from desktop_app.core.inference.choice import AnsweredBy
    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.networks.input_spec import Fit


@dataclass(frozen=True, slots=True)
class Opened:
    """A job, and the number of its waiting pictures, before the model is loaded."""

    job: OpenJob
    left: int


@dataclass(frozen=True, slots=True)
class Loading:
    """What is being done until the model is there; empty when that has ended."""

    message: str


@dataclass(frozen=True, slots=True)
class Answering:
    """What computes the predictions of this run."""

    by: AnsweredBy


@dataclass(frozen=True, slots=True, eq=False)
class Running:
    """Starts or resumes a job, and runs it to its end.

    Attributes:
        pool: The models in memory.
        path: The job's file.
        control: The token that pauses and cancels it.
        sources: The sources of a new job; empty to resume an existing one.
        model_id: The model of a new job.
        fit: The image fit of a new job; None for that of the model's card.
    """

    pool: ModelPool
    path: Path
    control: BatchToken
    sources: tuple[Path, ...] = ()
    model_id: str = ""
    fit: Fit | None = None

    def run(self, *, on_progress: Callable[[Opened | Loading | Answering | Progress], None]) -> Summary:
        """Run; called in a lane."""
        from desktop_app.core.batch.filing.window_job import WindowJob
        from desktop_app.core.batch.job.job import Job
        from desktop_app.core.batch.job.presence import check_sources
        from desktop_app.core.batch.run.runner import Summary, run

        spec = self._new_spec() if self.sources else None
        with lock_tried:
            job = Job(self.path, spec)
        with job:  # not for as long as the model takes to load
            spec, left = job.spec, job.total - job.done - job.failed
            card = self._card(spec.model_id)
            spec.check_card(card)
            on_progress(Opened(OpenJob(job.path, job_name(spec), spec), left))
            if left:
                check_sources(job.path, spec)
        unfinished = Summary(finished=False, answered=0, failed=0, left=left, seconds=0.0)
        if self.control.cancelled:
            return unfinished
        try:
            lease = self._lease(card, on_progress)
        except Cancelled:
            return unfinished
        with lease:
            if self.control.cancelled:
                return unfinished
            on_progress(Answering(lease.classifier.by))
            with lock_tried:
                job = WindowJob(self.path)
            with job:
                return run(job, lease.classifier, self.control, on_progress, make_executor=decoding_threads)

    def _new_spec(self) -> JobSpec:
        """Return the settings of a new job.

        Raises:
            JobError: None of the sources is there.
            ModelError: The model cannot be used.
        """
        from desktop_app.core.batch.job.errors import JobError
        from desktop_app.core.batch.job.spec import JobSpec

        card = self._card(self.model_id)
        if not any(map(os.path.lexists, self.sources)):
            raise JobError(
                f"There is no {printable(str(self.sources[0]))}.",
                "Connect its disk if it lies on one, or choose another folder.",
            )
        # A picture that is named and also lies in a named folder is one picture.
        named = dict.fromkeys(path.absolute() for path in self.sources)
        sources = [path for path in named if named.keys().isdisjoint(path.parents)]
        return JobSpec.for_card(card, sources, fit=self.fit, base=Path(self.path.anchor))

    def _card(self, model_id: str) -> ModelCard:
        from desktop_app.core.classify.loader import usable_model

        card = usable_model(model_id, self.pool.library).card
        assert card is not None
        return card

    def _lease(self, card: ModelCard, tell: Callable[[Loading], None]) -> Lease:
        """Use the model, and report when it has to be loaded first.

        Raises:
            Cancelled: The job is cancelled while another thread loads the model.
        """
        lease = self.pool.ready(card.id)
        if lease is None:
            tell(Loading(f"Loading {card.name}…"))
            try:
                lease = self.pool.acquire(card.id, self.control, lambda sentence: tell(Loading(sentence)))
            finally:
                tell(Loading(""))
        return lease
