"""What lies in an export: in an archive, in a folder, or beside a file of it; each within limits."""

from __future__ import annotations

import contextlib
import os
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol

from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.foundation.files import open_regular
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.foundation.text import printable, readable_size
from desktop_app.core.library.inspection.containers.refusal import refuse, short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from desktop_app.core.foundation.cancellation import CancelToken

MAX_MEMBERS = 500
"""Files of an export; a SavedModel with its variables has ten."""
MAX_DIRECTORY_BYTES = 256 * 1024
MAX_UNPACKED_BYTES = 512 * 1024**2
"""The model in an archive, at most. Those of Teachable Machine have 2 MB, those of Lobe up to 100 MB."""
MAX_RATIO = 50
"""How many times larger than packed a model may become; trained weights hardly shrink."""
_SMALL = 1024**2
"""Whatever the ratio: lists of labels shrink much."""
MAX_TEXT_BYTES = 2 * 1024**2
_END = struct.Struct("<4s4H2LH")
_PIECE = 1024**2
_ENCRYPTED = 0x1
_DAMAGED = (
    KeyError,
    ValueError,
    OSError,
    EOFError,
    NotImplementedError,
    zipfile.BadZipFile,
    struct.error,
    zlib.error,
)


class Contents(Protocol):
    """Files by name, as they lie in the export: ``labels.txt``, ``model.savedmodel/saved_model.pb``."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all files."""

    def text(self, name: str) -> str:
        """Read a small text.

        Raises:
            ModelError: It is too large, damaged or no text.
            StorageError: It cannot be read.
        """

    def model(self, name: str) -> Path:
        """Where a model lies that can be opened: unpacked, where it came in an archive.

        Raises:
            ModelError: It is too large or damaged.
            StorageError: It cannot be read, or there is no room for it.
            Cancelled: The user cancelled.
        """


@dataclass(frozen=True, slots=True)
class Packed:
    """Files in a zip archive.

    Attributes:
        file: The archive.
        zip: Its table of contents.
        scratch: Function that makes a folder for what is unpacked.
        cancel: Token checked while unpacking.
    """

    file: BinaryIO
    zip: zipfile.ZipFile
    scratch: Callable[[], Path]
    cancel: CancelToken
    _unpacked: dict[str, Path] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all files."""
        return tuple(info.filename for info in self.zip.infolist() if not info.is_dir())

    def text(self, name: str) -> str:
        """Read a small text; see `Contents.text`."""
        info = self._info(name)
        if info.file_size > MAX_TEXT_BYTES:
            refuse(f"its member {short(name)} is too large for a text")
        try:
            with self.zip.open(info) as member:
                data = member.read(MAX_TEXT_BYTES + 1)
        except _DAMAGED as error:
            refuse(f"its member {short(name)} is damaged ({type(error).__name__})", _COPY_AGAIN)
        return _decoded(data, name)

    def model(self, name: str) -> Path:
        """Unpack a model, once; see `Contents.model`."""
        if name not in self._unpacked:
            self._unpacked[name] = self._unpack(name)
        return self._unpacked[name]

    def _unpack(self, name: str) -> Path:
        info = self._info(name)
        if info.file_size > MAX_UNPACKED_BYTES:
            refuse(f"its member {short(name)} claims to have {readable_size(info.file_size)}")
        if info.file_size > max(_SMALL, MAX_RATIO * info.compress_size):
            refuse(f"its member {short(name)} becomes far larger than weights do when it is unpacked")
        # The name in the archive is never a path here.
        target = self.scratch() / f"model{PurePosixPath(name).suffix.lower()}"
        written = 0
        try:
            with self.zip.open(info) as member, storage_errors(target), target.open("wb") as out:
                while piece := member.read(_PIECE):
                    self.cancel.check()
                    written += len(piece)
                    if written > info.file_size:
                        break
                    out.write(piece)
        except StorageError:
            raise
        except _DAMAGED as error:
            refuse(f"its member {short(name)} is damaged ({type(error).__name__})", _COPY_AGAIN)
        if written != info.file_size:
            refuse(f"its member {short(name)} has another size than it claims", _COPY_AGAIN)
        return target

    def _info(self, name: str) -> zipfile.ZipInfo:
        info = self.zip.getinfo(name)
        if info.flag_bits & _ENCRYPTED:
            refuse(f"its member {short(name)} is encrypted", "Pack it again without a password.")
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            refuse(
                f"its member {short(name)} is packed in an unusual way", "Pack it again as a plain ZIP file."
            )
        return info


_COPY_AGAIN = "Copy or download it again."


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Files in a folder.

    Attributes:
        folder: The folder.
        names: Names of its files, those of its folders included, two levels deep.
    """

    folder: Path
    names: tuple[str, ...]

    def text(self, name: str) -> str:
        """Read a small text; see `Contents.text`."""
        with open_regular(self.folder / name) as file:
            data = file.read(MAX_TEXT_BYTES + 1)
        if len(data) > MAX_TEXT_BYTES:
            refuse(f"{short(name)} beside it is too large for a text")
        return _decoded(data, name)

    def model(self, name: str) -> Path:
        """Where it lies; see `Contents.model`."""
        return self.folder / name


@contextlib.contextmanager
def packed(path: Path, scratch: Callable[[], Path], cancel: CancelToken) -> Iterator[Packed | None]:
    """Open a zip archive; None for what is none, or has too much in it to be an export.

    Raises:
        StorageError: It cannot be read.
    """
    with open_regular(path) as file:
        size = file.seek(0, 2)
        file.seek(0)
        start = file.read(4)
        file.seek(max(0, size - _END.size))
        end = file.read(_END.size)
        if not start.startswith(b"PK") or len(end) < _END.size or not end.startswith(b"PK\x05\x06"):
            yield None
            return
        _, _, _, _, count, directory, _, _ = _END.unpack(end)
        if count > MAX_MEMBERS or directory > MAX_DIRECTORY_BYTES:
            yield None
            return
        try:
            archive = zipfile.ZipFile(file)
        except _DAMAGED:
            yield None
            return
        with archive:
            yield Packed(file, archive, scratch, cancel)


def unpacked(folder: Path) -> Unpacked:
    """List a folder, two levels deep, and no more than `MAX_MEMBERS` files of it.

    Raises:
        StorageError: It cannot be listed.
    """
    names: list[str] = []
    waiting = [("", folder)]
    try:
        while waiting:
            prefix, current = waiting.pop()
            with os.scandir(current) as entries:
                for entry in entries:
                    if len(names) >= MAX_MEMBERS:
                        break
                    if entry.is_dir(follow_symlinks=False):
                        if not prefix:
                            waiting.append((f"{entry.name}/", Path(entry.path)))
                    else:
                        names.append(prefix + entry.name)
    except OSError as error:
        raise StorageError(f"{printable(str(folder))} cannot be read: {error.strerror or error}.") from error
    return Unpacked(folder, tuple(sorted(names)))


def beside(path: Path, names: tuple[str, ...]) -> Unpacked:
    """What lies beside a file: those of ``names`` that are there, and the file itself."""
    found = [name for name in names if name != path.name and (path.parent / name).is_file()]
    return Unpacked(path.parent, (path.name, *found))


def _decoded(data: bytes, name: str) -> str:
    if len(data) > MAX_TEXT_BYTES:
        refuse(f"{short(name)} is too large for a text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        refuse(f"{short(name)} is not a UTF-8 text")
