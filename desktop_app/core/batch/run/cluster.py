"""Working on a job with a cluster: chunks of a shared folder go out, answers come back into the same file."""

from __future__ import annotations

import dataclasses
import os
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from desktop_app.core.batch.job.control import UNCONTROLLED
from desktop_app.core.batch.run.answering import BATCH_SIZE
from desktop_app.core.batch.run.cluster_link import not_shared
from desktop_app.core.batch.run.cluster_worker import Question, model_key
from desktop_app.core.batch.run.runner import work_on
from desktop_app.core.foundation.ahead import InPlace
from desktop_app.core.inference.choice import AUTOMATIC

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop_app.core.batch.job.control import BatchToken
    from desktop_app.core.batch.job.job import Job
    from desktop_app.core.batch.job.rows import Outcome
    from desktop_app.core.batch.run.answering import WaitingPictures
    from desktop_app.core.batch.run.cluster_link import DaskLink
    from desktop_app.core.batch.run.cluster_worker import ChunkAnswer
    from desktop_app.core.batch.run.pace import Progress
    from desktop_app.core.batch.run.runner import Summary
    from desktop_app.core.foundation.ahead import MakeExecutor
    from desktop_app.core.inference.choice import EngineChoice
    from desktop_app.core.library.card import ModelCard

CHUNK_SECONDS = 2.0
"""How long a worker should take for a chunk: long beside its way over the network, short beside a life."""

CHUNK_BATCHES = 16
"""Batches in a chunk at most. Chunks are whole batches, as the network sees them without a cluster."""

AHEAD = 2
"""Chunks that are out for each thread of a worker: one at work, and one that waits for it."""

MOST_OUT = 512
"""Chunks that are out at most, however large the cluster: memory stays flat."""

WAIT_SECONDS = 0.2
"""How long to wait for an answer before looking whether somebody cancelled."""

COUNT_SECONDS = 5.0
"""How often the workers are counted: they may come and go."""

BLIND = 1000
"""When so many pictures were not to be seen by any worker, and none was, the folder is not shared."""

MOST_TRIES = 3
"""So many workers are asked at most for a picture that the ones before do not see."""

NO_WORKER = "The cluster has no worker at the moment; waiting for one. Ctrl+C stops."


def run_on_cluster(
    job: Job,
    card: ModelCard,
    link: DaskLink,
    control: BatchToken = UNCONTROLLED,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    *,
    on_notice: Callable[[str], None] = lambda _sentence: None,
    batch_size: int = BATCH_SIZE,
    parallel: int | None = None,
    choice: EngineChoice = AUTOMATIC,
    make_executor: MakeExecutor = InPlace,
) -> Summary:
    """Let a cluster classify the waiting pictures of a job; as `runner.run` otherwise.

    Args:
        job: The job, open for writing here. The workers see its pictures under the same paths.
        card: The card of the model that the job was started with; each worker has it in its library.
        link: The link to the cluster, connected and best checked.
        control: The token that pauses and cancels; a cancelled job does not wait for chunks in work.
        on_progress: The callback for the acknowledged progress.
        on_notice: The callback for what a person should know meanwhile, as a sentence.
        batch_size: The number of pictures in one call of the network.
        parallel: The number of pictures that a worker decodes at the same time.
        choice: The engine and precision that were asked for.
        make_executor: The factory of the threads that decode, in each worker.

    Returns:
        The summary. The results are in the job, however the run ends.

    Raises:
        JobError: The job was begun with another model, or its file is damaged.
        ClusterError: The cluster does not answer any more, or does not see the pictures.
        StorageError: The disk is full or gone.
    """
    job.spec.check_card(card)
    question = Question(
        model_key(card),
        job.spec.fit,
        job.spec.crop_share,
        job.spec.top,
        batch_size,
        parallel,
        choice=choice,
        make_executor=make_executor,
    )
    return work_on(job, ClusterCrew(link, question, on_notice), control, on_progress)


