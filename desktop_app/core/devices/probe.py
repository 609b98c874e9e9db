"""Repeated readings of the device's status."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

from desktop_app.core.devices.build import TensorFlowBuild, read_build

if TYPE_CHECKING:
    from desktop_app.core.devices.driver import NvidiaDriver
    from desktop_app.core.devices.engine_facts import EngineFacts
    from desktop_app.core.devices.host import Host
    from desktop_app.core.devices.status import DeviceStatus


class DeviceProbe:
    """Reads the device's status; what cannot change is read once, the driver's handle stays open.

    To be used from one thread, and closed in the end. Tests give their own parts.
    """

    def __init__(
        self,
        driver: NvidiaDriver | None = None,
        host: Host | None = None,
        build: TensorFlowBuild | None = None,
    ) -> None:
        # Most answers of a processor need none of it: `gpu_expected`.
        from desktop_app.core.devices.host import read_host

        self._driver = driver or _installed_driver()
        self._host = host or read_host()
        self._build = build or read_build()
        self.engine: EngineFacts | None = None
        """What TensorFlow says; set it once TensorFlow is loaded."""

    def read(self) -> DeviceStatus:
        """The status now; takes about a millisecond a GPU, and never fails."""
        from desktop_app.core.devices.explain import Facts, explain

        return explain(Facts(self._host, self._driver.read(), self._build, self.engine))

    def close(self) -> None:
        """Let go of the driver; a later `read` opens it again."""
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _installed_driver() -> NvidiaDriver:
    from desktop_app.core.devices.driver import NvidiaDriver, driver_library_present, import_nvml

    nvml = import_nvml()
    return NvidiaDriver(nvml, library_present=nvml is None and driver_library_present())


def gpu_expected() -> bool:
    """Whether TensorFlow is likely to use a GPU, found out without importing it.

    A build without CUDA, or one whose libraries are missing, needs no look at the driver.
    """
    build = read_build()
    if sys.platform.startswith("linux") and (build.cuda is False or build.missing_libraries):
        return False
    with DeviceProbe(build=build) as probe:
        return probe.read().kind == "gpu"
