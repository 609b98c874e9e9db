"""Watches the device and reports changes of its status."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_app.core.engine.libraries import import_device_modules, import_model_modules
from desktop_app.core.engine.loading import engine_loaded
from desktop_app.workers.threads.task import Lane
from desktop_app.workers.threads.wishes import Wishes

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.core.devices.engine_facts import EngineFacts
    from desktop_app.core.devices.probe import DeviceProbe
    from desktop_app.core.devices.status import DeviceStatus
    from desktop_app.core.engine.compiled import Processor

log = logging.getLogger(__name__)


def _new_probe() -> DeviceProbe:
    from desktop_app.core.devices.probe import DeviceProbe  # in the lane: the window need not wait

    return DeviceProbe()


def _read_engine_facts() -> EngineFacts:
    from desktop_app.core.devices.engine_facts import read_engine_facts  # likewise

    return read_engine_facts()


def _read_processor() -> Processor:
    from desktop_app.core.engine.compiled import read_processor  # likewise

    return read_processor()


class DeviceMonitor(QObject):
    """Reads the device's status in its own thread; lives in the GUI thread.

    Signals:
        status_changed: The `DeviceStatus`, first soon after `start`, then whenever it differs.
        processor_read: The `Processor` that was asked for; the `Reason` where OpenVINO does not start.

    Args:
        probe_factory: The factory of the probe, called in the monitor's thread; tests pass their own.
        engine_facts: The function that asks TensorFlow, likewise; only once something else has loaded it.
        loaded: The function that says whether TensorFlow is loaded, likewise.
        processor: The function that asks OpenVINO, likewise.
    """

    status_changed = Signal(object)
    processor_read = Signal(object)

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        probe_factory: Callable[[], DeviceProbe] = _new_probe,
        engine_facts: Callable[[], EngineFacts] = _read_engine_facts,
        loaded: Callable[[], bool] = engine_loaded,
        processor: Callable[[], Processor] = _read_processor,
    ) -> None:
        super().__init__(parent)
        self._status: DeviceStatus | None = None
        self._device = _Device(probe_factory, engine_facts, loaded)
        self._processor = processor
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

    def ask_processor(self) -> None:
        """Ask what the processor can do; `processor_read` follows."""
        self._lane.do(
            self._processor,
            needs=import_model_modules,
            work="Looking at the processor",
            on_result=self.processor_read.emit,
            on_failure=self.processor_read.emit,
        )

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
        self,
        make_probe: Callable[[], DeviceProbe],
        engine_facts: Callable[[], EngineFacts],
        loaded: Callable[[], bool],
    ) -> None:
        self._make_probe = make_probe
        self._engine_facts = engine_facts
        self._loaded = loaded
        self._asked = False

    @cached_property
    def probe(self) -> DeviceProbe:
        """The probe, made in the thread that uses it."""
        return self._make_probe()

    def read(self, _request: object) -> DeviceStatus:
        """Read the status; with TensorFlow's own facts once it is loaded, which is left to others."""
        if not self._asked and self._loaded():
            self._asked = True
            self._ask_engine()
        return self.probe.read()

    def _ask_engine(self) -> None:
        """Ask TensorFlow which GPUs it uses."""
        try:
            self.probe.engine = self._engine_facts()
        except Exception:  # TensorFlow's errors have no common class, and the answer is not vital
            log.exception("TensorFlow did not say which devices it uses")

    def close(self) -> None:
        """Release the driver."""
        self.probe.close()
