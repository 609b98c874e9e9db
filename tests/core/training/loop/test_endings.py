from __future__ import annotations

import threading

import pytest

from desktop_app.core.foundation.errors import Cancelled
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.loop.endings import Gate, GateToken, Interrupted, Stopped
from desktop_app.core.training.records.events import PauseChanged


@pytest.fixture
def control():
    return TrainingControl()


@pytest.fixture
def events():
    return []


@pytest.fixture
def gate(control, events):
    return Gate(control.token, events.append)


@pytest.mark.parametrize(
    ("order", "ending"), [("stop", Stopped), ("cancel", Cancelled), ("interrupt", Interrupted)]
)
def test_each_order_has_its_own_ending(control, gate, order, ending):
    gate.check()
    getattr(control, order)()
    with pytest.raises(ending):
        gate.check()
    token = GateToken(gate)
    assert token.cancelled
    with pytest.raises(Cancelled):
        token.check()


@pytest.mark.parametrize("order", ["stop", "cancel", "interrupt"])
def test_work_that_waits_hears_of_an_order_at_once(control, gate, order):
    heard = []
    waiting = threading.Thread(target=lambda: heard.append(GateToken(gate).wait(600)))
    waiting.start()
    getattr(control, order)()
    waiting.join(60)
    assert heard == [True]


def test_a_stop_that_comes_too_late_disturbs_nobody(control, gate):
    gate.ignore_stop()
    control.stop()
    gate.check()
    assert not GateToken(gate).wait(0.001)
    control.cancel()
    assert GateToken(gate).wait(600)


def test_work_that_waits_can_be_held_meanwhile(control, gate):
    paused = threading.Event()
    held = Gate(control.token, lambda event: paused.set() if event.paused else None)
    waiting = threading.Thread(target=GateToken(held).wait, args=(600,))
    waiting.start()
    control.pause()
    assert paused.wait(60)
    assert waiting.is_alive()
    control.unpause()
    control.stop()
    waiting.join(60)
    assert not waiting.is_alive()
    assert held.paused_seconds > 0


def test_a_pause_is_reported_at_both_ends(control, events):
    def tell(event):
        events.append(event)
        control.unpause()

    control.pause()
    Gate(control.token, tell).check()
    assert events == [PauseChanged(paused=True), PauseChanged(paused=False)]
