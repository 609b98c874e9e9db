"""A small disk that can be filled up, for `full_disk`; where none can be mounted, one that pretends."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import mock

from desktop_app.core.foundation import files

DISK_BYTES = 4 * 1024 * 1024
BLOCK = 4096


@contextlib.contextmanager
def filling(filler: Path, free: int, *, real: bool):
    """Leave only ``free`` bytes on the disk during the body.

    Args:
        filler: File that takes the room.
        free: Bytes; a disk that pretends is full with 0 and else empty.
        real: Whether ``filler`` lies on a small disk.
    """
    with filled(filler, free) if real else pretend_full(full=free == 0):
        yield
    filler.unlink(missing_ok=True)


@contextlib.contextmanager
def filled(filler: Path, free: int):
    """Fill the disk but for ``free`` bytes."""
    with filler.open("wb") as file:
        room = max(0, shutil.disk_usage(filler.parent).free - free)
        file.write(bytes(room // BLOCK * BLOCK))
    yield


@contextlib.contextmanager
def pretend_full(*, full: bool):
    """Refuse to make anything durable, as file systems do that allocate late."""

    def refuse(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with contextlib.ExitStack() as stack:
        if full:
            usage = shutil.disk_usage(Path.cwd())._replace(free=0)
            stack.enter_context(mock.patch.object(files.os, "fsync", refuse))
            stack.enter_context(mock.patch.object(shutil, "disk_usage", return_value=usage))
        yield


@contextlib.contextmanager
def small_disk():
    """Mount a small tmpfs where that is allowed; yields a folder and whether it is one."""
    with tempfile.TemporaryDirectory(prefix="sightline-disk-") as name:
        disk = Path(name)
        if not _mount(disk):
            yield disk, False
            return
        try:
            yield disk, True
        finally:
            subprocess.run(["umount", name], check=True)


def _mount(disk: Path) -> bool:
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return False
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(disk)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
