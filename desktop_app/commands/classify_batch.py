"""``sightline classify`` for folders and many files: a job that can be resumed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tqdm import tqdm

from desktop_app.commands import DONE, INTERRUPTED, SOME_FAILED
from desktop_app.commands.classify_output import STREAMED, write_output
from desktop_app.commands.threads import decoding_threads
from desktop_app.core.batch.job.control import BatchControl
from desktop_app.core.batch.job.errors import JobAtWork, JobNotMade, SourceGone
from desktop_app.core.batch.job.job import Job, delete_job
from desktop_app.core.batch.job.presence import CONNECT
from desktop_app.core.batch.job.reader import JobReader
from desktop_app.core.batch.job.spec import JobSpec
from desktop_app.core.batch.results.computed import computed_sentence, mixing_sentence
from desktop_app.core.batch.results.export import Follower, json_line, most_by_in, results_of
from desktop_app.core.batch.results.scoring import score, why_no_scores
from desktop_app.core.batch.run.answering import BATCH_SIZE
from desktop_app.core.batch.run.runner import run
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.foundation.locking import exclusive

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import FrameType

    from desktop_app.core.batch.job.control import BatchToken
    from desktop_app.core.batch.run.pace import Progress
    from desktop_app.core.batch.run.runner import Summary
    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.classify.results import Result
    from desktop_app.core.images.sources import FileSource
    from desktop_app.core.inference.choice import AnsweredBy
    from desktop_app.core.library.card import ModelCard


tqdm.monitor_interval = 0  # no thread that watches over slow bars


class Work(Protocol):
    """Works on a job: `runner.run`, or `cluster.run_on_cluster`, with their other arguments."""

    def __call__(self, job: Job, *, control: BatchToken, on_progress: Callable[[Progress], None]) -> Summary:
        """Work until nothing is left, or until cancelled."""


_KEPT_DAYS = 30
"""Seconds after which a job that nobody resumed is deleted."""

_KEPT = "The results so far are kept: resume by the same command with --resume."
_KEPT_BESIDE = "--resume cannot resume this command: the same one was running already."
_BESIDE = (
    "The same command is running already; this one starts from the beginning, and --resume resumes the other."
)


def job_path(sources: Sequence[Path], output: str | None) -> Path:
    """Return the job's file for some sources and an output, always the same one."""
    key = hashlib.sha256()
    for path in (*sources, Path(output or "-")):
        key.update(os.fsencode(os.path.abspath(path)) + b"\0")  # noqa: PTH100 - for any name
    return paths.jobs() / f"classify-{key.hexdigest()[:20]}.job"


def model_to_resume(options: argparse.Namespace, sources: Sequence[FileSource]) -> str | None:
    """Return the model of the job that ``--resume`` would resume; None if there is no such job.

    Raises:
        SightlineError: There is one, but it cannot be read.
    """
    path = job_path([source.path for source in sources], options.output)
    if not path.is_file():
        return None
    try:
        with JobReader(path) as reader:
            return reader.spec.model_id
    except JobNotMade:
        return None


def classify_batch(options: argparse.Namespace, sources: Sequence[FileSource], classifier: Classifier) -> int:
    """Classify files and folders as one job with a model that is loaded here; see `carry_out`."""
    work = partial(
        run,
        classifier=classifier,
        batch_size=options.batch_size or BATCH_SIZE,
        parallel=options.jobs,
        make_executor=decoding_threads,
    )
    return carry_out(options, sources, classifier.card, work, classifier.by)


def carry_out(
    options: argparse.Namespace,
    sources: Sequence[FileSource],
    card: ModelCard,
    work: Work,
    by: AnsweredBy | None = None,
) -> int:
    """Classify files and folders as one job.

    Args:
        options: The options of the command line.
        sources: The files and folders.
        card: The model's card.
        work: The function that works on the job.
        by: What computes; None when the workers of a cluster decide that.

    Returns:
        An exit status, as for `commands.classify.classify`.

    Raises:
        SightlineError: The job or the output cannot be used; the results so far are in the job.
    """
    forget_old_jobs()
    folders = [source.path for source in sources]
    spec = JobSpec.for_card(card, folders, top=options.top, fit=options.fit)
    control = BatchControl()
    with _open_job(options, spec) as job:
        beside = job.path != job_path(folders, options.output)
        if beside:
            print(_BESIDE, file=sys.stderr)
        with JobReader(job.path) as reader:
            if by is not None and (mixing := mixing_sentence(reader.engines(), by)):
                print(mixing, file=sys.stderr)
            report = _Report(options, reader)
            summary, ending, status = None, "Interrupted.", INTERRUPTED
            try:
                with _interrupts_to(control):
                    summary = work(job, control=control.token, on_progress=report.progress)
            except SourceGone as error:
                ending, status = f"{error} {CONNECT}", SOME_FAILED
            report.close()
            _write_all(options, reader, report)
            if summary is not None:
                _say_how_it_went(summary, reader, always_by=by is None)
            failed = job.failed or reader.problems() or reader.left_out().meant_as_pictures
        if summary is None or not summary.finished:
            print(f"{ending} {_KEPT_BESIDE if beside else _KEPT}", file=sys.stderr)
            if beside:
                job.delete()
            return status
        job.delete()
    return SOME_FAILED if failed else DONE


