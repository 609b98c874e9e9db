"""How much memory is left to this process."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

_UNLIMITED = 2**60
"""Control groups of the older kind write a number near 2 ** 63 where there is no limit."""


def free_memory(root: Path = Path("/")) -> int:
    """Count the bytes that this process can still use without pushing anything out to the disk.

    Args:
        root: Folder of ``/proc`` and ``/sys`` on Linux; tests use their own.

    Returns:
        On Linux the least of the free memory of the machine, what the control groups leave (page cache that
        they can drop counts as free), and what the limit of the address space leaves; elsewhere the free
        memory of the machine. 0 when the system does not say.
    """
    if sys.platform == "win32":
        return _windows()
    if sys.platform == "darwin":
        return _macos(_output("vm_stat"))
    known = [_available(root), _group_v2(root), _group_v1(root), _address_space(root)]
    return max(0, min((count for count in known if count is not None), default=0))


def _available(root: Path) -> int | None:
    for line in _read(root / "proc/meminfo").splitlines():
        name, _, value = line.partition(":")
        if name == "MemAvailable":
            return int(value.split()[0]) * 1024
    return None


def _group_v2(root: Path) -> int | None:
    """The least that this process's control group and the groups above it leave."""
    top = root / "sys/fs/cgroup"
    group = _group_path(root, "0::/")
    if group is None:
        return None
    folder = top / group
    left = []
    for level in (folder, *folder.parents):
        limit, used = _number(level / "memory.max"), _number(level / "memory.current")
        if limit is not None and used is not None:
            left.append(limit - used + _statistic(level / "memory.stat", "inactive_file"))
        if level == top:
            break
    return min(left, default=None)


def _group_v1(root: Path) -> int | None:
    """The same for the older control groups, as containers see them."""
    folder = root / "sys/fs/cgroup/memory"
    limit, used = _number(folder / "memory.limit_in_bytes"), _number(folder / "memory.usage_in_bytes")
    if limit is None or used is None or limit > _UNLIMITED:
        return None
    return limit - used + _statistic(folder / "memory.stat", "total_inactive_file")


def _address_space(root: Path) -> int | None:
    """What is left of the limit that ``ulimit -v`` sets."""
    for line in _read(root / "proc/self/limits").splitlines():
        if line.startswith("Max address space"):
            limit = line.removeprefix("Max address space").split()[0]
            break
    else:
        return None
    used = _statistic(root / "proc/self/status", "VmSize:") * 1024
    return int(limit) - used if limit.isdigit() else None


def _group_path(root: Path, start: str) -> str | None:
    for line in _read(root / "proc/self/cgroup").splitlines():
        if line.startswith(start):
            return line.removeprefix(start)
    return None


def _number(path: Path) -> int | None:
    """The only number in a file; None when it says ``max`` or is not there."""
    text = _read(path).strip()
    return int(text) if text.isdigit() else None


def _statistic(path: Path, name: str) -> int:
    """A named number in a file with one on each line; 0 when it is not there."""
    for line in _read(path).splitlines():
        words = line.split()
        if len(words) > 1 and words[0] == name:
            return int(words[1])
    return 0


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX of the Windows API."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("total", ctypes.c_uint64),
        ("available", ctypes.c_uint64),
        ("page_total", ctypes.c_uint64),
        ("page_available", ctypes.c_uint64),
        ("virtual_total", ctypes.c_uint64),
        ("virtual_available", ctypes.c_uint64),
        ("extended", ctypes.c_uint64),
    )


def _windows() -> int:
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    kernel = ctypes.CDLL("kernel32")
    if not kernel.GlobalMemoryStatusEx(ctypes.byref(status)):
        return 0
    return int(min(status.available, status.virtual_available))


def _macos(report: str) -> int:
    """Add up what ``vm_stat`` lists as free, inactive, speculative and purgeable pages."""
    head = report.partition("page size of ")[2].split()
    if not head or not head[0].isdigit():
        return 0
    pages = 0
    for line in report.splitlines()[1:]:
        name, _, value = line.partition(":")
        if name in {"Pages free", "Pages inactive", "Pages speculative", "Pages purgeable"}:
            pages += int(value.strip().rstrip("."))
    return pages * int(head[0])


def _output(program: str) -> str:
    import subprocess

    try:
        return subprocess.run([program], capture_output=True, text=True, check=True).stdout  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return ""