class ClusterCrew:
    """Keeps the workers of a cluster busy, with a bounded number of chunks.

    A chunk whose worker is lost runs again by Dask's doing. It is taken back once all the same, since it is
    one future here; only then its pictures are recorded.
    """

    def __init__(
        self,
        link: DaskLink,
        question: Question,
        on_notice: Callable[[str], None] = lambda _sentence: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._link = link
        self._question = question
        self._on_notice = on_notice
        self._clock = clock
        self._out: dict[Any, tuple[tuple[int, Path], ...]] = {}
        self._next: list[tuple[int, Path]] = []
        self._again: deque[tuple[int, Path]] = deque()
        self._blind_for: dict[int, frozenset[str]] = {}
        self._withheld: list[Outcome] = []
        self._blind: tuple[str, str] | None = None
        self._seeing = False
        self._batches = 1
        self._threads = 0
        self._counted = float("-inf")
        self._told_no_worker = False

    @property
    def pending(self) -> int:
        """Pictures that are out or to be asked about again, or whose reasons are not believed yet."""
        return sum(map(len, self._out.values())) + len(self._again) + len(self._withheld)

    def feed(self, waiting: WaitingPictures) -> None:
        """Hand out chunks until every worker has one and the next one."""
        self._count_workers()
        size = self._batches * self._question.batch_size
        while len(self._out) < min(AHEAD * self._threads + 1, MOST_OUT):
            if self._again:
                self._ask_others(size)
                continue
            if len(self._next) < size:
                self._next += waiting.take(size - len(self._next))
            if not self._next or (len(self._next) < size and not waiting.complete):
                return
            chunk, self._next = tuple(self._next[:size]), self._next[size:]
            self._out[self._link.submit(self._question, chunk)] = chunk

    def _ask_others(self, size: int) -> None:
        """Hand out pictures again, those together that the same workers do not see."""
        blind = self._blind_for[self._again[0][0]]
        chunk: list[tuple[int, Path]] = []
        while self._again and len(chunk) < size and self._blind_for[self._again[0][0]] == blind:
            chunk.append(self._again.popleft())
        others = self._link.addresses - blind
        self._out[self._link.submit(self._question, tuple(chunk), others)] = tuple(chunk)

    def take(self, waiting: WaitingPictures) -> list[Outcome]:
        """Take back what is answered; nothing when no chunk came back for a moment.

        Raises:
            ClusterError: The cluster does not answer any more, or does not see the pictures.
        """
        outcomes: list[Outcome] = []
        if self._out:
            for future in self._link.finished(list(self._out), WAIT_SECONDS):
                answer = self._link.result(future)
                if answer is not None:
                    outcomes += self._received(dict(self._out.pop(future)), answer)
        if self._seeing and self._withheld:
            outcomes += self._withheld
            self._withheld = []
        elif self._blind and self._all_tried(waiting):
            raise not_shared(*self._blind)
        return outcomes

    def _all_tried(self, pictures: WaitingPictures) -> bool:
        if len(self._withheld) >= BLIND:
            return True
        left = self._out or self._next or self._again
        return bool(self._withheld) and pictures.complete and not left

    def _received(self, chunk: dict[int, Path], answer: ChunkAnswer) -> list[Outcome]:
        """Look through an answer: a file that is there, but not for the worker, has another reason."""
        each = answer.seconds / max(len(chunk), 1) * self._question.batch_size
        self._batches = max(1, min(CHUNK_BATCHES, int(CHUNK_SECONDS / max(each, 1e-9))))
        who = f"The worker on {answer.computer}"
        present = self._link.addresses if answer.unseen else frozenset()
        outcomes = []
        for outcome in answer.outcomes:
            path = chunk[outcome.number]
            if outcome.number in answer.unseen and os.path.exists(path):  # noqa: PTH110 - raises never
                if self._may_be_seen_elsewhere(outcome.number, answer.worker, present):
                    self._again.append((outcome.number, path))
                    continue
                error = not_shared(who, str(path))
                unseen = dataclasses.replace(outcome, reason=error.reason.sentence)
                self._withheld.append(unseen)
                self._blind = self._blind or (who, str(path))
            else:
                self._blind_for.pop(outcome.number, None)
                self._seeing = self._seeing or outcome.number not in answer.unseen
                outcomes.append(outcome)
        return outcomes

    def _may_be_seen_elsewhere(self, number: int, worker: str, present: frozenset[str]) -> bool:
        """Note that a worker does not see a picture; whether there is one left to ask."""
        blind = self._blind_for.pop(number, frozenset()) | {worker}
        if len(blind) >= MOST_TRIES or present <= blind:
            return False
        self._blind_for[number] = blind
        return True

    def _count_workers(self) -> None:
        now = self._clock()
        if now < self._counted + COUNT_SECONDS:
            return
        self._counted = now
        threads = self._link.threads
        if threads == 0 and not self._told_no_worker:
            self._on_notice(NO_WORKER)
        self._told_no_worker = threads == 0
        self._threads = threads
