"""Filing the pictures of a job, one filing at a time, as the window uses it."""

from __future__ import annotations

from array import array
from functools import partial
from typing import TYPE_CHECKING

from desktop_app.core.batch.job.control import BatchControl
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.workers.batch import filer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from desktop_app.core.batch.filing.filing import Filed, Plan
    from desktop_app.core.batch.filing.journals import LastFiling
    from desktop_app.core.batch.filing.steps import How
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.workers.threads.task import Lane

_BUSY = "Pictures are being filed: cancel that first, or wait until it is done."


class BatchFiling:
    """Plans, files and undoes; lives in its owner's thread.

    Args:
        lane: A lane of its own, since a disk may be slow.
        on_plan: The receiver of each `Plan`; of several requests only the last one gets one.
        on_progress: The receiver of the number of files tried, and of all files.
        on_filed: The receiver of a job whose files may have moved, and `Filed`, after each filing and undo.
        on_offer: The receiver of a job and the `LastFiling` that can be undone; None when there is none.
        say: The receiver of the outcome as a sentence, and whether it is a success.
    """

    def __init__(
        self,
        lane: Lane,
        *,
        on_plan: Callable[[Plan], object],
        on_progress: Callable[[int, int], object],
        on_filed: Callable[[Path, Filed], object],
        on_offer: Callable[[Path, LastFiling | None], object],
        say: Callable[[str, bool], object],
    ) -> None:
        self._lane = lane
        self._on_plan = on_plan
        self._on_progress = on_progress
        self._on_filed = on_filed
        self._on_offer = on_offer
        self._say = say
        self._cancel_plan = CancelSource()
        self._control = BatchControl()
        self.job: Path | None = None
        """The job whose pictures are being filed or restored; None when none are."""

    def ask_offer(self, job: Path) -> None:
        """Ask what can be undone; the offer follows."""
        self._lane.do(filer.last_filing, job, on_result=partial(self._on_offer, job))

    def plan(
        self, job: Path, numbers: Sequence[int] | None, folder: Path, how: How, *, by_kind: bool
    ) -> None:
        """Ask what filing would do."""
        self.cancel_plan()
        if self.job is not None:
            self._say(_BUSY, False)
            return
        self._cancel_plan = CancelSource()
        token = self._cancel_plan.token
        self._lane.do(
            partial(filer.make_plan, by_kind=by_kind),
            job,
            None if numbers is None else array("q", numbers),
            folder,
            how,
            token,
            work="Planning",
            on_result=self._on_plan,
            on_failure=self._on_failure,
            cancel=token,
        )

    def carry_out(self, job: Path, plan: Plan) -> None:
        """Carry out a plan for a job."""
        from desktop_app.core.batch.filing.journals import new_journal

        journal = new_journal(job)
        self._work(job, plan, journal, partial(filer.carry_out, plan, journal))

    def undo(self, job: Path) -> None:
        """Undo the last filing of a job."""
        self._work(job, None, job, partial(filer.undo_last, job))

    def give_up_undo(self, job: Path, last: LastFiling) -> None:
        """Stop offering to undo a filing of a job; the next offer follows."""
        if self.job is not None:
            self._say(_BUSY, False)
        else:
            self._lane.do(
                filer.give_up_undo,
                last.journal,
                work="Dropping the undo",
                on_failure=self._on_failure,
                on_end=partial(self.ask_offer, job),
            )

    def cancel_plan(self) -> None:
        """Drop the plan that is being made."""
        self._cancel_plan.cancel()

    def cancel(self) -> None:
        """End after the current file; what was done can be undone."""
        self.cancel_plan()
        self._control.cancel()

    def _work(self, job: Path, plan: Plan | None, journal: Path, work: Callable[..., Filed]) -> None:
        if self.job is not None:
            self._say(_BUSY, False)
            return
        self.job = job
        self._control = BatchControl()
        self._lane.do(
            work,
            self._control.token,
            work="Filing",
            advice="What was done can be undone.",
            on_progress=self._on_progress,
            on_result=partial(self._on_worked, job, None),
            on_failure=partial(self._on_not_worked, job, plan, journal),
            on_end=partial(self.ask_offer, job),
        )

    def _on_not_worked(self, job: Path, plan: Plan | None, journal: Path, reason: Reason) -> None:
        end = partial(self._on_worked, job, reason)
        self._lane.do(filer.done_until_failure, job, plan, journal, on_result=end)

    def _on_worked(self, job: Path, reason: Reason | None, filed: Filed) -> None:
        self.job = None
        if reason is not None:
            self._on_failure(reason)
        self._on_filed(job, filed)

    def _on_failure(self, reason: Reason) -> None:
        self._say(reason.sentence, False)
