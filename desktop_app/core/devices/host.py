"""What the machine is, as far as it decides about GPUs."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from desktop_app.core.devices.cpu import cpu_count


@dataclass(frozen=True, slots=True)
class Host:
    """The machine.

    Attributes:
        platform: Value of ``sys.platform``.
        cores: Number of cores that this process may use.
        wsl: Whether this Linux runs inside Windows.
        cuda_visible: The variable CUDA_VISIBLE_DEVICES; None when not set.
        metal_plugin: Whether the package tensorflow-metal is installed.
        frozen: Whether this is the packaged app, into which nothing can be installed.
    """

    platform: str
    cores: int
    wsl: bool = False
    cuda_visible: str | None = None
    metal_plugin: bool = False
    frozen: bool = False


def read_host() -> Host:
    """Look at this machine."""
    return Host(
        platform=sys.platform,
        cores=cpu_count(),
        wsl="microsoft" in platform.release().lower(),
        cuda_visible=os.environ.get("CUDA_VISIBLE_DEVICES"),
        metal_plugin=sys.platform == "darwin" and _metal_plugin_installed(),
        frozen=bool(getattr(sys, "frozen", False)),
    )


def _metal_plugin_installed() -> bool:
    """TensorFlow loads every library in the folder ``tensorflow-plugins`` beside its own."""
    spec = importlib.util.find_spec("tensorflow")
    if spec is None or spec.origin is None:
        return False
    plugins = Path(spec.origin).parent.parent / "tensorflow-plugins"
    return any(plugins.glob("*metal*"))
