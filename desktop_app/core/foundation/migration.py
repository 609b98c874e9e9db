"""Documents of earlier versions, brought up to date when they are read.

A JSON document says the version of its layout in ``schema_version``; one that does not is of the first. A
`DocumentKind` lists the steps from each version to the next. Whoever reads a document upgrades it in memory,
validates it, and then has the file replaced, whole or not at all:

    current = CARD.upgraded(data, path)
    card = ModelCard.model_validate_json(current)
    replace_outdated(path, data, current)
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.foundation.files import open_regular, replacing
from desktop_app.core.foundation.locking import exclusive
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Document = dict[str, Any]

VERSION_KEY = "schema_version"


class NewerVersion(SightlineError):
    """A file was made by a newer version of the app, which may keep what this one would lose."""


class _NotTheSame(Exception):
    """Somebody has replaced the file since it was read."""


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """The versions of one kind of document.

    Attributes:
        steps: The first one makes version 2 of version 1, and so on. A step gets a copy and may change it.
            It leaves alone what it does not understand: whoever reads the result validates it.
    """

    steps: tuple[Callable[[Document], Document], ...]

    @property
    def version(self) -> int:
        """The version that this app writes."""
        return len(self.steps) + 1

    def upgrade(self, document: Any, name: str) -> Any:
        """Bring a document to the current version.

        Args:
            document: As it was read; what is no document of a known version is given back as it is.
            name: What the document is called in the sentence about a newer one.

        Raises:
            NewerVersion: A newer app made it.
        """
        version = document.get(VERSION_KEY, 1) if isinstance(document, dict) else None
        if type(version) is not int or version < 1:
            return document
        require_known(version, self.version, name)
        for step in self.steps[version - 1 :]:
            version += 1
            document = step(dict(document)) | {VERSION_KEY: version}
        return document

    def upgraded(self, data: bytes, path: Path) -> bytes:
        """Bring the content of a file to the current version.

        Args:
            data: The content; what is current already, or no JSON, is given back as it is.
            path: The file, for the sentence about a newer one.

        Raises:
            NewerVersion: A newer app made it.
        """
        try:
            document = json.loads(data.decode())
        except (ValueError, RecursionError):
            return data
        current = self.upgrade(document, printable(str(path)))
        if current is document:
            return data
        lines = b"\n  " in data
        separators = None if lines else (",", ":")
        text = json.dumps(current, indent=2 if lines else None, separators=separators, ensure_ascii=False)
        try:
            return text.encode() + (b"\n" if data.endswith(b"\n") else b"")
        except UnicodeEncodeError:  # half a character, which no reader takes
            return data


def require_known(version: int, known: int, name: str) -> None:
    """Refuse what a newer app has made.

    Args:
        version: The version of the file.
        known: The newest version that this app knows.
        name: What the file is called.

    Raises:
        NewerVersion: The version is newer.
    """
    if version > known:
        raise NewerVersion(f"{name} was made by a newer Sightline (schema {version}); update Sightline.")


def replace_outdated(path: Path, outdated: bytes, current: bytes, *, lock: Path | None = None) -> None:
    """Put an upgraded document in the place of the one that was read, whole or not at all.

    Where it cannot be written, as in a folder that is only for reading, or is locked, the file stays as it
    is and is upgraded when it is read again. What somebody else has put there meanwhile stays as well.

    Args:
        path: The file.
        outdated: What was read from it.
        current: What it becomes; nothing is done when it is the same.
        lock: The lock file that its writers hold, where they hold one.
    """
    if current == outdated:
        return
    with contextlib.suppress(OSError, SightlineError, _NotTheSame), contextlib.ExitStack() as stack:
        if lock is not None and not stack.enter_context(exclusive(lock)):
            return
        with replacing(path, size=len(current)) as file:
            file.write(current)
            file.flush()
            os.fsync(file.fileno())
            # Last of all. A folder that is exchanged as a whole from here on takes the new file along.
            with open_regular(path) as there:
                if there.read(len(outdated) + 1) != outdated:
                    raise _NotTheSame
