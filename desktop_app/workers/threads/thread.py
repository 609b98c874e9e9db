"""The one helper that owns background work: nothing else in the app starts a thread."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread, QTimer

from desktop_app.core.engine.libraries import mapping

if TYPE_CHECKING:
    from collections.abc import Sequence

W = TypeVar("W", bound=QObject)

STACK_BYTES = 16 * 1024 * 1024
"""Keras walks deep graphs recursively; the platforms give a second thread between 0.5 and 8 MiB."""

NICENESS = 5
"""By how much workers rank behind the GUI thread on Linux.

A fit keeps every core busy: at the same rank, curves that are painted in 15 ms take up to 80 ms.
"""

_AGAIN_MS = 10
"""When to try again to start a thread."""

_unstoppable: list[WorkerThread] = []
"""Threads that outlived `WorkerThread.stop`: Qt aborts the process when a running QThread is destroyed."""


class WorkerThread(QThread):
    """A thread with an event loop, and the worker objects that live in it.

    ``adopt`` workers, ``begin``, talk to the workers through signals only, and ``stop`` the thread before
    its owner goes. Workers are deleted in their own thread when its event loop has ended.
    A slot that runs long must be cancelled (by a `CancelSource`) before ``stop`` is called.

    Args:
        name: Shown by debuggers, ``top -H`` and ``repr``; Linux cuts it at 15 bytes.
    """

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setStackSize(STACK_BYTES)
        self._workers: list[QObject] = []
        self._stopped = self._put_off = False

    def adopt(self, worker: W) -> W:
        """Move a worker without parent, and its children, into this thread.

        Returns:
            The worker, for the caller to connect its signals.

        Raises:
            ValueError: It has a parent, which must live in the same thread.
        """
        if worker.parent() is not None:
            message = f"{worker!r} has a parent and cannot change its thread"
            raise ValueError(message)
        worker.moveToThread(self)
        self.finished.connect(worker.deleteLater)
        self._workers.append(worker)
        return worker

    def begin(self) -> None:
        """Start, unless it runs or was stopped.

        That is put off while a library is being mapped: the system's loader, which may take a second, lets no
        thread begin meanwhile, and whoever starts one waits.
        """
        if self._stopped or self.isRunning():
            return
        self._put_off = not mapping.acquire(blocking=False)
        if not self._put_off:
            try:
                self.start()
            finally:
                mapping.release()
        else:
            QTimer.singleShot(_AGAIN_MS, self, self.begin)

    def run(self) -> None:
        """Serve the workers' events until `stop`.

        Overridden only to keep one Python frame on the stack: Python then holds one thread state for the
        whole run, so that thread-local values (Keras's dtype policy and seeds) outlast a single slot.
        """
        if sys.platform == "linux":
            # Here a niceness belongs to a thread, and those that it starts, such as TensorFlow's, inherit it.
            # QThread.setPriority does nothing here.
            os.nice(NICENESS)
        self.exec()
        # When it was stopped before it began to listen.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.MetaCall.value)

    def stop(self, seconds: float = 2.0) -> bool:
        """End the event loop after what was asked before, and wait.

        Args:
            seconds: How long to wait at most.

        Returns:
            Whether the thread has ended. When not, the thread is kept alive to the end of the process,
            which then has to leave through ``os._exit``.
        """
        self._stopped = True
        if self._put_off:
            self.start()
        self.quit()
        if not self.wait(max(0, round(seconds * 1000))):
            self.setParent(None)  # its owner may go, it may not
            _unstoppable.append(self)
            return False
        self._workers.clear()
        return True

    def __repr__(self) -> str:
        state = "running" if self.isRunning() else "not running"
        return f"<WorkerThread {self.objectName()!r}, {state}>"


def stop_all(threads: Sequence[WorkerThread], seconds: float) -> bool:
    """Stop threads together, so that their last slots end side by side.

    Args:
        threads: The threads, whose workers have been cancelled.
        seconds: How long to wait at most for all of them.

    Returns:
        Whether all have ended.
    """
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.quit()
    ended = [thread.stop(max(0.0, deadline - time.monotonic())) for thread in threads]
    return all(ended)
