"""Watches the device and reports changes of its status."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_app.core.engine.libraries import import_device_modules
from desktop_app.workers.threads.task import Lane
from desktop_app.workers.threads.wishes import Wishes

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.core.devices.engine_facts import EngineFacts
    from desktop_app.core.devices.probe import DeviceProbe
    from desktop_app.core.devices.status import DeviceStatus

log = logging.getLogger(__name__)


def _new_probe() -> DeviceProbe:
    from desktop_app.core.devices.probe import DeviceProbe  # in the lane: the window need not wait

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

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        probe_factory: Callable[[], DeviceProbe] = _new_probe,
        engine_facts: Callable[[], EngineFacts] = _read_engine_facts,
    ) -> None:
        super().__init__(parent)
        self._status: DeviceStatus | None = None
        self._device = _Device(probe_factory, engine_facts)
        self._lane = Lane("devices", self, import_device_modules)
        self._readings = Wishes(self._lane, self._device.read, on_result=self._on_read)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.refresh)

    @property
    def status(self) -> DeviceStatus | None:
        """The last status; None until the first one has come."""
        return self._status

    def start(self, interval_ms: int = 2000) -> None:
        """Begin to watch.

        Args:
            interval_ms: The time between two readings.
        """
        self._timer.start(interval_ms)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read now instead of at the next interval."""
        self._readings.ask(False)

    @Slot()
    def on_engine_ready(self) -> None:
        """Use TensorFlow's own facts from now on: it is loaded."""
        self._lane.do(self._device.ask_engine)
        self.refresh()

    def shutdown(self, seconds: float = 2.0) -> bool:
        """Stop watching and release the driver.

        Returns:
            Whether the thread has ended in time.
        """
        self._timer.stop()
        if self._lane.isRunning():
            self._lane.do(self._device.close)
        return self._lane.stop(seconds)

    def _on_read(self, _request: object, status: DeviceStatus) -> None:
        if status != self._status:
            self._status = status
            self.status_changed.emit(status)


class _Device:
    """Lives in the monitor's lane."""

    def __init__(
        self, make_probe: Callable[[], DeviceProbe], engine_facts: Callable[[], EngineFacts]
    ) -> None:
        self._make_probe = make_probe
        self._engine_facts = engine_facts

    @cached_property
    def probe(self) -> DeviceProbe:
        """The probe, made in the thread that uses it."""
        return self._make_probe()

    def read(self, _request: object) -> DeviceStatus:
        """Read the status."""
        return self.probe.read()

    def ask_engine(self) -> None:
        """Ask TensorFlow which GPUs it uses."""
        try:
            self.probe.engine = self._engine_facts()
        except Exception:  # TensorFlow's errors have no common class, and the answer is not vital
            log.exception("TensorFlow did not say which devices it uses")

    def close(self) -> None:
        """Release the driver."""
        self.probe.close()
