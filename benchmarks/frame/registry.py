"""The measurements that ``python -m benchmarks`` knows: modules with ``measure(plan) -> list[Figure]``."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.frame.figure import Figure
    from benchmarks.frame.plan import Plan

MEASURED = (
    "start",
    "first_answer",
    "gui_gap",
    "fit_gap",
    "batch_gap",
    "vgg19_load",
    "picture_speed",
    "network_call",
    "folder_speed",
    "training_speed",
    "transfer_speed",
    "fit_events",
    "curve_frames",
    "dataset_scale",
    "service_load",
    "model_memory",
)
"""In the order of the report."""


def by_hand() -> list[str]:
    """Modules that print what they find in their own way, and have no goal."""
    folder = Path(__file__).parent.parent
    return sorted(path.stem for path in folder.glob("[!_]*.py") if path.stem not in MEASURED)


def find(name: str) -> Callable[[Plan], list[Figure]]:
    """Import a measurement of `MEASURED`."""
    measure: Callable[[Plan], list[Figure]] = import_module(f"benchmarks.{name}").measure
    return measure
