"""The status arrives in the GUI thread, once for every change."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QThread

from desktop_app.core.devices.engine_facts import EngineFacts
from desktop_app.core.devices.status import DeviceReason, DeviceStatus
from desktop_app.core.engine.compiled import Processor
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.workers.application.device_monitor import DeviceMonitor


class FakeProbe:
    """Returns what the test put there, and remembers who called."""

    def __init__(self) -> None:
        self.engine: EngineFacts | None = None
        self.sentence = "CPU (2 cores): no NVIDIA driver found"
        self.readings = threading.Semaphore(0)
        self.reader: QThread | None = None
        self.closed_in: QThread | None = None

    def read(self) -> DeviceStatus:
        self.reader = QThread.currentThread()
        self.readings.release()
        if self.engine is not None:
            return DeviceStatus("gpu", "GPU: NVIDIA L4", DeviceReason.IN_USE)
        return DeviceStatus("cpu", self.sentence, DeviceReason.NO_DRIVER)

    def close(self) -> None:
        self.closed_in = QThread.currentThread()


@pytest.fixture
def probe():
    return FakeProbe()


@pytest.fixture
def loaded():
    return threading.Event()


@pytest.fixture
def monitor(qapp, probe, loaded):
    facts = EngineFacts(built_with_cuda=True, visible_gpus=1)
    monitor = DeviceMonitor(probe_factory=lambda: probe, engine_facts=lambda: facts, loaded=loaded.is_set)
    yield monitor
    assert monitor.shutdown(60)


def test_the_first_status_comes_at_once_and_from_another_thread(qtbot, monitor, probe):
    received_in = []
    monitor.status_changed.connect(lambda _status: received_in.append(QThread.currentThread()))
    with qtbot.waitSignal(monitor.status_changed) as changed:
        monitor.start(interval_ms=60_000)
    assert changed.args[0].reason is DeviceReason.NO_DRIVER
    assert monitor.status == changed.args[0]
    assert received_in == [QThread.currentThread()]
    assert probe.reader is not QThread.currentThread()


def test_it_is_read_at_every_interval_but_told_only_when_it_changed(qtbot, monitor, probe):
    told = []
    monitor.status_changed.connect(told.append)
    monitor.start(interval_ms=1)
    for _ in range(20):
        qtbot.waitUntil(lambda: probe.readings.acquire(blocking=False), timeout=60_000)
    probe.sentence = "CPU (2 cores): the NVIDIA driver finds no GPU"
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told[0] != told[1]


def test_refresh_reads_before_the_interval_is_over(qtbot, monitor, probe):
    with qtbot.waitSignal(monitor.status_changed):
        monitor.start(interval_ms=60_000)
    probe.sentence = "CPU (2 cores): changed"
    with qtbot.waitSignal(monitor.status_changed) as changed:
        monitor.refresh()
    assert changed.args[0].sentence.endswith("changed")


def test_what_tensorflow_says_counts_once_something_has_loaded_it(qtbot, monitor, loaded):
    with qtbot.waitSignal(monitor.status_changed) as changed:
        monitor.start(interval_ms=60_000)
    assert changed.args[0].kind == "cpu"
    loaded.set()
    with qtbot.waitSignal(monitor.status_changed) as changed:
        monitor.refresh()
    assert changed.args[0].kind == "gpu"


def test_an_engine_that_fails_to_tell_does_not_stop_the_watch(qtbot, probe, caplog):
    def fail() -> EngineFacts:
        raise RuntimeError("no devices")

    monitor = DeviceMonitor(probe_factory=lambda: probe, engine_facts=fail, loaded=lambda: True)
    with qtbot.waitSignal(monitor.status_changed) as changed:
        monitor.start(interval_ms=60_000)
    assert changed.args[0].reason is DeviceReason.NO_DRIVER
    probe.sentence = "CPU (2 cores): changed"
    with qtbot.waitSignal(monitor.status_changed):
        monitor.refresh()
    assert caplog.text.count("TensorFlow did not say") == 1, "it is asked once"
    assert monitor.shutdown(60)


def test_the_processor_is_read_on_request(qtbot, probe):
    processor = Processor("A processor", ("FP32",))
    monitor = DeviceMonitor(probe_factory=lambda: probe, processor=lambda: processor)
    with qtbot.waitSignal(monitor.processor_read) as read:
        monitor.ask_processor()
    assert read.args == [processor]
    assert monitor.shutdown(60)


def test_an_engine_that_does_not_start_is_the_reason_in_place_of_the_processor(qtbot, probe):
    def fail() -> Processor:
        raise SightlineError("OpenVINO cannot be loaded.", "Reinstall Sightline.")

    monitor = DeviceMonitor(probe_factory=lambda: probe, processor=fail)
    with qtbot.waitSignal(monitor.processor_read) as read:
        monitor.ask_processor()
    assert read.args[0].text == "OpenVINO cannot be loaded."
    assert monitor.shutdown(60)


def test_the_driver_is_let_go_in_the_thread_that_used_it(qtbot, monitor, probe):
    with qtbot.waitSignal(monitor.status_changed):
        monitor.start(interval_ms=60_000)
    assert monitor.shutdown(60)
    assert probe.closed_in is probe.reader


def test_shutdown_without_start(monitor):
    assert monitor.shutdown()
