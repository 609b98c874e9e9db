from __future__ import annotations

from types import SimpleNamespace

import pytest

from desktop_app.core.training.loop import callbacks
from desktop_app.core.training.loop.callbacks import BatchWatch
from desktop_app.core.training.records.events import BatchEnded

HOURS_ASLEEP = 8 * 3600.0


class Clock:
    """Seconds that tests let pass."""

    def __init__(self):
        self.now = 100.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(callbacks, "time", made)
    monkeypatch.setattr(callbacks, "CHECKPOINT_SECONDS", 1e9)
    return made


class Fit:
    """A fit of ten steps an epoch, half a second each, then a validation of two batches."""

    def __init__(self, clock, epochs=5):
        self.clock, self.epochs, self.events = clock, epochs, []
        self.gate = SimpleNamespace(paused_seconds=0.0, check=lambda: None)
        self.watch = BatchWatch(
            self.gate, self.events.append, lambda: None, steps=10, batch_size=4, shown=("loss",)
        )
        self.epoch = 0

    def train(self, *, sleep_at=None, pause_at=None):
        self.epoch += 1
        after = self.epochs - self.epoch
        self.watch.begin_epoch(self.epoch, epochs_after=after, step=0, seconds=0.0)
        for step in range(1, 11):
            self.clock.now += 0.5 + (HOURS_ASLEEP if step == sleep_at else 0)
            if step == pause_at:
                self.pause()
            self.watch.batch_ended({"loss": 0.5})

    def validate(self, *, sleep=False, pause=False):
        began = self.watch.seconds
        for number in range(2):
            self.clock.now += 0.5 + (HOURS_ASLEEP if sleep and number else 0)
            if pause and number:
                self.pause()
            self.watch.validation_batch_ended()
        self.watch.validated(began)
        seconds = self.watch.seconds
        self.watch.end_epoch()
        return seconds

    def pause(self):
        self.clock.now += HOURS_ASLEEP
        self.gate.paused_seconds += HOURS_ASLEEP

    @property
    def left(self):
        return next(event for event in reversed(self.events) if isinstance(event, BatchEnded)).seconds_left


@pytest.mark.parametrize(
    "night",
    [{"sleep_at": 4}, {"sleep_at": 10}, {"pause_at": 4}],
    ids=["asleep within an epoch", "asleep at its last batch", "paused"],
)
def test_a_night_within_an_epoch_changes_neither_its_duration_nor_the_time_left(clock, night):
    fit = Fit(clock)
    fit.train()
    assert fit.validate() == pytest.approx(6.0)
    fit.train(**night)
    assert fit.left == pytest.approx(3 * 6.0 + 1.0, rel=0.1)
    assert fit.validate() == pytest.approx(6.0, rel=0.1)
    fit.train()
    assert fit.left == pytest.approx(2 * 6.0 + 1.0, rel=0.1)


@pytest.mark.parametrize("night", [{"sleep": True}, {"pause": True}])
def test_a_night_within_a_validation_changes_no_estimate(clock, night):
    fit = Fit(clock)
    fit.train()
    assert fit.validate(**night) == pytest.approx(6.0, rel=0.1)
    fit.train()
    assert fit.left == pytest.approx(3 * 6.0 + 1.0, rel=0.1)


def test_a_first_step_that_compiles_for_long_is_work(clock):
    fit = Fit(clock)
    fit.watch.begin_epoch(1, epochs_after=0, step=0, seconds=0.0)
    clock.now += 90.0
    fit.watch.batch_ended({"loss": 0.5})
    assert fit.watch.seconds == pytest.approx(90.0)
