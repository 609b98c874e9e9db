"""A stand-in for the module pynvml, with the same names, constants and errors."""

from __future__ import annotations

from types import SimpleNamespace


class NVMLError(Exception):
    """As pynvml's: carries the library's number."""

    def __init__(self, value: int) -> None:
        super().__init__(f"NVML error {value}")
        self.value = value


class FakeNvml:
    """Counts how often it is opened and closed; a test can change every result."""

    NVMLError = NVMLError
    NVML_ERROR_NOT_SUPPORTED = 3
    NVML_ERROR_NO_PERMISSION = 4
    NVML_ERROR_DRIVER_NOT_LOADED = 9
    NVML_ERROR_LIBRARY_NOT_FOUND = 12
    NVML_ERROR_FUNCTION_NOT_FOUND = 13
    NVML_ERROR_GPU_IS_LOST = 15
    NVML_ERROR_LIB_RM_VERSION_MISMATCH = 18

    def __init__(self, gpus: int = 1) -> None:
        self.gpus = gpus
        self.init_error: int | None = None
        self.load_error: int | None = None
        self.cuda_version = 12080
        self.name: str | bytes = "NVIDIA H200"
        self.opened = 0
        self.closed = 0

    def nvmlInit(self) -> None:
        if self.init_error is not None:
            raise NVMLError(self.init_error)
        self.opened += 1

    def nvmlShutdown(self) -> None:
        self.closed += 1

    def nvmlSystemGetCudaDriverVersion_v2(self) -> int:
        return self.cuda_version

    def nvmlDeviceGetCount(self) -> int:
        return self.gpus

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:
        return index

    def nvmlDeviceGetName(self, handle: int) -> str | bytes:
        return self.name

    def nvmlDeviceGetUUID(self, handle: int) -> str:
        return f"GPU-{handle}{handle}"

    def nvmlDeviceGetMemoryInfo(self, handle: int) -> SimpleNamespace:
        return SimpleNamespace(used=(31 + 10 * handle) * 1024**3 // 10, total=139 * 1024**3)

    def nvmlDeviceGetUtilizationRates(self, handle: int) -> SimpleNamespace:
        if self.load_error is not None:
            raise NVMLError(self.load_error)
        return SimpleNamespace(gpu=12 + handle, memory=0)
