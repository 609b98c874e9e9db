import pytest

from desktop_app.core.batch.run.pace import Progress
from desktop_app.core.batch.run.runner import Summary
from desktop_app.core.foundation.errors import Reason
from desktop_app.ui.batch_watch import BatchWatch


@pytest.fixture
def watch(batch):
    return BatchWatch(batch, batch)


@pytest.fixture
def told(watch):
    """What the watch says, one after the other."""
    said = []
    watch.told.connect(lambda short, sentence: said.append((short, sentence)))
    return said


@pytest.fixture
def ends(watch):
    """The ends that it reports."""
    said = []
    watch.ended.connect(lambda title, sentence: said.append((title, sentence)))
    return said


def begin(batch):
    batch.running = True
    batch.running_changed.emit(True)
    batch.open_job()


def end(batch, summary):
    batch.running = False
    batch.ended.emit(summary)
    batch.running_changed.emit(False)


def test_a_job_is_told_of_as_it_goes(batch, told):
    begin(batch)
    batch.progressed.emit(Progress(10, 0, None, 500, 0.0, None))
    batch.progressed.emit(Progress(255, 0, 500, 500, 50.0, 5.0))
    batch.progressed.emit(Progress(255, 0, 500, 500, 0.0, None, paused=True))
    end(batch, Summary(finished=True, answered=500, failed=0, left=0, seconds=10.0))
    assert told == [
        ("Batch…", "Starting a batch"),
        ("Batch 10", "Batch of pets: 10 of 500 found so far"),
        ("Batch 51%", "Batch of pets: 255 of 500, 50 pictures/s, 5 s left"),
        ("Batch paused", "Batch of pets: paused, 255 of 500"),
        ("", ""),
    ]


def test_its_end_is_told_unless_the_user_ended_it(batch, ends):
    begin(batch)
    end(batch, Summary(finished=False, answered=10, failed=0, left=490, seconds=1.0))
    assert ends == []
    begin(batch)
    end(batch, Summary(finished=True, answered=490, failed=0, left=0, seconds=10.0))
    assert ends == [("Batch finished: pets", "490 pictures, 49.0 per second.")]


def test_a_job_that_breaks_off_is_told_and_one_that_cannot_begin_is_not(batch, ends):
    batch.failed.emit(Reason("There is nothing to classify.", "Choose a folder."))
    assert ends == []
    begin(batch)
    batch.failed.emit(Reason("The disk is full.", "Make room."))
    assert ends == [("Batch failed: pets", "The disk is full. Make room.")]
