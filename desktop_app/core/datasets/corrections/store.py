"""Keeps corrections in the user's folder: nothing is written into a data set."""

from __future__ import annotations

import contextlib
import hashlib
import os
from typing import TYPE_CHECKING

from pydantic import ValidationError

from desktop_app.core.datasets.corrections.document import (
    CORRECTIONS,
    Correction,
    Corrections,
)
from desktop_app.core.datasets.stored_names import stored_name
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.foundation.files import open_regular, write_whole
from desktop_app.core.foundation.locking import exclusive_soon
from desktop_app.core.foundation.migration import replace_outdated
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from desktop_app.core.datasets.decision import Decision
    from desktop_app.core.datasets.report import DatasetReport

MAX_BYTES = 256 * 1024 * 1024
"""Limit of the file's size, far above a million corrections."""

FILE_NAME = "corrections.json"

_LOCK_TRIES = 200
"""Attempts to take the lock; a change holds it for milliseconds."""

_CHUNK = 1 << 20


class CorrectionStore:
    """The corrections of one data set.

    Attributes:
        path: The file ``corrections.json``; it may not exist.
    """

    def __init__(self, data: Path, folder: Path | None = None) -> None:
        """Find the file.

        Args:
            data: Data folder or archive that the user chose; the same one by another link is the same.
            folder: Folder with the corrections of all data sets; the user's own by default.
        """
        self._data = data.absolute()
        key = hashlib.sha256(os.fsencode(os.path.realpath(data))).hexdigest()[:24]
        self.path = (folder or paths.datasets() / "corrections") / key / FILE_NAME

    def read(self) -> Corrections:
        """Read the corrections; one of an earlier version is upgraded. None at all are no error.

        Raises:
            StorageError: The file is damaged or cannot be read.
            NewerVersion: A newer Sightline wrote it.
        """
        if not self.path.exists():
            return Corrections(data=self._data)
        with open_regular(self.path) as file, storage_errors(self.path, verb="read"):
            data = file.read(MAX_BYTES)
        current = CORRECTIONS.upgraded(data, self.path)
        try:
            found = Corrections.model_validate_json(current)
        except ValidationError as error:
            raise StorageError(
                f"The corrections in {printable(str(self.path))} are damaged.",
                "Restore the file from a backup, or delete it to start without corrections.",
            ) from error
        replace_outdated(self.path, data, current, lock=self._lock)
        return found

    def change(self, folder: Path, changes: Mapping[Path, Decision | None]) -> Corrections:
        """Decide about pictures; what another process has written about others meanwhile stays.

        Args:
            folder: Folder of the pictures; for an archive, the one it was unpacked to.
            changes: Decisions by path; None takes a decision back.

        Returns:
            All corrections as they are now.

        Raises:
            StorageError: A picture cannot be read, or the file is damaged or cannot be written.
            NewerVersion: A newer Sightline wrote the file.
        """
        entries = {
            name: None
            if decision is None
            else Correction(path=name, sha256=digest_of(path), action=decision.action, label=decision.label)
            for path, decision in changes.items()
            if (name := stored_name(path, folder))
        }
        with self._locked():
            new = self.read().changed(entries)
            self._write(new)
        return new

    def clear(self) -> None:
        """Take all corrections back, also those of files that are gone or have changed.

        Raises:
            StorageError: The file cannot be deleted.
        """
        with self._locked(), storage_errors(self.path, verb="deleted"):
            self.path.unlink(missing_ok=True)

    @property
    def _lock(self) -> Path:
        return self.path.with_suffix(".lock")

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other writers out during the body.

        Raises:
            StorageError: Another one does not end, or the lock cannot be made.
        """
        with storage_errors(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.ExitStack() as stack:
            with storage_errors(self._lock):
                got = stack.enter_context(exclusive_soon(self._lock, _LOCK_TRIES))
            if got:
                yield
                return
        raise StorageError(
            f"The corrections in {printable(str(self.path))} are being changed by another program.",
            "Try again when it is done.",
        )

    def _write(self, corrections: Corrections) -> None:
        if corrections.corrections:
            write_whole(self.path, corrections.model_dump_json(indent=2) + "\n")
        else:
            with storage_errors(self.path, verb="deleted"):
                self.path.unlink(missing_ok=True)


def write_applied(report: DatasetReport, path: Path) -> None:
    """Write the corrections that are applied to a data set into another file, whole or not at all.

    Args:
        report: The data set.
        path: File to create or replace.

    Raises:
        StorageError: The corrections cannot be read, or the file cannot be written.
        NewerVersion: A newer Sightline wrote the corrections.
    """
    names = {stored_name(applied, report.folder) for applied in report.decisions}
    kept = CorrectionStore(report.source).read()
    entries = tuple(entry for entry in kept.corrections if entry.path in names)
    write_whole(path, kept.model_copy(update={"corrections": entries}).model_dump_json(indent=2) + "\n")


def digest_of(path: Path, check: Callable[[], None] = lambda: None) -> str:
    """SHA-256 of a file's content, in hexadecimal.

    Args:
        path: File to read.
        check: Callback between pieces; what it raises ends the work.

    Raises:
        StorageError: It cannot be read.
    """
    digest = hashlib.sha256()
    with open_regular(path) as file, storage_errors(path, verb="read"):
        while chunk := file.read(_CHUNK):
            check()
            digest.update(chunk)
    return digest.hexdigest()
