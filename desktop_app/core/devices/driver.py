"""The NVIDIA driver: whether it is there, and what its GPUs are doing."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from dataclasses import dataclass
from enum import Enum
from typing import Any

from desktop_app.core.engine.libraries import loading


class DriverState(Enum):
    """Whether the driver could be read."""

    ABSENT = "absent"
    UNREAD = "the driver is there, but the package nvidia-ml-py to ask it is not"
    READ = "read"
    MISMATCH = "its library and its kernel module have different versions"
    FAILED = "it answers with an error"


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU at one moment.

    Attributes:
        load: Percent of the last sample period in which it worked; None where it is not reported
            (virtual GPUs, partitioned GPUs).
        used: Bytes of its memory in use, by all programs.
        total: Bytes of its memory; 0 where it is not reported.
    """

    name: str
    uuid: str
    load: int | None
    used: int
    total: int


@dataclass(frozen=True, slots=True)
class DriverReading:
    """What the driver said.

    Attributes:
        cuda_major: Newest major version of CUDA that it can run; None when unknown.
        problem: The driver's own words for an error.
    """

    state: DriverState
    gpus: tuple[Gpu, ...] = ()
    cuda_major: int | None = None
    problem: str = ""


def import_nvml() -> Any | None:
    """The module ``pynvml`` (package nvidia-ml-py), or None where it is not installed."""
    try:
        import pynvml  # by a statement, from which PyInstaller learns that it belongs to the app
    except ImportError:
        return None
    return pynvml


def driver_library_present() -> bool:
    """Whether the driver's management library can be opened; it comes with every NVIDIA driver."""
    try:
        with loading:
            ctypes.CDLL("nvml.dll" if sys.platform == "win32" else "libnvidia-ml.so.1")
    except OSError:
        return False
    return True


class NvidiaDriver:
    """Asks the driver through NVML, and keeps its handle open in between.

    Args:
        nvml: The module ``pynvml``, one like it, or None.
        library_present: Whether a driver is there although ``nvml`` is None.
    """

    def __init__(self, nvml: Any | None, library_present: bool) -> None:
        self._nvml: Any = nvml
        self._library_present = library_present
        self._open = False

    def read(self) -> DriverReading:
        """Ask for all GPUs; an error closes the handle, and the next call tries again."""
        if self._nvml is None:
            return DriverReading(DriverState.UNREAD if self._library_present else DriverState.ABSENT)
        try:
            if not self._open:
                self._nvml.nvmlInit()
                self._open = True
            gpus = tuple(self._gpu(index) for index in range(self._nvml.nvmlDeviceGetCount()))
            cuda = self._optional(self._nvml.nvmlSystemGetCudaDriverVersion_v2)
        except self._nvml.NVMLError as error:
            self.close()
            return DriverReading(self._state_of(error), problem=str(error))
        return DriverReading(DriverState.READ, gpus, None if cuda is None else cuda // 1000)

    def close(self) -> None:
        """Let go of the driver; a later `read` opens it again."""
        if self._open:
            self._open = False
            with contextlib.suppress(self._nvml.NVMLError):
                self._nvml.nvmlShutdown()

    def _state_of(self, error: Any) -> DriverState:
        absent = {self._nvml.NVML_ERROR_LIBRARY_NOT_FOUND, self._nvml.NVML_ERROR_DRIVER_NOT_LOADED}
        if error.value in absent:
            return DriverState.ABSENT
        if error.value == self._nvml.NVML_ERROR_LIB_RM_VERSION_MISMATCH:
            return DriverState.MISMATCH
        return DriverState.FAILED

    def _gpu(self, index: int) -> Gpu:
        handle = self._nvml.nvmlDeviceGetHandleByIndex(index)
        memory = self._optional(self._nvml.nvmlDeviceGetMemoryInfo, handle)
        rates = self._optional(self._nvml.nvmlDeviceGetUtilizationRates, handle)
        return Gpu(
            name=_text(self._nvml.nvmlDeviceGetName(handle)),
            uuid=_text(self._nvml.nvmlDeviceGetUUID(handle)),
            load=None if rates is None else int(rates.gpu),
            used=0 if memory is None else int(memory.used),
            total=0 if memory is None else int(memory.total),
        )

    def _optional(self, ask: Any, *arguments: Any) -> Any | None:
        """Ask for a figure that some GPUs and older drivers do not report."""
        nvml = self._nvml
        silent = {
            nvml.NVML_ERROR_NOT_SUPPORTED,
            nvml.NVML_ERROR_NO_PERMISSION,
            nvml.NVML_ERROR_FUNCTION_NOT_FOUND,
        }
        try:
            return ask(*arguments)
        except nvml.NVMLError as error:
            if error.value in silent:
                return None
            raise


def _text(value: str | bytes) -> str:
    """Releases of nvidia-ml-py before 12 answer with bytes."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
