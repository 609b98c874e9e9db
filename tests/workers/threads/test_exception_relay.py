"""Uncaught exceptions are logged, and reported in the GUI thread."""

from __future__ import annotations

import sys
import threading

import pytest
from PySide6.QtCore import QObject, QThread, Signal, qCritical, qWarning

from desktop_app.workers.threads.exception_relay import ExceptionRelay
from desktop_app.workers.threads.thread import WorkerThread

# Unexpected errors are logged on purpose here, and reach the hooks of pytest-qt otherwise.
pytestmark = [pytest.mark.usefixtures("caplog"), pytest.mark.qt_no_exception_capture]


class Faulty(QObject):
    """Fails in its slot."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.asked.connect(self._fail)

    def _fail(self) -> None:
        raise RuntimeError("a defect in a slot")


@pytest.fixture
def relay(qapp):
    relay = ExceptionRelay()
    yield relay
    relay.close()


@pytest.fixture
def told_in(relay):
    threads = []
    relay.crashed.connect(lambda _report: threads.append(QThread.currentThread()))
    return threads


def test_a_slot_in_the_gui_thread(qtbot, relay, caplog, told_in):
    faulty = Faulty()
    with qtbot.waitSignal(relay.crashed) as crashed:
        faulty.asked.emit()
    assert "RuntimeError: a defect in a slot" in crashed.args[0]
    assert "Sightline: " in crashed.args[0]
    assert "a defect in a slot" in caplog.text
    assert told_in == [QThread.currentThread()]


def test_a_slot_in_a_worker_thread_is_told_in_the_gui_thread(qtbot, relay, told_in):
    thread = WorkerThread("faulty")
    faulty = thread.adopt(Faulty())
    thread.start()
    with qtbot.waitSignal(relay.crashed):
        faulty.asked.emit()
    assert thread.stop(60)
    assert told_in == [QThread.currentThread()]


def test_a_python_thread(qtbot, relay, told_in):
    thread = threading.Thread(target=int, args=("no number",))
    with qtbot.waitSignal(relay.crashed) as crashed:
        thread.start()
    thread.join()
    assert "ValueError" in crashed.args[0]
    assert told_in == [QThread.currentThread()]


def test_interruptions_are_not_errors(qtbot, relay, capsys):
    with qtbot.assertNotEmitted(relay.crashed, wait=10):
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)


def test_messages_of_qt_go_to_the_log(relay, caplog):
    qWarning("something odd")
    qCritical("something bad")
    assert [(record.levelname, record.name) for record in caplog.records] == [
        ("WARNING", "desktop_app.qt"),
        ("ERROR", "desktop_app.qt"),
    ]
    assert "something odd (default)" in caplog.text


def test_the_hooks_are_given_back(qapp):
    before = (sys.excepthook, threading.excepthook)
    relay = ExceptionRelay()
    assert sys.excepthook != before[0]
    relay.close()
    assert (sys.excepthook, threading.excepthook) == before
