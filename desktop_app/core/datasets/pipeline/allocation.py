"""Memory for the numbers of a whole data set: an array where it fits, else a file that stands for one."""

from __future__ import annotations

import math
import mmap
import os
import tempfile
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.devices.memory import free_memory
from desktop_app.core.foundation.files import LEFTOVER_PREFIX
from desktop_app.core.foundation.storage import require_space, storage_errors

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO

    from numpy.typing import NDArray

SHARE_OF_MEMORY = 4
"""Divisor of the free memory: a data set may take a quarter of it."""

ALIGNMENT = 64
"""Bytes. A tensor that does not begin at a multiple of it ends the process (EIGEN_MAX_ALIGN_BYTES)."""

_ZEROS = bytes(1024 * 1024)


def allocate(
    shape: tuple[int, ...], dtype: type[np.generic], folder: Path, memory_limit: int | None = None
) -> tuple[NDArray[Any], bool]:
    """Make a writable array at an address that TensorFlow can share.

    Its memory, or its file, is freed when nothing refers to the array any more. The file has no name (on
    Windows: is deleted by the system with its last handle), so that a killed process leaves none behind, and
    has its space on the disk from the start: a disk that fills up later cannot end the process.

    Args:
        shape: Shape of the array.
        dtype: Type of its numbers.
        folder: Existing folder for the file.
        memory_limit: Bytes up to which the array is kept in memory; by default a quarter of what is free.

    Returns:
        The array, filled with zeros, and whether it is a file.

    Raises:
        StorageError: The disk is too full for it, or the folder cannot be written to.
        MemoryError: The system does not give as much as it reported.
    """
    count = math.prod(shape) * np.dtype(dtype).itemsize
    limit = free_memory() // SHARE_OF_MEMORY if memory_limit is None else memory_limit
    if count <= limit:
        memory = np.zeros(count + ALIGNMENT, np.uint8)
        start = -memory.ctypes.data % ALIGNMENT
        return memory[start : start + count].view(dtype).reshape(shape), False
    require_space(folder, count)
    with (
        storage_errors(folder, count),
        tempfile.TemporaryFile(dir=folder, prefix=LEFTOVER_PREFIX, suffix=".tmp") as file,
    ):
        _reserve(file, count)
        mapped = mmap.mmap(file.fileno(), count)
    return np.frombuffer(mapped, dtype).reshape(shape), True


def _reserve(file: IO[bytes], count: int) -> None:
    """Reserve a file's space on the disk."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file.fileno(), 0, count)
        return
    file.writelines(_ZEROS[: count - start] for start in range(0, count, len(_ZEROS)))
    file.flush()
