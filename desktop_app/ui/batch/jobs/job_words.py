"""A job's state and progress as text for lists, headers and the status bar."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import counted, remaining, time_span

if TYPE_CHECKING:
    from desktop_app.core.batch.job.reader import Counts
    from desktop_app.core.batch.run.pace import Progress
    from desktop_app.core.batch.run.runner import Summary
    from desktop_app.ui.common.controls.icon_view import IconTone
    from desktop_app.workers.batch.messages import JobEntry

_STATES = {
    "waiting": "Not started",
    "running": "Running",
    "stopped": "Stopped",
    "interrupted": "Interrupted",
    "finished": "Finished",
}
_TONES: dict[str, IconTone] = {"running": "accent", "interrupted": "warning"}


def tone(entry: JobEntry) -> IconTone:
    """The colour of a job's state, by meaning."""
    return "danger" if entry.problem else _TONES.get(entry.state, "muted")


def state(entry: JobEntry) -> str:
    """A job's state in a word or two; or why it cannot be opened."""
    return entry.problem or _STATES.get(entry.state, entry.state)


def amount(counts: Counts, *, finished: bool) -> str:
    """Format counts, such as "1,200 of 5,000 pictures, 3 couldn't be read"."""
    tried = counts.done + counts.failed
    every = counted(counts.total, "picture")
    words = every if finished else f"{tried:,} of {every}"
    return f"{words}, {counts.failed:,} couldn't be read" if counts.failed else words


def moment(when: datetime, now: datetime | None = None) -> str:
    """Format a time, such as "today, 14:05" or "4 May 2026, 09:30"."""
    now = now or datetime.now()  # noqa: DTZ005 - local time, as the entries have it
    if when.date() == now.date():
        return f"today, {when:%H:%M}"
    return f"{when.day} {when:%b %Y, %H:%M}"


def subtitle(entry: JobEntry) -> str:
    """The model, the progress and the time."""
    if entry.problem:
        return moment(entry.changed)
    how_far = amount(entry.counts, finished=entry.state == "finished")
    return " · ".join((entry.model_name, how_far, moment(entry.changed)))


def describe(entry: JobEntry) -> str:
    """The whole job in one line, for a screen reader."""
    return f"{entry.name}, {state(entry)}, {subtitle(entry).replace(' · ', ', ')}"


def progress_words(progress: Progress) -> str:
    """Format progress: "1,200 of 5,000 · 3 couldn't be read · 45.2 pictures/s · 2 min left"."""
    tried = progress.done + progress.failed
    found = "" if progress.total is not None else " found so far"
    parts = [f"{tried:,} of {progress.found if progress.total is None else progress.total:,}{found}"]
    if progress.failed:
        parts.append(f"{progress.failed:,} couldn't be read")
    rate = progress.per_second
    if rate > 0 and not progress.paused:
        parts.append(_pace(rate))
        if progress.seconds_left is not None:
            parts.append(f"{remaining(progress.seconds_left)} left")
    return " · ".join(parts)


def outcome_words(summary: Summary, counts: Counts) -> str:
    """The result of a run that has ended; empty when it tried nothing.

    Such as "1,200 pictures in 3 min 20 s · 4 couldn't be read · 6.0 pictures/s".
    """
    tried = summary.answered + summary.failed
    if not tried:
        return ""
    time = time_span(summary.seconds) if summary.seconds >= 1 else "less than a second"
    parts = [f"{counted(tried, 'picture')} in {time}"]
    if tried < counts.total:  # other runs classified the others, or will
        parts[0] = f"last run: {parts[0]}"
    if summary.failed:
        parts.append(f"{summary.failed:,} couldn't be read")
    parts.append(_pace(tried / max(summary.seconds, 1e-9)))
    return " · ".join(parts)


def _pace(rate: float) -> str:
    return f"{rate:,.0f} pictures/s" if rate >= 10 else f"{rate:.1f} pictures/s"


def part_done(progress: Progress) -> float | None:
    """How much of a job is done, 0 to 1; None while its pictures are still being found."""
    if progress.total is None:
        return None
    return (progress.done + progress.failed) / progress.total if progress.total else 1.0
