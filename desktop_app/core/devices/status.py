"""What the status bar and ``sightline doctor`` say about the device."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class DeviceReason(StrEnum):
    """Why this device; everything after the first two is a reason for not using a GPU."""

    IN_USE = "gpu_in_use"
    EXPECTED = "gpu_expected"
    NO_DRIVER = "no_driver"
    DRIVER_MISMATCH = "driver_mismatch"
    DRIVER_ERROR = "driver_error"
    DRIVER_TOO_OLD = "driver_too_old"
    NO_GPU = "no_gpu"
    HIDDEN = "hidden"
    NO_CUDA_BUILD = "no_cuda_build"
    CUDA_LIBRARIES_MISSING = "cuda_libraries_missing"
    WINDOWS_WITHOUT_WSL = "windows_without_wsl"
    APPLE_WITHOUT_PLUGIN = "apple_without_plugin"
    NOT_USED = "gpu_not_used"


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """The device that runs the models.

    Attributes:
        kind: Processor or GPU; ``gpu`` also while TensorFlow is not loaded yet but is expected to use it.
        sentence: One line for the status bar.
        reason: Stable id for programs.
        advice: One or more sentences on what to do; empty when nothing can be gained.
    """

    kind: Literal["gpu", "cpu"]
    sentence: str
    reason: DeviceReason
    advice: str = ""
