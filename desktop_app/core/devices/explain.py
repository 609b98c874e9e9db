"""From facts about the machine to one sentence, its reason and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.devices.driver import DriverReading, DriverState, Gpu
from desktop_app.core.devices.status import DeviceReason, DeviceStatus
from desktop_app.core.foundation.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.core.devices.build import TensorFlowBuild
    from desktop_app.core.devices.engine_facts import EngineFacts
    from desktop_app.core.devices.host import Host

GIB = 1024**3
"""Graphics cards are sold by the binary gigabyte, written GB."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All known facts; ``engine`` is None while TensorFlow is not loaded."""

    host: Host
    driver: DriverReading
    build: TensorFlowBuild
    engine: EngineFacts | None = None


@dataclass(frozen=True, slots=True)
class _Obstacle:
    """Why there is no GPU: ``cause`` ends the status bar's sentence."""

    reason: DeviceReason
    cause: str
    advice: str


def explain(facts: Facts) -> DeviceStatus:
    """Say which device is used, and why not a GPU.

    What TensorFlow says counts most; until it is loaded, or when it found no GPU, the first obstacle
    between the machine and TensorFlow is named.
    """
    if facts.engine is not None and facts.engine.visible_gpus > 0:
        return _gpu_status(facts, DeviceReason.IN_USE)
    for find in _OBSTACLES:
        obstacle = find(facts)
        if obstacle is not None:
            return _cpu_status(facts, obstacle)
    if facts.engine is None:
        return _gpu_status(facts, DeviceReason.EXPECTED)
    return _cpu_status(
        facts,
        _Obstacle(
            DeviceReason.NOT_USED,
            f"TensorFlow does not use the {_name(facts)}",
            "Update the GPU's driver, then start Sightline with TF_CPP_MIN_LOG_LEVEL=0 in a terminal and "
            "read what TensorFlow says.",
        ),
    )


def _cpu_status(facts: Facts, obstacle: _Obstacle) -> DeviceStatus:
    sentence = f"CPU ({counted(facts.host.cores, 'core')}): {obstacle.cause}"
    return DeviceStatus("cpu", sentence, obstacle.reason, obstacle.advice)


def _gpu_status(facts: Facts, reason: DeviceReason) -> DeviceStatus:
    gpus = visible_gpus(facts.driver.gpus, facts.host.cuda_visible)
    # TensorFlow computes on the first GPU that it sees, so that is the one to show.
    parts = [_name(facts) + (f" (1 of {len(gpus)})" if len(gpus) > 1 else "")]
    if gpus and gpus[0].load is not None:
        parts.append(f"{gpus[0].load}%")
    if gpus and gpus[0].total:
        parts.append(f"{_gigabytes(gpus[0].used)} of {_gigabytes(gpus[0].total)} GB")
    advice = []
    if reason is DeviceReason.EXPECTED:
        advice.append("TensorFlow is not loaded yet; it is expected to use this GPU.")
    if facts.driver.state is DriverState.UNREAD:
        advice.append("Install the package nvidia-ml-py to see its load and memory here.")
    return DeviceStatus("gpu", f"GPU: {', '.join(parts)}", reason, " ".join(advice))


def _gigabytes(count: int) -> str:
    amount = count / GIB
    return f"{amount:.1f}" if amount < 10 else f"{amount:.0f}"


def _name(facts: Facts) -> str:
    gpus = visible_gpus(facts.driver.gpus, facts.host.cuda_visible)
    if gpus:
        return gpus[0].name
    if facts.engine is not None and facts.engine.gpu_name:
        return facts.engine.gpu_name
    return "Apple GPU" if facts.host.platform == "darwin" else "NVIDIA GPU"


def visible_gpus(gpus: tuple[Gpu, ...], cuda_visible: str | None) -> tuple[Gpu, ...]:
    """Apply CUDA_VISIBLE_DEVICES as CUDA does: in its order, up to the first entry that is no GPU.

    CUDA counts the fastest GPU first unless CUDA_DEVICE_ORDER says otherwise, the driver counts by slot:
    with different GPUs in one machine an index may name another one.

    Args:
        gpus: All GPUs, in the driver's order.
        cuda_visible: Indices or (shortened) UUIDs with commas between; None shows all.
    """
    if cuda_visible is None:
        return gpus
    chosen: list[Gpu] = []
    for entry in (part.strip() for part in cuda_visible.split(",")):
        if entry.isdecimal() and int(entry) < len(gpus):
            chosen.append(gpus[int(entry)])
            continue
        by_uuid = [gpu for gpu in gpus if entry.startswith("GPU-") and gpu.uuid.startswith(entry)]
        if not by_uuid:
            # A partition of a GPU has a UUID of its own, which does not show whose it is.
            chosen += gpus[:1] if entry.startswith("MIG-") else ()
            break
        chosen.append(by_uuid[0])
    return tuple(chosen)


