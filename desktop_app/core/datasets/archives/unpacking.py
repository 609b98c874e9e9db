"""Which members of an archive may become files, and under which paths."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING, BinaryIO, NoReturn, Protocol

from desktop_app.core.datasets.report import DatasetError, FileProblem
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.foundation.storage import require_space
from desktop_app.core.foundation.text import printable, readable_size

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.foundation.cancellation import CancelToken

MAX_BYTES = 50_000_000_000
"""Size of all files together, unpacked."""

MAX_MEMBERS = 1_000_000
MAX_RATIO = 200
"""Unpacked over packed bytes; pictures are compressed already, so that real archives stay below 2."""

RATIO_FREE_BYTES = 100_000_000
"""Below this size any ratio is accepted: drawings and blank pictures compress well."""

SPARE_BYTES = 200_000_000
"""Space that is left free on the disk."""

_PIECE = 1 << 20
_CHECK_SPACE_BYTES = 256_000_000
_REFUSED = {
    *(errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL, errno.ENOTDIR, errno.EISDIR, errno.EEXIST),
    *(errno.ENOENT, errno.EACCES),
}
"""Errors for a name that the system does not accept, or that is taken."""

_WINDOWS_CHARACTERS = frozenset('<>:"|?*\\')
_WINDOWS_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
)
_IGNORED = frozenset({"__macosx", "thumbs.db", "desktop.ini"})
_ADVICE = "Unpack the archive with another program if it is needed."


class Readable(Protocol):
    """A stream of a member's bytes."""

    def read(self, size: int, /) -> bytes:
        """Read at most ``size`` bytes; none at the end."""


class Unpacker:
    """Writes members into one new folder, and keeps to the limits.

    Attributes:
        problems: Members that were skipped; their paths begin with the archive's.
        archive_bytes: Size of the archive.
        written: Bytes so far.
    """

    def __init__(self, folder: Path, archive: Path, archive_bytes: int, cancel: CancelToken) -> None:
        self.problems: list[FileProblem] = []
        self.written = 0
        self._folder = folder
        self._archive = archive
        self.archive_bytes = archive_bytes
        self._cancel = cancel
        self._members = 0
        self._space_checked = 0

    @property
    def shown(self) -> str:
        """The archive's name for sentences."""
        return printable(self._archive.name)

    def count(self) -> None:
        """Count a member of any kind.

        Raises:
            DatasetError: There are too many.
            Cancelled: The user cancelled.
        """
        self._cancel.check()
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise DatasetError(f"The archive {self.shown} has more than {MAX_MEMBERS:,} entries.", _ADVICE)

    def announce(self, total: int) -> None:
        """Check the size of all that will be written, as far as it is known, before it is.

        Raises:
            DatasetError: It is beyond the limits.
            StorageError: The disk does not have enough space.
        """
        self._check_limits(total)
        require_space(self._folder, total + SPARE_BYTES)

    def skip(self, name: str, text: str) -> None:
        """Skip a member."""
        inside = [part for part in name.split("/") if part not in {"", "."}]
        self.problems.append(FileProblem(self._archive.joinpath(*inside), Reason(text, _ADVICE)))

    def write(self, name: str, source: Readable, size: int) -> None:
        """Write one file, unless its name is hidden or leads astray.

        Args:
            name: Name in the archive, with slashes.
            source: Stream of the content.
            size: Its length in bytes.

        Raises:
            DatasetError: The limits are reached.
            EOFError: The content ends early.
            OSError: The disk is full or broken.
            Cancelled: The user cancelled.
        """
        parts = [part for part in name.split("/") if part not in {"", "."}]
        if not parts or any(_is_hidden(part) for part in parts):
            return
        problem = name_problem(name, windows=os.name == "nt")
        if problem:
            self.skip(name, problem)
            return
        path = self._folder.joinpath(*parts)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("xb")
        except (OSError, ValueError) as error:
            if isinstance(error, OSError) and error.errno not in _REFUSED:
                raise
            taken = os.path.lexists(path)
            self.skip(name, "The name occurs twice." if taken else "The system refuses this name.")
            return
        try:
            with file:
                self._copy(source, size, file)
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def refuse_ratio(self) -> NoReturn:
        """Give up on an archive that grows too much.

        Raises:
            DatasetError: Always.
        """
        raise DatasetError(
            f"The archive {self.shown} grows to more than {MAX_RATIO} times its size, as no pictures do.",
            "Do not open it unless you know who made it.",
        )

    def _copy(self, source: Readable, size: int, file: BinaryIO) -> None:
        left = size
        while left:
            self._cancel.check()
            piece = source.read(min(left, _PIECE))
            if not piece:
                raise EOFError
            left -= len(piece)
            self.written += len(piece)
            self._check_limits(self.written)
            self._check_space()
            file.write(piece)

    def _check_limits(self, total: int) -> None:
        if total > MAX_BYTES:
            raise DatasetError(
                f"Unpacked, the archive {self.shown} has more than {readable_size(MAX_BYTES)}.",
                "Unpack it with another program and choose the folder.",
            )
        if total > RATIO_FREE_BYTES and total > MAX_RATIO * self.archive_bytes:
            self.refuse_ratio()

    def _check_space(self) -> None:
        if self.written - self._space_checked > _CHECK_SPACE_BYTES:
            self._space_checked = self.written
            require_space(self._folder, SPARE_BYTES)


def name_problem(name: str, *, windows: bool) -> str:
    """Say why a member's name cannot be used; empty when it can.

    Args:
        name: Name in the archive, with slashes.
        windows: Whether this system gives colons, dots at the end and the like a meaning.
    """
    parts = name.split("/")
    if name.startswith("/") or (windows and len(parts[0]) == 2 and parts[0].endswith(":")):
        return "Its path is absolute, so it would be written outside the folder."
    if ".." in parts:
        return "Its path leads out of the folder."
    if windows and any(_refused_by_windows(part) for part in parts):
        return "The system refuses this name."
    return ""


def kind_problem(mode: int) -> str:
    """Say why a member that is no ordinary file is skipped.

    Args:
        mode: Mode of the file, as in ``st_mode``.
    """
    return "It is a link." if stat.S_ISLNK(mode) else "It is a device or a pipe, not a file."


def _is_hidden(part: str) -> bool:
    return (part.startswith(".") and part != "..") or part.casefold() in _IGNORED


def _refused_by_windows(part: str) -> bool:
    return (
        bool(_WINDOWS_CHARACTERS & set(part))
        or part.endswith((".", " "))
        or part.partition(".")[0].casefold() in _WINDOWS_DEVICES
    )
