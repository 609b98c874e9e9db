"""The address where the first start of the app listens, and how later starts find it.

Where a socket can lie depends on the environment, and a start by ssh, sudo or cron has another one. The first
start therefore writes its address down in Sightline's folder, which all of them share.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.foundation.files import open_regular, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

ADDRESS_FILE = "instance.address"

MAX_PATH_BYTES = 90
"""The address of a Unix socket holds 104 bytes on macOS and 108 on Linux; Qt may need a few."""


def instance_address(home: Path) -> str:
    """Choose the local socket of this user and this Sightline folder.

    On Windows it is the name of a pipe; elsewhere the path of a socket in a folder that only this user
    can enter, so that nobody else can listen in its place.

    Args:
        home: Sightline's folder; two folders are two separate apps.

    Raises:
        StorageError: There is no private folder for it.
    """
    if sys.platform == "win32":
        import getpass

        user = hashlib.sha256(getpass.getuser().encode()).hexdigest()[:16]
        return f"sightline-{user}-{_digest(home)}"
    for base in _bases():
        folder = Path(base) / f"sightline-{os.getuid()}"
        address = folder / _digest(home)
        if len(os.fsencode(address)) <= MAX_PATH_BYTES and _made_private(folder):
            return str(address)
    raise StorageError(
        "There is no private temporary folder for this user.",
        f"Check who owns the folder sightline-{os.getuid()} in the temporary folder.",
    )


def _bases() -> Iterator[str]:
    if runtime := os.environ.get("XDG_RUNTIME_DIR"):
        yield runtime
    import tempfile

    # TMPDIR may lie deep, but /tmp is short and everywhere.
    yield tempfile.gettempdir()
    yield "/tmp"  # noqa: S108 - it is checked to be private


def publish_address(home: Path, address: str) -> None:
    """Write down where this start, which holds the lock, listens.

    Raises:
        StorageError: The address cannot be written.
    """
    write_whole(home / ADDRESS_FILE, os.fsencode(address))


def withdraw_address(home: Path) -> None:
    """Delete the address of `publish_address`; call it before releasing the lock."""
    with contextlib.suppress(OSError):
        (home / ADDRESS_FILE).unlink(missing_ok=True)


def published_address(home: Path) -> str | None:
    """Read where the first start listens.

    The address may be out of date if that start was killed: then nobody listens there.

    Returns:
        None when there is no address, or none that can be trusted: a socket that a stranger may have made, or
        that of another folder, which this one is a copy of.
    """
    try:
        with open_regular(home / ADDRESS_FILE) as file:
            address = os.fsdecode(file.read(MAX_PATH_BYTES + 1))
        return address if _is_trusted(address, home) else None
    except (StorageError, OSError, ValueError):
        return None


def _digest(home: Path) -> str:
    return hashlib.sha256(os.fsencode(os.path.realpath(home))).hexdigest()[:16]


def _is_trusted(address: str, home: Path) -> bool:
    if sys.platform == "win32":
        return re.fullmatch(rf"sightline-[0-9a-f]{{16}}-{_digest(home)}", address) is not None
    path = Path(address)
    # With sudo, the window may be that of the folder's owner.
    return (
        path.is_absolute()
        and path.name == _digest(home)
        and _is_private(path.parent, {os.getuid(), home.stat().st_uid})
    )


def _made_private(folder: Path) -> bool:
    """Make the folder, and check that it is this user's alone."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        return _is_private(folder, {os.getuid()})
    except OSError:
        return False


def _is_private(folder: Path, owners: set[int]) -> bool:
    """Whether one of these users alone can enter the folder, and it is no link to elsewhere."""
    status = folder.lstat()
    return (
        stat.S_ISDIR(status.st_mode)
        and status.st_uid in owners
        and not status.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    )
