"""Signals of the system wake the event loop."""

from __future__ import annotations

import signal
import sys

import pytest

from desktop_app.workers.threads.interrupts import Interrupts

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="raises signals")


@pytest.fixture
def interrupts(qapp):
    interrupts = Interrupts()
    yield interrupts
    interrupts.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_arrives_in_the_event_loop(qtbot, interrupts, number):
    with qtbot.waitSignal(interrupts.interrupted) as interrupted:
        signal.raise_signal(number)
    assert interrupted.args == [number]


def test_the_second_one_is_handled_as_before(qtbot, interrupts):
    with qtbot.waitSignal(interrupts.interrupted):
        signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_closing_puts_everything_back(qapp):
    before = (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM))
    wakeup = signal.set_wakeup_fd(-1)
    signal.set_wakeup_fd(wakeup)
    interrupts = Interrupts()
    assert signal.getsignal(signal.SIGINT) != before[0]
    interrupts.close()
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
    assert signal.set_wakeup_fd(wakeup) == wakeup
