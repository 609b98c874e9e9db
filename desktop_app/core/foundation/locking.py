"""Locks between processes that end with the process, however it ends."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PAUSE = 0.025
"""Seconds between two attempts at a lock."""
_WINDOWS_LOCK_OFFSET = 0x7FFF0000
"""Windows locks bytes, and other handles cannot read them: lock one far behind any content."""

if sys.platform == "win32":
    import msvcrt

    def try_lock(descriptor: int) -> bool:
        """Lock an open file for this process; False when another one holds it.

        Raises:
            OSError: This file system has no locks.
        """
        position = os.lseek(descriptor, 0, os.SEEK_CUR)
        os.lseek(descriptor, _WINDOWS_LOCK_OFFSET, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno in {errno.EACCES, errno.EDEADLK}:
                return False
            raise
        finally:
            os.lseek(descriptor, position, os.SEEK_SET)
        return True

else:
    import fcntl

    def try_lock(descriptor: int) -> bool:
        """Lock an open file for this process; False when another one holds it.

        Raises:
            OSError: This file system has no locks.
        """
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[bool]:
    """Hold the lock file ``path`` during the body; it is removed afterwards if the folder allows it.

    Yields:
        Whether the lock was acquired; False when another process, or other code in this one, has it.

    Raises:
        OSError: The lock file cannot be made.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    got = False
    try:
        # A holder that just ended has removed the file which we opened: then the lock guards nothing.
        got = try_lock(descriptor) and still_names(path, descriptor)
        yield got
    finally:
        if got and sys.platform != "win32":
            with contextlib.suppress(OSError):  # a lock file that stays is free for the next holder
                path.unlink(missing_ok=True)
        os.close(descriptor)
        if got and sys.platform == "win32":  # where an open file cannot be removed
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


@contextlib.contextmanager
def exclusive_soon(path: Path, tries: int) -> Iterator[bool]:
    """Hold a lock file as `exclusive` does, and wait a while for another holder to end.

    Args:
        path: The lock file.
        tries: Attempts, 25 ms apart.

    Yields:
        Whether the lock was acquired.

    Raises:
        OSError: The lock file cannot be made.
    """
    for _attempt in range(tries):
        with exclusive(path) as got:
            if got:
                yield True
                return
        time.sleep(_PAUSE)  # the system does not notify anybody when its lock is free
    yield False


def still_names(path: Path, descriptor: int) -> bool:
    """Whether ``path`` is still the file that is open as ``descriptor``."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except OSError:
        return False
