"""Where the first start of the app listens for further ones."""

from __future__ import annotations

import getpass
import hashlib
import os
import stat
import sys
import tempfile
from pathlib import Path

from desktop_app.core.errors import StorageError

MAX_PATH_BYTES = 90
"""The address of a Unix socket holds 104 bytes on macOS and 108 on Linux; Qt may need a few."""


def instance_address(home: Path) -> str:
    """Name the local socket of this user and this Sightline folder.

    On Windows that is the name of a pipe; elsewhere the path of a socket in a folder that only this user
    can enter, so that nobody else can listen in its place.

    Args:
        home: Sightline's folder: two of them are two separate apps.

    Raises:
        StorageError: There is no private folder for it.
    """
    digest = hashlib.sha256(os.fsencode(os.path.realpath(home))).hexdigest()[:16]
    if sys.platform == "win32":
        user = hashlib.sha256(getpass.getuser().encode()).hexdigest()[:16]
        return f"sightline-{user}-{digest}"
    # TMPDIR may lie deep, but /tmp is short and everywhere.
    bases = [os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"]  # noqa: S108 - checked below
    for base in filter(None, bases):
        folder = Path(base) / f"sightline-{os.getuid()}"
        address = folder / digest
        if len(os.fsencode(address)) <= MAX_PATH_BYTES and _is_private(folder):
            return str(address)
    raise StorageError(
        "There is no private temporary folder for this user.",
        f"Check who owns the folder sightline-{os.getuid()} in the temporary folder.",
    )


def _is_private(folder: Path) -> bool:
    """Make the folder, and check that it is this user's alone and no link to elsewhere."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
    except OSError:
        return False
    return (
        stat.S_ISDIR(status.st_mode)
        and status.st_uid == os.getuid()
        and not status.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    )
