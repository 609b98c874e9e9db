"""Which device runs the models, how busy it is, and why it is not a GPU, without importing TensorFlow."""

from desktop_app.core.devices.cpu import cpu_count
from desktop_app.core.devices.engine_facts import EngineFacts, read_engine_facts
from desktop_app.core.devices.probe import DeviceProbe
from desktop_app.core.devices.status import DeviceReason, DeviceStatus

__all__ = ["DeviceProbe", "DeviceReason", "DeviceStatus", "EngineFacts", "cpu_count", "read_engine_facts"]
