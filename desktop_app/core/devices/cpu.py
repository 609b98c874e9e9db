"""How many processor cores this process may use."""

from __future__ import annotations

import math
import os
import platform
from pathlib import Path


def cpu_count(root: Path = Path("/")) -> int:
    """Count the cores that the affinity mask and the control group leave to this process.

    Args:
        root: Folder of ``/proc`` and ``/sys``; tests use their own.

    Returns:
        At least 1; half a core of quota counts as one.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quotas = [quota for quota in (_quota_v2(root), _quota_v1(root)) if quota is not None]
    return max(1, math.ceil(min([cores, *quotas])))


def processor_model(root: Path = Path("/")) -> str:
    """Name the kind of processor, as far as the system tells without a program of its own.

    Args:
        root: Folder of ``/proc``; tests use their own.

    Returns:
        Such as ``AMD EPYC 7B12``; empty if unknown.
    """
    for line in _read(root / "proc/cpuinfo").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return " ".join(value.split())
    return platform.processor()


def _quota_v2(root: Path) -> float | None:
    """The tightest quota, in cores, among this process's control group and the groups above it."""
    group = _group_v2(root / "proc/self/cgroup")
    if group is None:
        return None
    top = root / "sys/fs/cgroup"
    folder = top / group
    quotas = []
    for level in (folder, *folder.parents):
        words = _read(level / "cpu.max").split()
        if len(words) == 2 and all(word.isdigit() for word in words) and int(words[1]) > 0:
            quotas.append(int(words[0]) / int(words[1]))
        if level == top:
            break
    return min(quotas, default=None)


def _group_v2(path: Path) -> str | None:
    """The path of the unified hierarchy's group: ``0::/user.slice/...`` without its first slash."""
    for line in _read(path).splitlines():
        if line.startswith("0::/"):
            return line.removeprefix("0::/")
    return None


def _quota_v1(root: Path) -> float | None:
    """The quota, in cores, of the older control groups, as containers see it; -1 means none."""
    folder = root / "sys/fs/cgroup/cpu"
    quota = _read(folder / "cpu.cfs_quota_us").strip()
    period = _read(folder / "cpu.cfs_period_us").strip()
    if not (quota.isdigit() and period.isdigit()) or int(period) == 0:
        return None
    return int(quota) / int(period)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
