"""The outside of a ``.keras`` file: a zip archive of exactly three members.

Keras stores them uncompressed. Whoever packs a file again compresses them: that is taken for members that can
be unpacked in memory.
"""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from desktop_app.core.foundation.errors import ModelError, StorageError
from desktop_app.core.foundation.files import open_regular
from desktop_app.core.foundation.text import readable_size
from desktop_app.core.library.inspection.containers.limits import (
    MAX_ARCHIVE_BYTES,
    MAX_CONFIG_BYTES,
    MAX_EXPANSION,
    MAX_METADATA_BYTES,
    MAX_UNPACKED_BYTES,
)
from desktop_app.core.library.inspection.containers.model_kinds import kind_by_names
from desktop_app.core.library.inspection.containers.other_kinds import (
    first_member,
    kind_of_archive,
    kind_of_file,
)
from desktop_app.core.library.inspection.containers.refusal import ADVICE, refuse, short
from desktop_app.core.library.inspection.containers.window import FileWindow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

    from desktop_app.core.foundation.cancellation import CancelToken

CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
KERAS_MEMBERS = {CONFIG: MAX_CONFIG_BYTES, METADATA: MAX_METADATA_BYTES, WEIGHTS: MAX_ARCHIVE_BYTES}
_LOCAL_HEADER = struct.Struct("<4s22xHH")
"""Signature, lengths of name and extra field (APPNOTE.TXT 4.3.7); the data follow these."""
_END = struct.Struct("<4s4H2LH")
"""End of central directory record (APPNOTE.TXT 4.3.16), without a comment behind it."""
_ZIP64_LOCATOR_BYTES = 20
_MAX_MEMBERS = 16
_PIECE = 4 * 1024 * 1024
_MAX_DIRECTORY_BYTES = 64 * 1024
_START_BYTES = 4096
"""Enough to recognise what a file is."""
_ENCRYPTED = 0x1
_PACK_ADVICE = (
    "Unpack it and pack its three files again without compression (zip -0), or save it again with "
    "model.save('NAME.keras')."
)
SMALLER_ADVICE = (
    "If you made it yourself and it holds the state of its optimizer, save it without: "
    "keras.models.load_model('OLD.keras', compile=False).save('NEW.keras'). Otherwise choose a smaller "
    "network."
)
_UNIX_TYPE, _UNIX_REGULAR = 0o170000, 0o100000


@dataclass(frozen=True, slots=True)
class Archive:
    """An open archive whose members were checked.

    Attributes:
        file: The archive itself.
        zip: Its parsed table of contents.
    """

    file: BinaryIO
    zip: zipfile.ZipFile

    def read(self, name: str) -> bytes:
        """Read a member whole, its checksum verified.

        Raises:
            ModelError: It is damaged.
        """
        try:
            return self.zip.read(name)
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError) as error:
            refuse(f"its member {name} is damaged ({error})")

    @property
    def names(self) -> set[str]:
        """Names of the members."""
        return set(self.zip.namelist())

    def pieces(self, name: str, cancel: CancelToken) -> Iterator[bytes]:
        """Read a member piece by piece, its checksum verified at the end.

        Raises:
            ModelError: It is damaged.
            Cancelled: The user cancelled.
        """
        try:
            with self.zip.open(name) as member:
                while piece := member.read(_PIECE):
                    cancel.check()
                    yield piece
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError) as error:
            refuse(f"its member {name} is damaged ({error})")

    def window(self, name: str) -> io.BufferedIOBase | io.RawIOBase:
        """Look at a member in place, or at a compressed one unpacked.

        Raises:
            ModelError: It is damaged.
        """
        member = self.zip.getinfo(name)
        if member.compress_type != zipfile.ZIP_STORED:
            return io.BytesIO(self.read(name))
        self.file.seek(member.header_offset)
        header = self.file.read(_LOCAL_HEADER.size)
        if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
            refuse(f"its member {name} is damaged")
        _, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        start = member.header_offset + _LOCAL_HEADER.size + name_length + extra_length
        return FileWindow(self.file, start, member.file_size)


