from __future__ import annotations

import os
import sys
import threading

import pytest
from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.workers.threads.decoding import decoding_threads
from desktop_app.workers.threads.thread import NICENESS, WorkerThread


class Decodes(QObject):
    """Has two threads of its own tell their names and nicenesses."""

    told = Signal(object)

    @Slot()
    def work(self):
        both = threading.Barrier(2, timeout=60)

        def describe():
            both.wait()
            return threading.current_thread().name, niceness()

        with decoding_threads(2) as executor:
            futures = [executor.submit(describe) for _ in range(2)]
        self.told.emit([future.result() for future in futures])


def niceness():
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) if sys.platform == "linux" else 0


class Asks(QObject):
    asked = Signal()


@pytest.fixture
def told(qtbot):
    thread, asks = WorkerThread("decodes"), Asks()
    worker = thread.adopt(Decodes())
    asks.asked.connect(worker.work)
    thread.start()
    with qtbot.waitSignal(worker.told, timeout=60_000) as answer:
        asks.asked.emit()
    assert thread.stop(60)
    return answer.args[0]


def test_there_are_as_many_threads_as_asked_for(told):
    assert {name.rpartition("_")[0] for name, _ in told} == {"decoding"}
    assert len(dict(told)) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="only there has each thread a niceness")
def test_they_rank_behind_the_gui_thread(told):
    assert [rank for _, rank in told] == [min(niceness() + NICENESS, 19)] * 2
