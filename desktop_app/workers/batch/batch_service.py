"""Jobs on whole folders, as the window uses them: their runs, their rows, filing and export."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_app.core.engine.libraries import import_job_modules
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.errors import Reason
from desktop_app.workers.batch.filing import BatchFiling
from desktop_app.workers.batch.jobs import Jobs, new_job_path
from desktop_app.workers.batch.messages import Findings
from desktop_app.workers.batch.reader import BatchReader
from desktop_app.workers.batch.reports import export_to, score_job
from desktop_app.workers.batch.run import BatchRun
from desktop_app.workers.threads.task import Lane
from desktop_app.workers.threads.thread import stop_all
from desktop_app.workers.threads.thumbnails import thumbnail_wishes
from desktop_app.workers.threads.wishes import Wishes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from desktop_app.core.batch.filing.filing import Filed, Plan
    from desktop_app.core.batch.filing.journals import LastFiling
    from desktop_app.core.batch.filing.steps import How
    from desktop_app.core.batch.job.filters import RowFilter, Sort
    from desktop_app.core.batch.results.export import ExportFormat
    from desktop_app.core.batch.run.pace import Progress
    from desktop_app.core.classify.pool import ModelPool
    from desktop_app.core.classify.results_csv import CsvStyle
    from desktop_app.core.images.sources import ReadPicture
    from desktop_app.core.networks.input_spec import Fit
    from desktop_app.workers.batch.messages import JobEntry, JobOverview, OpenJob

_LANES = ("batch", "batch rows", "batch reports", "batch filing", "batch pictures")

BEAT_SECONDS = 1.0
"""Milliseconds between two updates of the table while a job runs."""

ROWS_AT_ONCE = 200
"""Rows that are read together: some milliseconds."""

MOST_ROWS_WAITING = 20
"""Waiting requests, more rows than any table shows at once; older ones are dropped."""

_READING = "Reading the batch"
_RUNNING = "Pictures are being classified: cancel that first, or wait until it is done."


class BatchService(QObject):
    """Classifies folders as jobs, and shows, files and exports the open one; lives in the GUI thread.

    One job is shown at a time, and one runs: the one that is shown. Each kind of work has a lane of its
    own, so that a table never waits for the network, nor for a slow disk that pictures are copied to.

    Signals:
        jobs_changed: The jobs, a ``tuple[JobEntry, ...]``, the most recently written one first.
        job_opened: The `OpenJob` that is shown from now on.
        job_closed: No job is shown any more.
        failed: The `Reason` why a job could not be started, opened or resumed; its results are kept.
        running_changed: Whether a job is running; comes before its first and after its last signal.
        model_loading: What is being done until the job's model is there; empty when that has ended.
        answering: The `AnsweredBy` of the run that begins: its engine, numbers and device.
        progressed: The `Progress` of the running job.
        ended: The `Summary` of the run.
        rows_changed: More rows were committed, or pictures moved: the rows in view are out of date.
        view_ready: The requested `JobView`.
        rows_ready: The rows, a ``tuple[Row, ...]``; a picture that the window moved has its present path.
        overview_ready: The `JobOverview`, whenever it changed; at most once a second while the job runs.
        thumbnail_ready: The requested `PictureThumbnail`.
        plan_ready: The requested `Plan`.
        filing_progressed: The number of files tried, and of all files.
        filed: The result `Filed`, at the end of each filing and of each undo.
        undo_available: The `LastFiling` that can be undone; None when there is none.
        message: The outcome of a request, and whether it succeeded.
    """

    jobs_changed = Signal(object)
    job_opened = Signal(object)
    job_closed = Signal()
    failed = Signal(object)
    running_changed = Signal(bool)
    model_loading = Signal(str)
    answering = Signal(object)
    progressed = Signal(object)
    ended = Signal(object)
    rows_changed = Signal()
    view_ready = Signal(object)
    rows_ready = Signal(object)
    overview_ready = Signal(object)
    thumbnail_ready = Signal(object)
    plan_ready = Signal(object)
    filing_progressed = Signal(int, int)
    filed = Signal(object)
    undo_available = Signal(object)
    message = Signal(str, bool)

    def __init__(self, pool: ModelPool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: tuple[JobEntry, ...] = ()
        self._opened: OpenJob | None = None
        self._opening: Path | None = None
        self._closing = False
        self._fit: Fit | None = None
        self._reached = self._told = (0, 0, 0)
        self._survey: JobOverview | None = None
        self._findings = Findings()
        self._scored = False
        self._cancel_scores = CancelSource()
        self._cancel_exports = CancelSource()
        self._last_beat = 0.0
        self._beat = QTimer(self, singleShot=True)
        self._beat.timeout.connect(self._on_beat)
        self._lanes = [Lane(name, self) for name in _LANES]
        network, self._reading, self._reports, filing, pictures = self._lanes
        self._run = BatchRun(
            pool,
            network,
            on_running=self._on_running_changed,
            on_made=self._on_made,
            on_loading=self.model_loading.emit,
            on_answering=self.answering.emit,
            on_progress=self._on_progressed,
            on_ended=self.ended.emit,
            on_withdrawn=self._on_withdrawn,
            on_failed=self.failed.emit,
        )
        self._files = Jobs()
        self._reader = reader = BatchReader()
        self._views = self._wishes(reader.view, self.view_ready.emit)
        self._rows = self._wishes(reader.rows, self.rows_ready.emit, MOST_ROWS_WAITING)
        self._surveys = self._wishes(reader.survey, self._on_surveyed)
        self._thumbnails = thumbnail_wishes(pictures, self.thumbnail_ready.emit)
        self._filing = BatchFiling(
            filing,
            on_plan=self.plan_ready.emit,
            on_progress=self.filing_progressed.emit,
            on_filed=self._on_filed,
            on_offer=self._on_offered,
            say=self.message.emit,
        )

    def _wishes(self, read: Callable[..., object], on_read: Callable[..., object], most: int = 1) -> Wishes:
        """Make wishes that begin with their job; results for a job that is no longer shown are dropped."""
        return Wishes(
            self._reading,
            read,
            work=_READING,
            on_result=lambda wish, answer: self._is_shown(wish[0]) and answer is not None and on_read(answer),
            on_failure=lambda wish, reason: self._on_unreadable(wish[0], reason),
            most=most,
        )

    # Jobs

    @property
    def jobs(self) -> tuple[JobEntry, ...]:
        """The jobs as last listed."""
        return self._jobs

    @property
    def opened(self) -> OpenJob | None:
        """The job that is shown."""
        return self._opened

    def refresh_jobs(self) -> None:
        """List the jobs again; `jobs_changed` follows."""
        self._reading.do(self._files.list, needs=import_job_modules, on_result=self._on_listed)

    def set_fit(self, fit: Fit | None) -> None:
        """Change how the pictures of new jobs are fitted; None follows the model's card."""
        self._fit = fit

    def begin(self, sources: Sequence[Path], model_id: str) -> None:
        """Classify files and folders as a new job, which is shown once it is made."""
        if not sources:
            self.failed.emit(Reason("There is nothing to classify.", "Choose a folder, or some pictures."))
        elif self._may_run():
            self._run.start(new_job_path(), tuple(sources), model_id, self._fit)

    def open(self, path: Path) -> None:
        """Show a job; `job_opened` or `failed` follows. Until then the previous one is shown."""
        if not self.running:
            self._opening = path
            self._open(path)
        elif path != self._run.job:
            self.message.emit(_RUNNING, False)

    def close(self) -> None:
        """Close the shown job, unless it is running."""
        if self.running:
            self.message.emit(_RUNNING, False)
            return
        self._opening = None
        if self._opened is not None:
            self._forget()
            self._opened = None
            self._reading.do(self._reader.close)
            self.undo_available.emit(None)
            self.job_closed.emit()

    def remove(self, path: Path) -> None:
        """Delete the file of a job, and with it the undo of its filing, but no picture."""
        if self._run.job == path:
            self.message.emit(_RUNNING, False)
        elif self._filing.job == path:
            self.message.emit("Pictures of this batch are being filed: wait until that is done.", False)
        else:
            if path in (self._opening, self._opened and self._opened.path):
                self.close()
            self._remove(
                path,
                on_result=lambda sentence: self.message.emit(sentence, True),
                on_failure=self._on_failure,
            )

    # The run

    @property
    def running(self) -> bool:
        """Whether a job is running or its model being loaded; no longer when `ended` or `failed` comes."""
        return self._run.job is not None

    @property
    def paused(self) -> bool:
        """Whether the running job is paused."""
        return self._run.paused

    def resume(self) -> None:
        """Resume the shown job; pictures added since are found too."""
        if self._opened is not None and self._may_run():
            self._run.start(self._opened.path)

    def pause(self) -> None:
        """Pause the job after the current batch; `Progress.paused` follows."""
        self._run.pause()

    def unpause(self) -> None:
        """Resume the paused job."""
        self._run.unpause()

    def cancel(self) -> None:
        """End the job after the current batch, or at once while its model is loaded; it can be resumed."""
        self._run.cancel()

    # Rows

    def ask_view(self, which: RowFilter, sort: Sort) -> None:
        """Ask which rows of the job match a filter, in an order; the latest request wins."""
        if self._opened is not None:
            self._views.ask((self._opened.path, which, sort))

    def ask_rows(self, numbers: Sequence[int]) -> None:
        """Ask for rows by their numbers, at most some hundred, before all that were asked for earlier.

        The oldest requests are dropped when there are too many, and all of them when another job is shown.
        """
        if self._opened is not None:
            starts = range(0, len(numbers), ROWS_AT_ONCE)
            pieces = (tuple(numbers[start : start + ROWS_AT_ONCE]) for start in starts)
            self._rows.ask(*((self._opened.path, piece) for piece in pieces))

    def request_thumbnails(self, paths: Sequence[Path | ReadPicture]) -> None:
        """Ask for thumbnails in this order, before all that were asked for earlier."""
        self._thumbnails.ask(*paths)

    # Filing and export

    @property
    def filing(self) -> bool:
        """Whether pictures are being filed or restored."""
        return self._filing.job is not None

    def plan_filing(
        self, numbers: Sequence[int] | None, folder: Path, how: How, *, by_kind: bool = False
    ) -> None:
        """Ask what filing these pictures by label or kind would do; all pictures when ``numbers`` is None."""
        if self._opened is not None:
            self._filing.plan(self._opened.path, numbers, folder, how, by_kind=by_kind)

    def carry_out(self, plan: Plan) -> None:
        """Carry out a plan for the shown job."""
        if self._opened is not None:
            self._filing.carry_out(self._opened.path, plan)

    def cancel_filing(self) -> None:
        """End filing, or its undo, after the current file, and drop a plan that is being made."""
        self._filing.cancel()

    def undo_filing(self) -> None:
        """Undo the last filing of the shown job."""
        if self._opened is not None:
            self._filing.undo(self._opened.path)

    def give_up_undo(self, last: LastFiling) -> None:
        """Stop offering to undo this filing of the shown job; `undo_available` follows."""
        if self._opened is not None:
            self._filing.give_up_undo(self._opened.path, last)

    def export(self, path: Path, form: ExportFormat, style: CsvStyle) -> None:
        """Write the results so far to a file; a message follows."""
        if self._opened is not None:
            token = self._cancel_exports.token
            self._reports.do(
                export_to,
                self._opened.path,
                path,
                form,
                style,
                token,
                work="The export",
                on_result=lambda sentence: self.message.emit(sentence, True),
                on_failure=self._on_failure,
                cancel=token,
            )

    def shutdown(self, seconds: float = 2.0) -> bool:
        """Interrupt the job so that it can be resumed, drop everything else and end the threads.

        Returns:
            Whether all ended in time; loading a model, for example, cannot be interrupted.
        """
        self._closing = True
        self._run.interrupt()
        self._filing.cancel()
        self._cancel_exports.cancel()
        self._cancel_scores.cancel()
        self._thumbnails.clear()
        self._views.clear()
        self._surveys.clear()
        self._rows.clear()
        self._beat.stop()
        return stop_all(self._lanes, seconds)

    # Reports about the run

    def _may_run(self) -> bool:
        if self.running:
            self.message.emit(_RUNNING, False)
        return not (self.running or self._closing)

    def _on_running_changed(self, running: bool) -> None:
        if running:
            self._opening = None
            self._forget_scores()
        self.running_changed.emit(running)
        if not (running or self._closing):
            self._on_beat()
            self.refresh_jobs()

    def _on_made(self, job: OpenJob) -> None:
        self._open(job.path)
        self._show(job)
        self.refresh_jobs()

    def _on_withdrawn(self, path: Path) -> None:
        """Forget a new job that failed before it found a picture."""
        if self._is_shown(path):
            self.close()
        self._remove(path)

    def _on_progressed(self, progress: Progress) -> None:
        self.progressed.emit(progress)
        self._reached = (progress.done, progress.failed, progress.found)
        if self._reached != self._told and not self._beat.isActive():
            due = self._last_beat + BEAT_SECONDS - time.monotonic()
            self._beat.start(max(0, round(due * 1000)))

    @Slot()
    def _on_beat(self) -> None:
        self._beat.stop()
        self._last_beat = time.monotonic()
        self._told = self._reached
        self._ask_survey()
        self.rows_changed.emit()

    # Reports about the shown job

    def _is_shown(self, path: Path) -> bool:
        return self._opened is not None and self._opened.path == path

    def _show(self, job: OpenJob) -> None:
        self._forget()
        self._opened = job
        self.job_opened.emit(job)
        self.undo_available.emit(None)
        self._filing.ask_offer(job.path)
        self._ask_survey()

    def _forget(self) -> None:
        """Forget the state of the previous job."""
        self._reached = self._told = (0, 0, 0)
        self._survey = None
        self._forget_scores()
        self._views.clear()
        self._surveys.clear()
        self._rows.clear()
        self._thumbnails.clear()
        self._filing.cancel_plan()

    def _forget_scores(self) -> None:
        self._cancel_scores.cancel()
        self._findings, self._scored = Findings(), False

    def _ask_survey(self) -> None:
        if self._opened is not None:
            self._surveys.ask((self._opened.path,))

    def _ask_scores(self) -> None:
        """Have the model scored once: not while the job runs, nor while its first page is being read."""
        if self._opened is not None and not (self.running or self._scored):
            self._scored = True
            self._cancel_scores = CancelSource()
            token = self._cancel_scores.token
            # The reader of the rows reports what is wrong with the job.
            self._reports.do(score_job, self._opened.path, token, on_result=self._on_scored, cancel=token)

    def _open(self, path: Path) -> None:
        opened, failed = partial(self._on_opened, path), partial(self._on_unreadable, path)
        self._reading.do(self._reader.open, path, work=_READING, on_result=opened, on_failure=failed)

    def _remove(self, path: Path, **told: Callable[..., object]) -> None:
        self._reading.do(
            self._files.remove, path, work="Removing the batch", on_end=self.refresh_jobs, **told
        )

    def _on_failure(self, reason: Reason) -> None:
        self.message.emit(reason.sentence, False)

    def _on_opened(self, path: Path, job: OpenJob) -> None:
        if path == self._opening:
            self._opening = None
            self._show(job)

    def _on_unreadable(self, path: Path, reason: Reason) -> None:
        if path == self._opening:
            self._opening = None
            self.failed.emit(reason)
            self.refresh_jobs()
        elif self._is_shown(path) and not self.running:
            self.close()
            self.failed.emit(reason)
            self.refresh_jobs()
        elif self._is_shown(path):
            self.message.emit(reason.sentence, False)

    def _on_surveyed(self, survey: JobOverview) -> None:
        if survey != self._survey:
            self._survey = survey
            self.overview_ready.emit(self._with_findings(survey))
        self._ask_scores()

    def _on_scored(self, findings: Findings) -> None:
        self._findings = findings
        if findings != Findings() and self._survey is not None:
            self.overview_ready.emit(self._with_findings(self._survey))

    def _with_findings(self, survey: JobOverview) -> JobOverview:
        return replace(survey, scores=self._findings.scores, remarks=self._findings.remarks)

    def _on_filed(self, path: Path, filed: Filed) -> None:
        self.filed.emit(filed)
        if self._is_shown(path):
            self._reading.do(self._reader.look_for_moved)
            self.rows_changed.emit()

    def _on_offered(self, path: Path, last: LastFiling | None) -> None:
        if self._is_shown(path):
            self.undo_available.emit(last)

    def _on_listed(self, jobs: tuple[JobEntry, ...]) -> None:
        running = self._run.job  # also while its model is being loaded
        self._jobs = tuple(replace(job, state="running") if job.path == running else job for job in jobs)
        self.jobs_changed.emit(self._jobs)
