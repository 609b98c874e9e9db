import pytest

from desktop_app.core.foundation.errors import Reason
from desktop_app.core.training.records.events import BatchEnded, Preparing
from desktop_app.ui.training_watch import TrainingWatch
from tests.ui.fake_training import metrics, run, training_result


@pytest.fixture
def told(training):
    """What the watch says, one after the other."""
    training.change_runs(run("run-1", "My pets", "running", 0))
    said = []
    watch = TrainingWatch(training, training)
    watch.told.connect(lambda short, sentence: said.append((short, sentence)))
    return said


def batch(epoch, step=1):
    return BatchEnded(epoch, step, 10, {"loss": 0.5, "accuracy": 0.8}, 900.0, 60.0)


def test_a_fit_is_told_epoch_by_epoch(training, told):
    training.begin(epochs=3)
    for epoch in (1, 2):
        for step in (1, 2, 3):
            training.event_arrived.emit(batch(epoch, step))
    training.end()
    assert told == [
        ("Training…", "Starting a training"),
        ("Training 1/3", "Training My pets: epoch 1 of 3"),
        ("Training 2/3", "Training My pets: epoch 2 of 3"),
        ("", ""),
    ]


def test_a_resumed_fit_goes_on_counting(training, told):
    training.begin(epochs=9, history=(metrics(1), metrics(2)))
    training.event_arrived.emit(batch(3))
    assert told[-1] == ("Training 3/9", "Training My pets: epoch 3 of 9")


def test_what_takes_a_while_is_told(training, told):
    training.begin()
    training.event_arrived.emit(Preparing("Evaluating", 1, 10))
    assert told[-1] == ("Training…", "Training My pets: evaluating")


def test_a_pause_is_told(training, told):
    training.begin(epochs=3)
    training.event_arrived.emit(batch(2))
    training.hold()
    assert told[-1][0] == "Training paused"
    training.hold(paused=False)
    assert told[-1][0] == "Training 2/3"


@pytest.mark.parametrize(
    ("status", "word", "kept"),
    [
        ("finished", "finished", True),
        ("stopped", "stopped", True),
        ("failed", "failed", False),
        ("cancelled", "discarded", False),
    ],
)
def test_the_end_is_told_with_its_sentence_and_its_model(training, status, word, kept):
    watch = TrainingWatch(training, training)
    ended, models = [], []
    watch.ended.connect(lambda title, text: ended.append((title, text)))
    watch.model_kept.connect(models.append)
    training.begin()
    result = training_result(status, reason=Reason("It is over.", "Look at it."))
    training.end(result)
    assert ended == [(f"Training {word}: pets cats-dogs-cnn", "It is over. Look at it.")]
    assert models == (["pets-cats-dogs-cnn"] if kept else [])
