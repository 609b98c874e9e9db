"""Workers live, respond and end in their thread."""

from __future__ import annotations

import os
import sys
import threading

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread, Signal, Slot

from desktop_app.workers.threads.thread import NICENESS, WorkerThread


class Echo(QObject):
    """Responds from its thread, with a value that it keeps in thread-local storage."""

    asked = Signal()
    answered = Signal(object, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._local = threading.local()
        self.asked.connect(self._answer)

    @Slot()
    def _answer(self) -> None:
        self._local.count = getattr(self._local, "count", 0) + 1
        self.answered.emit(QThread.currentThread(), self._local.count)


class Ranks(QObject):
    """Reports the niceness of its thread and of one that this starts."""

    asked = Signal()
    told = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.asked.connect(self._tell)

    @Slot()
    def _tell(self) -> None:
        started = []
        thread = threading.Thread(target=lambda: started.append(niceness()))
        thread.start()
        thread.join()
        self.told.emit(niceness(), started[0])


class Stubborn(QObject):
    """Holds its thread until released."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.entered = threading.Event()
        self.release = threading.Event()
        self.asked.connect(self._hold)

    @Slot()
    def _hold(self) -> None:
        self.entered.set()
        self.release.wait(60)


def niceness():
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.fixture
def thread(qapp):
    thread = WorkerThread("under test")
    yield thread
    assert thread.stop(60)


def test_slots_run_in_the_worker_thread(qtbot, thread):
    echo = thread.adopt(Echo())
    thread.start()
    with qtbot.waitSignal(echo.answered) as answer:
        echo.asked.emit()
    assert answer.args[0] is thread
    assert thread is not QThread.currentThread()


def test_thread_local_values_outlast_a_slot(qtbot, thread):
    echo = thread.adopt(Echo())
    thread.start()
    for expected in (1, 2, 3):
        with qtbot.waitSignal(echo.answered) as answer:
            echo.asked.emit()
        assert answer.args[1] == expected


@pytest.mark.skipif(sys.platform != "linux", reason="only there has each thread a niceness")
def test_workers_and_the_threads_that_they_start_rank_behind_the_window(qtbot, thread):
    before = niceness()
    ranks = thread.adopt(Ranks())
    thread.start()
    with qtbot.waitSignal(ranks.told) as told:
        ranks.asked.emit()
    assert told.args == [min(before + NICENESS, 19)] * 2
    assert niceness() == before


def test_workers_are_deleted_in_their_own_thread(qtbot, thread):
    echo = thread.adopt(Echo())
    thread.start()
    ended_in = []
    # Runs in the thread that deletes the worker, because nothing else is there to receive it.
    echo.destroyed.connect(lambda: ended_in.append(threading.get_ident()))
    assert thread.stop(60)
    assert len(ended_in) == 1
    assert ended_in[0] != threading.get_ident()


def test_a_worker_with_a_parent_is_refused(qapp, thread):
    parent = QObject()
    with pytest.raises(ValueError, match="has a parent"):
        thread.adopt(Echo(parent))


def test_stop_tells_when_a_slot_does_not_end(qtbot, thread):
    stubborn = thread.adopt(Stubborn())
    thread.start()
    stubborn.asked.emit()
    assert stubborn.entered.wait(60)
    assert not thread.stop(0.05)
    assert thread.isRunning()
    stubborn.release.set()
    assert thread.stop(60)


def test_a_thread_that_does_not_end_outlives_its_owner(qtbot):
    owner = QObject()
    thread = WorkerThread("stubborn", owner)
    stubborn = thread.adopt(Stubborn())
    thread.start()
    stubborn.asked.emit()
    assert stubborn.entered.wait(60)
    assert not thread.stop(0)
    shiboken6.delete(owner)  # Qt would abort the process here if it took the thread along
    assert thread.isRunning()
    stubborn.release.set()
    assert thread.stop(60)


def test_stop_without_start_and_twice(qapp, thread):
    thread.adopt(Echo())
    assert thread.stop()
    assert thread.stop()


def test_the_name_is_visible(qapp, thread):
    assert repr(thread) == "<WorkerThread 'under test', not running>"
    thread.start()
    assert repr(thread) == "<WorkerThread 'under test', running>"
