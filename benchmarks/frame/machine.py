"""What a figure was measured on: the machine, and the versions of everything used."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from benchmarks.frame import prepared
from desktop_app import __version__
from desktop_app.core.devices.cpu import cpu_count
from desktop_app.core.devices.memory import free_memory

PACKAGES = (
    *("tensorflow", "keras", "numpy", "pillow", "h5py", "PySide6-Essentials", "pyqtgraph"),
    *("openvino", "onnxruntime", "torch", "tf2onnx", "scipy"),
)
NOT_INSTALLED = "not installed"


def host_kind() -> str:
    """A word for machines that are alike, for the name of a file: system, processor, cores, GPU."""
    gpu = "-gpu" if list(Path("/proc/driver/nvidia/gpus").glob("*")) else ""
    return f"{platform.system()}-{platform.machine()}-{cpu_count()}cores{gpu}".lower()


def machine() -> dict[str, str]:
    """Describe this machine in words."""
    return {
        "processor": _processor(),
        "cores": str(cpu_count()),
        "instructions": _instructions(),
        "free memory": f"{free_memory() / 1e9:.1f} GB",
        "system": platform.platform(),
        "host kind": host_kind(),
    }


def versions() -> dict[str, str]:
    """The versions of this program, of Python and of the packages used, peers included."""
    found = {"sightline": f"{__version__} {commit()}".strip(), "python": platform.python_version()}
    for name in PACKAGES:
        here = metadata.distributions(name=name, path=[*sys.path, str(prepared.SCIPY)])
        found[name] = next((each.version for each in here), NOT_INSTALLED)
    return found


def load() -> float | None:
    """Processes that wanted a core during the last minute, on average; None where the system does not say."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def commit() -> str:
    """The checkout's commit, with a plus when files differ from it; empty without git."""
    root = Path(__file__).parent
    try:
        asked = [
            subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True).stdout  # noqa: S607
            for words in (
                ["rev-parse", "--short", "HEAD"],
                ["status", "--porcelain", "--", "../../desktop_app"],
            )
        ]
    except (OSError, subprocess.CalledProcessError):
        return ""
    return asked[0].strip() + ("+" if asked[1].strip() else "")


def _processor() -> str:
    return _cpuinfo("model name") or platform.processor() or platform.machine()


def _instructions() -> str:
    """The widest kinds of vector instructions, which decide how fast a network may be."""
    flags = set(_cpuinfo("flags").split())
    known = ("avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile", "amx_bf16")
    return ", ".join(name for name in known if name in flags) or "unknown"


def _cpuinfo(key: str) -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "")
