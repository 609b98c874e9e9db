"""Watches the device and reports changes of its status."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_app.workers.threads.thread import WorkerThread

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.core.devices.engine_facts import EngineFacts
    from desktop_app.core.devices.probe import DeviceProbe
    from desktop_app.core.devices.status import DeviceStatus

log = logging.getLogger(__name__)


def _new_probe() -> DeviceProbe:
    from desktop_app.core.devices.probe import (
        DeviceProbe,
    )  # in the monitor's thread: the window need not wait

    return DeviceProbe()


def _read_engine_facts() -> EngineFacts:
    from desktop_app.core.devices.engine_facts import read_engine_facts  # likewise

    return read_engine_facts()


class DeviceMonitor(QObject):
    """Reads the device's status in its own thread; lives in the GUI thread.

    Signals:
        status_changed: The `DeviceStatus`, first soon after `start`, then whenever it differs.

    Args:
        probe_factory: The factory of the probe, called in the monitor's thread; tests pass their own.
        engine_facts: The function that asks TensorFlow, likewise.
    """

    status_changed = Signal(object)

    _refresh_requested = Signal()
    _start_requested = Signal(int)
    _engine_ready = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        probe_factory: Callable[[], DeviceProbe] = _new_probe,
        engine_facts: Callable[[], EngineFacts] = _read_engine_facts,
    ) -> None:
        super().__init__(parent)
        self._status: DeviceStatus | None = None
        self._thread = WorkerThread("devices", self)
        worker = self._thread.adopt(_DeviceWorker(probe_factory, engine_facts))
        self._start_requested.connect(worker.start)
        self._refresh_requested.connect(worker.refresh)
        self._engine_ready.connect(worker.ask_engine)
        worker.status_changed.connect(self._on_status_changed)
        self._thread.finished.connect(worker.close)

    @property
    def status(self) -> DeviceStatus | None:
        """The last status; None until the first one has come."""
        return self._status

    def start(self, interval_ms: int = 2000) -> None:
        """Begin to watch.

        Args:
            interval_ms: The time between two readings.
        """
        self._thread.start()
        self._start_requested.emit(interval_ms)

    def refresh(self) -> None:
        """Read now instead of at the next interval."""
        self._refresh_requested.emit()

    @Slot()
    def on_engine_ready(self) -> None:
        """Use TensorFlow's own facts from now on: it is loaded."""
        self._engine_ready.emit()

    def shutdown(self, seconds: float = 2.0) -> bool:
        """Stop watching and release the driver.

        Returns:
            Whether the thread has ended in time.
        """
        return self._thread.stop(seconds)

    @Slot(object)
    def _on_status_changed(self, status: DeviceStatus) -> None:
        self._status = status
        self.status_changed.emit(status)


class _DeviceWorker(QObject):
    """Lives in the monitor's thread."""

    status_changed = Signal(object)

    def __init__(
        self, probe_factory: Callable[[], DeviceProbe], engine_facts: Callable[[], EngineFacts]
    ) -> None:
        super().__init__()
        self._make_probe = probe_factory
        self._engine_facts = engine_facts
        self._probe: DeviceProbe | None = None
        self._last: DeviceStatus | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.refresh)

    @Slot(int)
    def start(self, interval_ms: int) -> None:
        """Read now and then at every interval."""
        self._timer.start(interval_ms)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read, and report a change."""
        self._probe = self._probe or self._make_probe()
        status = self._probe.read()
        if status != self._last:
            self._last = status
            self.status_changed.emit(status)

    @Slot()
    def ask_engine(self) -> None:
        """Ask TensorFlow which GPUs it uses."""
        self._probe = self._probe or self._make_probe()
        try:
            self._probe.engine = self._engine_facts()
        except Exception:  # TensorFlow's errors have no common class, and the answer is not vital
            log.exception("TensorFlow did not say which devices it uses")
        self.refresh()

    @Slot()
    def close(self) -> None:
        """Stop the timer and release the driver; the last call in the thread."""
        self._timer.stop()
        if self._probe is not None:
            self._probe.close()
