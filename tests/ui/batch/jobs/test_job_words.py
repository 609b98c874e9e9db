from datetime import datetime
from pathlib import Path

import pytest

from desktop_app.core.batch.job.reader import Counts
from desktop_app.core.batch.run.pace import Progress
from desktop_app.core.batch.run.runner import Summary
from desktop_app.ui.batch.jobs.job_words import (
    describe,
    moment,
    outcome_words,
    part_done,
    progress_words,
    state,
    subtitle,
    tone,
)
from desktop_app.workers.batch.messages import JobEntry

WHEN = datetime(2026, 5, 4, 9, 30)  # noqa: DTZ001 - as lists have it, in local time


ALL = Counts(90, 10, 100)


def entry(job_state="finished", counts=ALL, problem=""):
    return JobEntry(Path("/jobs/a.job"), "pets", "everyday", "Everyday", job_state, counts, WHEN, problem)


@pytest.mark.parametrize(
    ("now", "words"),
    [(WHEN.replace(hour=20), "today, 09:30"), (WHEN.replace(day=5), "4 May 2026, 09:30")],
)
def test_a_time_of_today_has_no_date(now, words):
    assert moment(WHEN, now) == words


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (entry(), "Everyday · 100 pictures, 10 couldn't be read · 4 May 2026, 09:30"),
        (entry("stopped", Counts(40, 0, 100)), "Everyday · 40 of 100 pictures · 4 May 2026, 09:30"),
        (entry(counts=Counts(1, 0, 1)), "Everyday · 1 picture · 4 May 2026, 09:30"),
        (entry(problem="It is damaged."), "4 May 2026, 09:30"),
    ],
)
def test_a_job_in_a_line(job, words):
    assert subtitle(job) == words


@pytest.mark.parametrize(
    ("summary", "total", "words"),
    [
        (
            Summary(finished=True, answered=1196, failed=4, left=0, seconds=200.0),
            1200,
            "1,200 pictures in 3 min 20 s · 4 couldn't be read · 6.0 pictures/s",
        ),
        (
            Summary(finished=True, answered=1, failed=0, left=0, seconds=2.0),
            1,
            "1 picture in 2 s · 0.5 pictures/s",
        ),
        (
            Summary(finished=True, answered=500, failed=0, left=0, seconds=0.5),
            500,
            "500 pictures in less than a second · 1,000 pictures/s",
        ),
        (
            Summary(finished=True, answered=300, failed=0, left=0, seconds=10.0),
            1200,
            "last run: 300 pictures in 10 s · 30 pictures/s",
        ),
        (Summary(finished=True, answered=0, failed=0, left=0, seconds=0.1), 1200, ""),
    ],
)
def test_what_came_of_a_run(summary, total, words):
    assert outcome_words(summary, Counts(total, 0, total)) == words


def test_states_have_words_and_colours():
    assert (state(entry("interrupted")), tone(entry("interrupted"))) == ("Interrupted", "warning")
    assert (state(entry("stopped")), tone(entry("stopped"))) == ("Stopped", "muted")
    assert (state(entry("running")), tone(entry("running"))) == ("Running", "accent")
    broken = entry(problem="It is damaged.")
    assert (state(broken), tone(broken)) == ("It is damaged.", "danger")
    assert describe(entry("stopped", Counts(40, 0, 100))).startswith("pets, Stopped, Everyday, 40 of 100")


@pytest.mark.parametrize(
    ("progress", "words", "part"),
    [
        (Progress(10, 0, None, 500, 0.0, None), "10 of 500 found so far", None),
        (
            Progress(90, 10, 500, 500, 45.2, 90.0),
            "100 of 500 · 10 couldn't be read · 45 pictures/s · 2 min left",
            0.2,
        ),
        (Progress(3, 0, 10, 10, 2.5, 3.0), "3 of 10 · 2.5 pictures/s · 5 s left", 0.3),
        (Progress(3, 0, 10, 10, 2.5, 3.0, paused=True), "3 of 10", 0.3),
        (Progress(0, 0, 0, 0, 0.0, None), "0 of 0", 1.0),
    ],
)
def test_progress_in_words_and_as_a_part(progress, words, part):
    assert progress_words(progress) == words
    assert part_done(progress) == part
