"""Orders from other threads, and from the handlers of signals."""

from __future__ import annotations

import signal
import threading

import pytest

from desktop_app.core.batch.job.control import UNCONTROLLED, BatchControl
from desktop_app.core.training.loop.control import TrainingControl

ENDINGS = [
    (BatchControl, "cancel"),
    (TrainingControl, "cancel"),
    (TrainingControl, "stop"),
    (TrainingControl, "interrupt"),
]


@pytest.mark.parametrize(
    ("make", "order"), [*ENDINGS, (BatchControl, "unpause"), (TrainingControl, "unpause")]
)
def test_paused_work_waits_until_it_goes_on_or_ends(make, order):
    control = make()
    control.pause()
    assert control.token.paused
    waiting = threading.Thread(target=control.token.wait_while_paused)
    waiting.start()
    getattr(control, order)()
    waiting.join(60)
    assert not waiting.is_alive()
    assert not control.token.paused
    assert control.token.stopping == (order != "unpause")


@pytest.mark.parametrize(("make", "order"), ENDINGS)
def test_work_that_is_to_end_cannot_be_held(make, order):
    control = make()
    getattr(control, order)()
    control.pause()
    assert not control.token.paused
    control.token.wait_while_paused()
    assert control.token.cancelled == (order == "cancel")


@pytest.mark.parametrize("make", [BatchControl, TrainingControl])
def test_a_signal_may_give_an_order_while_its_own_thread_gives_one(make):
    control = make()
    before = signal.signal(signal.SIGINT, lambda _number, _frame: control.cancel())
    try:
        with control._changed:  # as in the middle of any order
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
    assert control.token.cancelled


def test_nobody_pauses_or_cancels_uncontrolled_work():
    UNCONTROLLED.wait_while_paused()
    assert not UNCONTROLLED.stopping