@contextlib.contextmanager
def open_archive(path: Path, *layouts: Mapping[str, int]) -> Iterator[Archive]:
    """Open a zip archive after checking its table of contents.

    Args:
        path: The file.
        layouts: Names that must be there, and no others, with the most bytes that each may have, for each
            kind of archive. Without a match, the refusal is about the first.

    Raises:
        ModelError: It is not such an archive.
        StorageError: The file cannot be read.
    """
    with open_regular(path) as file:
        size = file.seek(0, 2)
        if size > MAX_ARCHIVE_BYTES:
            clause = f"it has {readable_size(size)}, more than {readable_size(MAX_ARCHIVE_BYTES)}"
            refuse(clause, SMALLER_ADVICE)
        _check_end(file, size, path.name)
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, struct.error):
            _refuse_kind(file, path.name)
        with archive:
            names = set(archive.namelist())
            if names not in map(set, layouts) and (kind := kind_of_archive(names)):
                refuse(*kind)
            expected = next((layout for layout in layouts if set(layout) == names), layouts[0])
            check_members(archive.infolist(), expected, size)
            yield Archive(file, archive)


def holds_card(path: Path, card: str) -> bool:
    """Tell whether a file is a zip archive with a member of this name, as far as its beginning tells.

    Args:
        path: The file; one that cannot be read holds none.
        card: Name of the member.
    """
    try:
        with open_regular(path) as file:
            if not file.read(4).startswith(b"PK"):
                return False
            _check_end(file, file.seek(0, 2), path.name)
            with zipfile.ZipFile(file) as archive:
                return card in archive.namelist()
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, struct.error):
        return False
    except (ModelError, StorageError):
        return False


def check_members(members: list[zipfile.ZipInfo], expected: Mapping[str, int], size: int) -> None:
    """Check names, kinds and sizes of an archive's members.

    Raises:
        ModelError: One is missing, unknown, duplicated, compressed, encrypted, a link or too large.
    """
    names = [member.filename for member in members]
    for name in names:
        if name not in expected:
            refuse(f"it contains {short(name)}, which a model file does not have")
        if names.count(name) > 1:
            refuse(f"it contains {name} twice")
    for name in expected:
        if name not in names:
            refuse(f"it lacks {name}")
    for member in members:
        _check_member(member, expected[member.filename], size)
    if sum(member.compress_size for member in members) > size:
        refuse("its members overlap")


def _check_end(file: BinaryIO, size: int, name: str) -> None:
    """Check the size of the table of contents before it is read: it could fill the memory by itself."""
    file.seek(max(0, size - _END.size - _ZIP64_LOCATOR_BYTES))
    tail = file.read()
    end = tail[-_END.size :]
    if len(end) < _END.size or not end.startswith(b"PK\x05\x06"):
        _refuse_kind(file, name)
    _, _, _, _, count, directory_bytes, _, _ = _END.unpack(end)
    # The 64-bit records would be believed instead of these; three members below 1 GiB do not need them.
    if b"PK\x06\x07" in tail or count > _MAX_MEMBERS or directory_bytes > _MAX_DIRECTORY_BYTES:
        file.seek(0)
        if kind := kind_by_names([first_member(file.read(_START_BYTES))]):
            refuse(*kind)
        refuse("its table of contents is far too long")


def _check_member(member: zipfile.ZipInfo, limit: int, size: int) -> None:
    name = member.filename
    mode = member.external_attr >> 16
    if member.flag_bits & _ENCRYPTED:
        refuse(f"its member {name} is encrypted")
    if mode & _UNIX_TYPE not in {0, _UNIX_REGULAR}:
        refuse(f"its member {name} is not an ordinary file")
    if member.compress_type == zipfile.ZIP_DEFLATED:
        limit = min(limit, MAX_UNPACKED_BYTES)
        if member.file_size > MAX_EXPANSION * member.compress_size:
            refuse(f"its member {name} claims to unpack to {readable_size(member.file_size)}", _PACK_ADVICE)
    elif member.compress_type != zipfile.ZIP_STORED:
        refuse(f"its member {name} is compressed in another way than zip archives usually are", _PACK_ADVICE)
    elif member.compress_size != member.file_size:
        refuse(f"its member {name} claims to have {readable_size(member.file_size)}")
    if member.file_size > limit or member.header_offset + member.compress_size > size:
        packed = member.compress_type != zipfile.ZIP_STORED
        refuse(
            f"its member {name} claims to have {readable_size(member.file_size)}",
            _PACK_ADVICE if packed else ADVICE,
        )


def _refuse_kind(file: BinaryIO, name: str) -> NoReturn:
    """Recognise the files that are most often mistaken for a ``.keras`` file."""
    file.seek(0)
    refuse(*kind_of_file(file.read(_START_BYTES), name))