def _apple(facts: Facts) -> _Obstacle | None:
    if facts.host.platform != "darwin" or facts.host.metal_plugin:
        return None
    return _Obstacle(
        DeviceReason.APPLE_WITHOUT_PLUGIN,
        "TensorFlow needs the tensorflow-metal plug-in for the Apple GPU",
        "Install the package tensorflow-metal where it supports this version of TensorFlow; "
        "otherwise the CPU is the device to use.",
    )


def _frozen(facts: Facts) -> _Obstacle | None:
    """The packaged app has a card before it that no driver and no library would let it use."""
    driver = facts.driver
    has_card = driver.state is not DriverState.ABSENT and (
        driver.state is not DriverState.READ or driver.gpus
    )
    if (
        not (facts.host.frozen and facts.host.platform == "linux" and has_card)
        or _has_cuda(facts) is not False
    ):
        return None
    return _Obstacle(
        DeviceReason.NO_CUDA_BUILD,
        f"this build is for the processor, not for the {_name(facts)}",
        "The version from the Python package index can use the card: pip install 'sightline[gpu]'.",
    )


def _driver(facts: Facts) -> _Obstacle | None:
    if facts.host.platform == "darwin":
        return None
    driver = facts.driver
    if driver.state is DriverState.ABSENT:
        where = "in Windows (not inside WSL)" if facts.host.wsl else "for it and start the computer again"
        return _Obstacle(
            DeviceReason.NO_DRIVER,
            "no NVIDIA driver found",
            f"If this computer has an NVIDIA GPU, install NVIDIA's driver {where}.",
        )
    if driver.state is DriverState.MISMATCH:
        return _Obstacle(
            DeviceReason.DRIVER_MISMATCH,
            "the NVIDIA driver was updated and is not loaded yet",
            "Start the computer again: the driver's library and its kernel module have different versions.",
        )
    if driver.state is DriverState.FAILED:
        return _Obstacle(
            DeviceReason.DRIVER_ERROR,
            f"the NVIDIA driver reports an error ({driver.problem})",
            "Start the computer again; if the error stays, reinstall NVIDIA's driver.",
        )
    if driver.state is DriverState.READ and not driver.gpus:
        return _Obstacle(
            DeviceReason.NO_GPU,
            "the NVIDIA driver finds no GPU",
            "Check that the GPU is switched on, or given to this virtual machine or container.",
        )
    return None


def _windows(facts: Facts) -> _Obstacle | None:
    if facts.host.platform != "win32":
        return None
    return _Obstacle(
        DeviceReason.WINDOWS_WITHOUT_WSL,
        "TensorFlow uses GPUs on Windows only inside WSL",
        "Install Sightline inside the Windows Subsystem for Linux (wsl --install) to use the GPU.",
    )


def _hidden(facts: Facts) -> _Obstacle | None:
    variable = facts.host.cuda_visible
    if facts.host.platform == "darwin" or variable is None:
        return None
    # Without the list of GPUs only the two usual ways to hide all of them can be recognised.
    is_read = facts.driver.state is DriverState.READ
    shown = bool(visible_gpus(facts.driver.gpus, variable)) if is_read else variable.strip() not in {"", "-1"}
    if shown:
        return None
    return _Obstacle(
        DeviceReason.HIDDEN,
        "the GPU is hidden by CUDA_VISIBLE_DEVICES",
        f"Remove the environment variable CUDA_VISIBLE_DEVICES (now '{variable}') and start Sightline again.",
    )


def _has_cuda(facts: Facts) -> bool | None:
    """Whether TensorFlow was built with CUDA; None when that is unknown."""
    return facts.engine.built_with_cuda if facts.engine is not None else facts.build.cuda


def _build(facts: Facts) -> _Obstacle | None:
    if facts.host.platform == "darwin" or _has_cuda(facts) is not False:
        return None
    return _Obstacle(
        DeviceReason.NO_CUDA_BUILD,
        "this TensorFlow was built without CUDA",
        "Install Sightline with its extra 'gpu', which brings TensorFlow with CUDA.",
    )


def _libraries(facts: Facts) -> _Obstacle | None:
    missing = facts.build.missing_libraries
    if not missing:
        return None
    return _Obstacle(
        DeviceReason.CUDA_LIBRARIES_MISSING,
        "the CUDA libraries are missing",
        f"Install Sightline with its extra 'gpu', which brings them. Not found: {', '.join(missing)}.",
    )


def _driver_age(facts: Facts) -> _Obstacle | None:
    needed = facts.build.cuda_version.partition(".")[0]
    supported = facts.driver.cuda_major
    if not needed.isdecimal() or supported is None or supported >= int(needed):
        return None
    return _Obstacle(
        DeviceReason.DRIVER_TOO_OLD,
        f"the NVIDIA driver is too old for CUDA {needed}",
        f"Update NVIDIA's driver: it supports CUDA up to {supported}, TensorFlow needs CUDA {needed}.",
    )


_OBSTACLES: tuple[Callable[[Facts], _Obstacle | None], ...] = (
    _apple,
    _frozen,
    _driver,
    _windows,
    _hidden,
    _build,
    _libraries,
    _driver_age,
)
"""From the machine to TensorFlow; the first one found is reported."""
