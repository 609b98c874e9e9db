"""An unfinished download, and what the server said about the whole file."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from desktop_app.core.foundation.files import write_whole
from desktop_app.core.foundation.storage import storage_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desktop_app.core.library.download.published_file import PublishedFile


class _Sidecar(BaseModel):
    """What must still be true of the server's file for the download to be worth resuming."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    validator: str
    length: int | None


class PartialFile:
    """``NAME.part`` with ``NAME.part.json`` beside it; both survive a kill and are of no use elsewhere.

    The caller holds the lock that keeps other processes from the same file.
    """

    def __init__(self, folder: Path, file: PublishedFile) -> None:
        self.path = folder / f"{file.name}.part"
        self._sidecar_path = folder / f"{file.name}.part.json"
        self._url = file.url
        sidecar = self._read_sidecar()
        self.validator = sidecar.validator if sidecar else ""
        self.length = sidecar.length if sidecar else None
        if sidecar is None or sidecar.url != file.url:
            self.discard()

    @property
    def bytes(self) -> int:
        """Bytes that are here."""
        with contextlib.suppress(OSError):
            return self.path.stat().st_size
        return 0

    def begin(self, validator: str, length: int | None) -> None:
        """Start over with the version of the file that the server offers now.

        Args:
            validator: A strong ETag or a date for ``If-Range``; empty when the server gives none.
            length: Bytes of the whole file, None when the server does not say.

        Raises:
            StorageError: The disk refuses.
        """
        self.discard()
        self.validator, self.length = validator, length
        sidecar = _Sidecar(url=self._url, validator=validator, length=length)
        write_whole(self._sidecar_path, sidecar.model_dump_json())

    @contextlib.contextmanager
    def appending(self, needed: int | None) -> Iterator[BinaryIO]:
        """Open the unfinished file at its end.

        Raises:
            StorageError: Instead of any OSError of the body.
        """
        with storage_errors(self.path, needed), self.path.open("ab") as file:
            yield file

    def discard(self) -> None:
        """Delete what is here."""
        self.validator, self.length = "", None
        with storage_errors(self.path):
            self.path.unlink(missing_ok=True)
            self._sidecar_path.unlink(missing_ok=True)

    def finish(self, target: Path) -> None:
        """Give the verified file its final name."""
        with storage_errors(target):
            self.path.replace(target)
            self._sidecar_path.unlink(missing_ok=True)

    def _read_sidecar(self) -> _Sidecar | None:
        try:
            return _Sidecar.model_validate_json(self._sidecar_path.read_bytes())
        except (OSError, ValidationError):
            return None
