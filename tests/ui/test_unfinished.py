from datetime import datetime

import pytest

from desktop_app.core.batch.job.reader import Counts
from desktop_app.ui.unfinished import Unfinished
from desktop_app.workers.batch.messages import JobEntry
from tests.ui.fake_batch import JOB
from tests.ui.fake_training import run

WHEN = datetime(2026, 5, 4, 9, 30)  # noqa: DTZ001 - as lists have it, in local time


def job(state, name="Beach", problem=""):
    return JobEntry(JOB, name, "everyday", "Everyday", state, Counts(1, 0, 2), WHEN, problem)


@pytest.fixture
def told(training, batch):
    """What is said, one after the other."""
    said = []
    unfinished = Unfinished(training, batch, batch)
    unfinished.told.connect(said.append)
    unfinished.look()
    return said


def test_both_lists_are_asked_for(told, training, batch):
    assert training.called("refresh_runs") == batch.called("refresh_jobs") == [()]


def test_an_interrupted_batch_is_told_of_once(told, batch):
    batch.jobs_changed.emit((job("interrupted"),))
    batch.jobs_changed.emit((job("interrupted"),))
    assert told == ["Batch 'Beach' was interrupted. Resume it in Batch."]


@pytest.mark.parametrize(
    "entries",
    [
        (),
        (job("finished"), job("interrupted")),
        (job("running"),),
        (job("stopped"), job("interrupted")),
        (job("interrupted", problem="It is damaged."),),
    ],
)
def test_what_is_done_or_was_left_long_ago_is_not_told_of(told, batch, entries):
    batch.jobs_changed.emit(entries)
    assert told == []


def test_the_second_sentence_does_not_hide_the_first(told, training, batch):
    batch.jobs_changed.emit((job("interrupted"),))
    training.change_runs(run("r1", "Pets", state="interrupted"))
    assert told[-1] == (
        "Batch 'Beach' was interrupted. Resume it in Batch. "
        "Training 'Pets' was interrupted. Resume it in Runs."
    )