def forget_old_jobs() -> None:
    """Delete the jobs of this command that were interrupted long ago."""
    oldest = time.time() - _KEPT_DAYS * 86_400
    for path in paths.jobs().glob("classify-*.job"):
        with contextlib.suppress(OSError, SightlineError):
            if path.stat().st_mtime < oldest:
                with exclusive(path.with_name(f"{path.name}.lock")) as free:
                    if free:
                        delete_job(path)


def _open_job(options: argparse.Namespace, spec: JobSpec) -> Job:
    """Open the job to resume, or start a new one.

    Raises:
        SightlineError: The job is running elsewhere, damaged, or has other settings.
    """
    path = job_path(spec.sources, options.output)
    if options.resume:
        if not path.is_file():
            print("There is nothing to resume; starting from the beginning.", file=sys.stderr)
        return Job(path, spec)
    first, number = path.stem, 1
    while True:
        try:
            return Job(path, spec, fresh=True)
        except JobAtWork:  # the same command is running elsewhere
            number += 1
            path = path.with_stem(f"{first}.{number}")


@contextlib.contextmanager
def _interrupts_to(control: BatchControl) -> Iterator[None]:
    """Let the first Ctrl+C end the work after the current batch, and the second one at once."""

    def on_interrupt(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.write(2, b"\nStopping after this batch. Press Ctrl+C again to stop at once.\n")
        control.cancel()

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _write_all(options: argparse.Namespace, reader: JobReader, report: _Report) -> None:
    """Write the document, unless it was printed as it came."""
    if not report.streaming:
        spec, by = reader.spec, most_by_in(reader)
        write_output(results_of(reader), options, spec.model_id, top=spec.top, by=by, task=spec.task)


def _say_how_it_went(summary: Summary, reader: JobReader, *, always_by: bool) -> None:
    """Print how the run ended, and what computed the results where it was not one thing that was said."""
    print(summary.sentence, file=sys.stderr)
    computed = computed_sentence(reader.engines(), always=always_by)
    if computed:
        print(computed, file=sys.stderr)
    left_out = reader.left_out()
    if left_out:
        print(left_out.reason.sentence, file=sys.stderr)
    scores = score(reader)
    if scores is not None:
        print(scores.sentence, file=sys.stderr)
    if unscored := why_no_scores(reader):
        print(unscored, file=sys.stderr)
    for each in reader.amounts():
        print(f"{each.words}.", file=sys.stderr)


class _Report:
    """Shows progress, names failures as they come, and prints what can be printed before the end."""

    def __init__(self, options: argparse.Namespace, reader: JobReader) -> None:
        self.streaming = options.output is None and options.format in STREAMED
        self._as_lines = options.format == "jsonl"
        self._follower = Follower(reader)
        self._finished = 0
        self._bar = tqdm(unit=" pictures", disable=not sys.stderr.isatty(), leave=False, delay=0.5)

    def progress(self, progress: Progress) -> None:
        """Show the progress of the job."""
        self._bar.total = progress.total
        self._bar.update(progress.done + progress.failed - self._bar.n)
        if progress.done + progress.failed > self._finished:
            self._finished = progress.done + progress.failed
            self._tell(self._follower.new())

    def close(self) -> None:
        """Remove the bar and print the rest."""
        self._bar.close()
        self._tell(self._follower.new(finished=True))

    def _tell(self, results: Iterable[Result]) -> None:
        for result in results:
            if self.streaming:
                text = json_line(result).rstrip("\n") if self._as_lines else result.as_text()
                tqdm.write(text, file=sys.stdout)
            elif result.prediction is None:
                tqdm.write(f"{result.source}: {result.reason}", file=sys.stderr)
