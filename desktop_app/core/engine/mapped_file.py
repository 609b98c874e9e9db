"""Numbers of a large file, used where they lie instead of read into memory of the process."""

from __future__ import annotations

import math
import mmap
import os
import weakref
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.foundation.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_CHUNK = 1 << 20
"""Numbers to look at before their memory is given back."""


class MappedFile:
    """A file whose pages the system brings in as they are touched, and takes away when memory is short.

    A file that is replaced by renaming stays what it was. One that is written over is noticed by `check`.
    """

    def __init__(self, path: Path) -> None:
        """Open and map it.

        Raises:
            OSError: It cannot be opened or mapped, or is empty.
            ValueError: It is empty.
        """
        self._name = path.name
        self._file = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)
        self._stamp = self._now()
        # Copy-on-write: OpenVINO takes only arrays that could be written, and writes to none.
        self._memory = mmap.mmap(self._file, 0, access=mmap.ACCESS_COPY)

    def array(self, offset: int, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Little-endian float32 numbers that begin at a byte of the file."""
        return np.frombuffer(self._memory, "<f4", math.prod(shape), offset).reshape(shape)

    def release(self, numbers: NDArray[np.float32]) -> None:
        """Take the pages of an array out of the process; touched again, they come from the file again."""
        if not hasattr(self._memory, "madvise"):  # Windows
            return
        start = numbers.ctypes.data - np.frombuffer(self._memory, np.uint8, 1).ctypes.data
        first = start // mmap.PAGESIZE * mmap.PAGESIZE
        self._memory.madvise(mmap.MADV_DONTNEED, first, start + numbers.nbytes - first)

    def check(self) -> None:
        """See that nobody wrote into the file.

        Raises:
            ModelError: Somebody did, so that the arrays may be anything.
        """
        if self._now() != self._stamp:
            raise ModelError(
                f"The weights {self._name} were changed while they were in use.",
                "Start Sightline again. Replace a file in use by renaming another, never by writing into it.",
            )

    def _now(self) -> tuple[int, int]:
        status = os.fstat(self._file)
        return status.st_size, status.st_mtime_ns


class HeldWeights:
    """Weights that a network is handed with each picture, in place of a copy that it makes of them.

    Attributes:
        numbers: The weights, float32, contiguous.
    """

    def __init__(self, numbers: NDArray[np.float32], file: MappedFile | None = None) -> None:
        """Hold them.

        Args:
            numbers: The weights.
            file: The file that they are mapped to; None for memory of their own.
        """
        self.numbers = numbers
        self._file = file

    def check(self) -> None:
        """See that they are what they were; see `MappedFile.check`."""
        if self._file is not None:
            self._file.check()

    def release(self) -> None:
        """Take them out of the process until they are used again, where they are mapped."""
        if self._file is not None:
            self._file.release(self.numbers)

    def all_finite(self) -> bool:
        """Whether none is NaN or infinity; takes 0.1 s for 400 MB, and little memory."""
        flat = self.numbers.reshape(-1)
        for start in range(0, flat.size, _CHUNK):
            chunk = flat[start : start + _CHUNK]
            finite = all_finite(chunk)
            if self._file is not None:
                self._file.release(chunk)
            if not finite:
                return False
        return True


def all_finite(numbers: NDArray[np.floating]) -> bool:
    """Whether none is NaN or infinity; the sum tells in most cases, at the speed of the memory."""
    if numbers.dtype.itemsize < 4:
        return bool(np.isfinite(numbers.astype(np.float32)).all())
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(np.sum(numbers))) or bool(np.isfinite(numbers).all())
