"""Whether the data are still there: a disk that is unplugged is no fault of each picture on it."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from desktop_app.core.datasets.layout.walk import identity_or_none
from desktop_app.core.datasets.report import DatasetError
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from pathlib import Path


PUT_BACK = (
    "Put it back where it was, or connect the disk that it is on, and try again; or choose another folder."
)

_GONE = {errno.ENOENT, errno.ENOTDIR, errno.ENODEV, errno.ENXIO, errno.ENOTCONN, errno.ESTALE}
"""No such name; then the errors of a disk or a server that is no longer connected."""

_ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")


class Presence:
    """Knows a folder as it was at the beginning, when it must be there.

    Args:
        folder: Folder of the pictures.
        advice: Sentence on what to do when it is gone.

    Raises:
        DatasetError: It is not there.
    """

    def __init__(self, folder: Path, advice: str = PUT_BACK) -> None:
        self._folder = folder
        self._advice = advice
        self._identity = identity_or_none(folder)
        if self._identity is None:
            raise missing(folder, advice)

    def check(self, doing: str) -> None:
        """Return when it is still there, and not the empty one in which another disk was mounted.

        Args:
            doing: What happened meanwhile: "it was checked".

        Raises:
            DatasetError: It is gone.
        """
        if identity_or_none(self._folder) != self._identity:
            name = printable(str(self._folder))
            raise DatasetError(f"The folder {name} vanished while {doing}.", self._advice)


def is_missing(data: Path) -> bool:
    """Whether a path leads to nothing, or cannot be reached; False when it is only forbidden."""
    try:
        data.stat()
    except ValueError:  # a name that no system has
        return True
    except OSError as error:
        return error.errno in _GONE
    return False


def missing(data: Path, advice: str = PUT_BACK) -> DatasetError:
    """Say that a folder is gone, or an archive, judging by its name."""
    kind = "archive" if data.name.lower().endswith(_ARCHIVES) else "folder"
    return DatasetError(f"The {kind} {printable(str(data))} is not there.", advice)
