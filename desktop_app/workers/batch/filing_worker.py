"""The worker that files pictures into folders by label, and undoes that."""

from __future__ import annotations

import contextlib
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.engine.libraries import import_picture_modules
from desktop_app.core.foundation.errors import Cancelled, Reason, SightlineError
from desktop_app.core.foundation.gc_pause import collector_resting
from desktop_app.core.foundation.report_rate import ReportRate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop_app.core.batch.filing.filing import Filed, Plan
    from desktop_app.core.batch.filing.journals import LastFiling
    from desktop_app.core.batch.filing.steps import How
    from desktop_app.core.batch.job.control import BatchToken
    from desktop_app.core.foundation.cancellation import CancelToken


@dataclass(frozen=True, slots=True, eq=False)
class PlanRequest:
    """Plan filing these pictures; all pictures of the job if ``numbers`` is None."""

    path: Path
    numbers: array[int] | None = field(repr=False)
    folder: Path
    how: How
    cancel: CancelToken


@dataclass(frozen=True, slots=True, eq=False)
class FilingRequest:
    """Carry out a plan for a job; without a plan, undo the last filing."""

    path: Path
    control: BatchToken
    plan: Plan | None = None


class BatchFilingWorker(QObject):
    """Wraps `core/batch/filing/filing.py`; lives in a thread of its own, since a disk may be slow.

    Filing is recorded beside the job, so it can be undone until the job is removed, the last filing
    first, whatever happened in between.

    Signals:
        planned: The `PlanRequest` and its `Plan`.
        plan_failed: The `PlanRequest` and the `Reason`.
        progressed: The number of files tried, and of all files.
        ended: The `FilingRequest`, its `Filed` and the `Reason` why it failed as a whole; None if it did not.
        offered: The path of a job and the `LastFiling` that can be undone; None when there is none.
        failed: The `Reason` why a filing is still offered.
    """

    planned = Signal(object, object)
    plan_failed = Signal(object, object)
    progressed = Signal(int, int)
    ended = Signal(object, object, object)
    offered = Signal(object, object)
    failed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._journal: Path | None = None

    @Slot(object)
    def plan(self, request: PlanRequest) -> None:
        """Make a plan; a cancelled request gets no reply."""
        try:
            import_picture_modules()
            from desktop_app.core.batch.filing.filing import plan
            from desktop_app.core.batch.filing.places_reader import PlacesReader

            with PlacesReader(request.path, request.cancel) as reader, collector_resting(keep=True):
                rows = reader.select() if request.numbers is None else reader.pick(_in_order(request.numbers))
                planned = plan(rows, reader.spec, request.folder, request.how)
            request.cancel.check()
            self.planned.emit(request, planned)
        except Cancelled:
            pass
        except SightlineError as error:
            self.plan_failed.emit(request, error.reason)
        except Exception as error:
            self.plan_failed.emit(request, Reason.of_defect("Planning", error))
            raise

    @Slot(object)
    def work(self, request: FilingRequest) -> None:
        """File pictures, or undo a filing; `ended` and `offered` follow in any case."""
        try:
            import_picture_modules()
            filed = self._work(request)
        except SightlineError as error:
            self._fail(request, error.reason)
        except Exception as error:
            self._fail(request, Reason.of_defect("Filing", error, "What was done can be undone."))
            raise
        else:
            self.ended.emit(request, filed, None)
        finally:
            self.offer(request.path)

    @Slot(object)
    def offer(self, path: Path) -> None:
        """Report which filing of a job can be undone."""
        import_picture_modules()
        from desktop_app.core.batch.filing.journals import last_filing

        self.offered.emit(path, last_filing(path))

    @Slot(object, object)
    def give_up(self, path: Path, last: LastFiling) -> None:
        """Stop offering a filing, and report what else can be undone."""
        from desktop_app.core.batch.filing.filing import give_up_undo

        try:
            give_up_undo(last.journal)
        except SightlineError as error:
            self.failed.emit(error.reason)
        finally:
            self.offer(path)

    def _work(self, request: FilingRequest) -> Filed:
        from desktop_app.core.batch.filing.filing import carry_out, undo
        from desktop_app.core.batch.filing.journals import last_filing, new_journal
        from desktop_app.core.batch.job.errors import JobError

        tell = _at_a_pace(self.progressed.emit)
        if request.plan is None:
            last = last_filing(request.path)
            if last is None:
                raise JobError("There is nothing to undo.")
            return undo(last.journal, request.control, tell)
        journal = self._journal = new_journal(request.path)
        filed = carry_out(request.plan, journal, request.control, tell)
        if not filed.done:
            with contextlib.suppress(SightlineError):
                undo(journal)  # folders that were made for nothing
        return filed

    def _fail(self, request: FilingRequest, problem: Reason) -> None:
        """Return what was done until then, as far as it is known."""
        from desktop_app.core.batch.filing.filing import DONE, Filed
        from desktop_app.core.batch.filing.journals import last_filing

        last = last_filing(request.path)
        standing = last.filed.done if last is not None else 0
        if request.plan is None:
            filed = Filed("restored", 0, (), standing)
        else:
            done = standing if last is not None and last.journal == self._journal else 0
            left = len(request.plan.steps) - done
            filed = Filed(DONE[request.plan.how], done, (), left, folder=request.plan.folder)
        self.ended.emit(request, filed, problem)


def _at_a_pace(tell: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """Pass on a report now and then, and the last one."""
    rate = ReportRate()

    def on_progress(tried: int, total: int) -> None:
        if rate.due(last=tried == total):
            tell(tried, total)

    return on_progress


def _in_order(numbers: array[int]) -> array[int]:
    """Sort without holding the interpreter's lock."""
    import numpy as np

    return array("q", np.sort(np.frombuffer(numbers, np.int64)).tobytes()) if numbers else numbers
