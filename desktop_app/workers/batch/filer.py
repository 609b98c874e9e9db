"""The calls that file pictures into folders by label, and undo that; made in a lane.

Filing is recorded beside the job, so it can be undone until the job is removed, the last filing first,
whatever happened in between.
"""

from __future__ import annotations

import contextlib
from array import array
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import SightlineError
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

    Tell = Callable[[int, int], None]


def make_plan(
    job: Path, numbers: array[int] | None, folder: Path, how: How, cancel: CancelToken, *, by_kind: bool
) -> Plan:
    """Plan filing these pictures; all pictures of the job if ``numbers`` is None."""
    from desktop_app.core.batch.filing.filing import plan
    from desktop_app.core.batch.filing.places_reader import PlacesReader

    with PlacesReader(job, cancel) as reader, collector_resting(keep=True):
        rows = reader.select() if numbers is None else reader.pick(_in_order(numbers))
        return plan(rows, reader.spec, folder, how, by_kind=by_kind)


def carry_out(plan: Plan, journal: Path, control: BatchToken, *, on_progress: Tell) -> Filed:
    """Carry out a plan."""
    from desktop_app.core.batch.filing.filing import carry_out, undo

    filed = carry_out(plan, journal, control, _at_a_pace(on_progress))
    if not filed.done:
        with contextlib.suppress(SightlineError):
            undo(journal)  # folders that were made for nothing
    return filed


def undo_last(job: Path, control: BatchToken, *, on_progress: Tell) -> Filed:
    """Undo the last filing."""
    from desktop_app.core.batch.filing.filing import undo
    from desktop_app.core.batch.job.errors import JobError

    last = last_filing(job)
    if last is None:
        raise JobError("There is nothing to undo.")
    return undo(last.journal, control, _at_a_pace(on_progress))


def done_until_failure(job: Path, plan: Plan | None, journal: Path) -> Filed:
    """Return what was filed, or without a plan restored, until it failed, as far as it is known."""
    from desktop_app.core.batch.filing.filing import DONE, Filed

    last = last_filing(job)
    standing = last.filed.done if last is not None else 0
    if plan is None:
        return Filed("restored", 0, (), standing)
    done = standing if last is not None and last.journal == journal else 0
    return Filed(DONE[plan.how], done, (), len(plan.steps) - done, folder=plan.folder)


def last_filing(job: Path) -> LastFiling | None:
    """Find the filing of a job that can be undone."""
    from desktop_app.core.batch.filing.journals import last_filing

    return last_filing(job)


def give_up_undo(journal: Path) -> None:
    """Stop offering a filing."""
    from desktop_app.core.batch.filing.filing import give_up_undo

    give_up_undo(journal)


def _at_a_pace(tell: Tell) -> Tell:
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
