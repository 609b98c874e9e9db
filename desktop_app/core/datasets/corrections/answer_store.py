"""Keeps the answers about data sets in the user's folder, so that each is asked once."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from desktop_app.core.datasets.answers import NO_ANSWERS, Answers
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.foundation.files import open_regular, write_whole
from desktop_app.core.foundation.migration import DocumentKind
from desktop_app.core.foundation.record import Record
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.foundation.stored_path import StoredPath
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from pathlib import Path

ANSWERS = DocumentKind(())
"""There is one version so far."""

MAX_BYTES = 4_000_000


class StoredAnswers(Record):
    """The contents of a file of answers, replaced whole at every change.

    Attributes:
        data: Data folder or archive that they are about.
        answers: All answers.
    """

    schema_version: Literal[1] = 1
    data: StoredPath
    answers: Answers


class AnswerStore:
    """The answers about one data set.

    Attributes:
        path: The file; it may not exist.
    """

    def __init__(self, data: Path, folder: Path | None = None) -> None:
        """Find the file.

        Args:
            data: Data folder or archive that the user chose; the same one by another link is the same.
            folder: Folder with the answers about all data sets; the user's own by default.
        """
        self._data = data.absolute()
        key = hashlib.sha256(os.fsencode(os.path.realpath(data))).hexdigest()[:24]
        self.path = (folder or paths.datasets() / "answers") / f"{key}.json"

    def read(self) -> Answers:
        """Read the answers; none at all are no error.

        Raises:
            StorageError: The file is damaged or cannot be read.
            NewerVersion: A newer Sightline wrote it.
        """
        if not self.path.exists():
            return NO_ANSWERS
        with open_regular(self.path) as file, storage_errors(self.path, verb="read"):
            data = file.read(MAX_BYTES)
        try:
            return StoredAnswers.model_validate_json(ANSWERS.upgraded(data, self.path)).answers
        except ValidationError as error:
            raise StorageError(
                f"The answers about the data in {printable(str(self.path))} are damaged.",
                "Delete the file; what it held is asked again.",
            ) from error

    def write(self, answers: Answers) -> None:
        """Replace the answers; without any the file is deleted.

        Raises:
            StorageError: The file cannot be written.
        """
        if answers == NO_ANSWERS:
            with storage_errors(self.path, verb="deleted"):
                self.path.unlink(missing_ok=True)
            return
        with storage_errors(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(
            self.path, StoredAnswers(data=self._data, answers=answers).model_dump_json(indent=2) + "\n"
        )
