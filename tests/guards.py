"""What every test is held to: it leaves no thread running and logs nothing unexpected.

`tests/conftest.py` applies these fixtures to all tests, and `tests/workers/conftest.py` the one that watches
imports to those of the workers.
"""

from __future__ import annotations

import logging
import threading
import weakref

import pytest
from PySide6.QtCore import QThread, QThreadPool
from shiboken6 import isValid

from tests.import_guard import ImportGuard

PATIENCE_MS = 30_000
"""How long a thread may take to stop; nothing waits this long when all is well."""

# TensorFlow's advice to reuse functions: right in a loop, wrong between tests that each build a model.
IGNORED_LOGS = ("triggered tf.function retracing",)

_started_qthreads: weakref.WeakSet[QThread] = weakref.WeakSet()
_qthread_start = QThread.start


def _start_on_record(thread: QThread, *arguments: QThread.Priority) -> None:
    _started_qthreads.add(thread)
    _qthread_start(thread, *arguments)


# Qt keeps no list of its threads, so every start is noted down here.
QThread.start = _start_on_record


def _running_qthreads() -> set[QThread]:
    return {thread for thread in _started_qthreads if isValid(thread) and thread.isRunning()}


def _python_threads() -> set[threading.Thread]:
    # Python makes a dummy for every foreign thread that calls it and never learns of its end.
    return {thread for thread in threading.enumerate() if not isinstance(thread, threading._DummyThread)}


@pytest.fixture(autouse=True)
def no_leaked_threads():
    """Fail a test that leaves a Python thread, a QThread or a job of the thread pool behind."""
    python_before, qt_before = _python_threads(), _running_qthreads()
    yield
    leaked: list[object] = []
    for thread in _python_threads() - python_before:
        thread.join(PATIENCE_MS / 1000)
        if thread.is_alive():
            leaked.append(thread)
    leaked += [thread for thread in _running_qthreads() - qt_before if not thread.wait(PATIENCE_MS)]
    if not QThreadPool.globalInstance().waitForDone(PATIENCE_MS):
        leaked.append(QThreadPool.globalInstance())
    if leaked:
        pytest.fail(f"threads left running: {leaked}", pytrace=False)


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if not any(ignored in text for ignored in IGNORED_LOGS):
            self.lines.append(f"{record.levelname} {record.name}: {text}")


@pytest.fixture(autouse=True)
def no_unexpected_logs(request):
    """Fail a test during which a warning or an error is logged, unless it takes `caplog` to look itself."""
    collector = _Collector()
    logging.getLogger().addHandler(collector)
    yield
    logging.getLogger().removeHandler(collector)
    if collector.lines and "caplog" not in request.fixturenames:
        pytest.fail("unexpected log:\n" + "\n".join(collector.lines), pytrace=False)


@pytest.fixture(autouse=True)
def no_stray_imports():
    """Fail a test during which a thread imports a part of `core` beside the loader."""
    with ImportGuard() as guard:
        yield
    if guard.strays:
        pytest.fail("imported beside the loader:\n" + "\n".join(guard.strays), pytrace=False)
