"""Filing the pictures of a job, one filing at a time, as the window uses it."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.batch.job.control import BatchControl
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.workers.batch.filing_worker import BatchFilingWorker, FilingRequest, PlanRequest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.batch.filing.filing import Filed, Plan
    from desktop_app.core.batch.filing.journals import LastFiling
    from desktop_app.core.batch.filing.steps import How
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.workers.threads.thread import WorkerThread

_BUSY = "Pictures are being filed: cancel that first, or wait until it is done."


class BatchFiling(QObject):
    """Plans, files and undoes; lives in the GUI thread.

    Signals:
        plan_ready: The `Plan`; of several requests only the last one gets one.
        progressed: The number of files tried, and of all files.
        filed: The result `Filed`, at the end of each filing and of each undo.
        files_changed: The path of the job whose files may have moved; after `filed`.
        offered: The path of a job and the `LastFiling` that can be undone; None when there is none.
        message: The outcome as a sentence, and whether it is a success.
    """

    plan_ready = Signal(object)
    progressed = Signal(int, int)
    filed = Signal(object)
    files_changed = Signal(object)
    offered = Signal(object, object)
    message = Signal(str, bool)

    _plan_requested = Signal(object)
    _work_requested = Signal(object)
    _offer_requested = Signal(object)
    _give_up_requested = Signal(object, object)

    def __init__(self, thread: WorkerThread, parent: QObject) -> None:
        super().__init__(parent)
        self._planning: PlanRequest | None = None
        self._cancel_plan = CancelSource()
        self._working: FilingRequest | None = None
        self._control = BatchControl()
        worker = thread.adopt(BatchFilingWorker())
        self._plan_requested.connect(worker.plan)
        self._work_requested.connect(worker.work)
        self._offer_requested.connect(worker.offer)
        self._give_up_requested.connect(worker.give_up)
        worker.planned.connect(self._on_planned)
        worker.plan_failed.connect(self._on_plan_failed)
        worker.progressed.connect(self.progressed)
        worker.ended.connect(self._on_ended)
        worker.offered.connect(self.offered)
        worker.failed.connect(self._on_failed)

    @property
    def job(self) -> Path | None:
        """The job whose pictures are being filed or restored; None when none are."""
        return self._working.path if self._working is not None else None

    def ask_offer(self, job: Path) -> None:
        """Ask what can be undone; `offered` follows."""
        self._offer_requested.emit(job)

    def plan(self, job: Path, numbers: Sequence[int] | None, folder: Path, how: How) -> None:
        """Ask what filing would do."""
        self.cancel_plan()
        if self._working is not None:
            self.message.emit(_BUSY, False)
            return
        self._cancel_plan = CancelSource()
        chosen = None if numbers is None else array("q", numbers)
        self._planning = PlanRequest(job, chosen, folder, how, self._cancel_plan.token)
        self._plan_requested.emit(self._planning)

    def carry_out(self, job: Path, plan: Plan) -> None:
        """Carry out a plan for a job."""
        self._start(job, plan)

    def undo(self, job: Path) -> None:
        """Undo the last filing of a job."""
        self._start(job, None)

    def give_up_undo(self, job: Path, last: LastFiling) -> None:
        """Stop offering to undo a filing of a job; `offered` follows."""
        if self._working is not None:
            self.message.emit(_BUSY, False)
        else:
            self._give_up_requested.emit(job, last)

    def cancel_plan(self) -> None:
        """Drop the plan that is being made."""
        self._cancel_plan.cancel()
        self._planning = None

    def cancel(self) -> None:
        """End after the current file; what was done can be undone."""
        self.cancel_plan()
        self._control.cancel()

    def _start(self, job: Path, plan: Plan | None) -> None:
        if self._working is not None:
            self.message.emit(_BUSY, False)
            return
        self._control = BatchControl()
        self._working = FilingRequest(job, self._control.token, plan)
        self._work_requested.emit(self._working)

    @Slot(object, object)
    def _on_planned(self, request: PlanRequest, plan: Plan) -> None:
        if request is self._planning:
            self._planning = None
            self.plan_ready.emit(plan)

    @Slot(object, object)
    def _on_plan_failed(self, request: PlanRequest, reason: Reason) -> None:
        if request is self._planning:
            self._planning = None
            self.message.emit(reason.sentence, False)

    @Slot(object, object, object)
    def _on_ended(self, request: FilingRequest, filed: Filed, problem: Reason | None) -> None:
        self._working = None
        if problem is not None:
            self.message.emit(problem.sentence, False)
        self.filed.emit(filed)
        self.files_changed.emit(request.path)

    @Slot(object)
    def _on_failed(self, problem: Reason) -> None:
        self.message.emit(problem.sentence, False)
