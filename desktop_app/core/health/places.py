"""Sightline's folders, and whether they have free space and can be written to."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.storage import free_space

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """One of the user's folders, made when it is first needed.

    Attributes:
        free: Bytes; None when the disk does not respond.
        writable: Whether a file can be written there now.
        problem: The system's reason when not; empty otherwise.
    """

    name: str
    path: Path
    free: int | None
    writable: bool
    problem: str = ""


def user_places() -> tuple[Place, ...]:
    """Look at all of the user's folders."""
    folders = {
        "home": paths.home(),
        "models": paths.library(),
        "downloads": paths.downloads(),
        "trash": paths.trash(),
        "engine": paths.engine_data(),
        "logs": paths.logs(),
    }
    return tuple(_look_at(name, path) for name, path in folders.items())


def _look_at(name: str, path: Path) -> Place:
    try:
        free = free_space(path)
        # A file without a name, which is gone when it is closed, even after a kill.
        with tempfile.TemporaryFile(dir=_existing(path)) as file:
            file.write(b"\0")
    except OSError as error:
        return Place(name, path, None, writable=False, problem=error.strerror or str(error))
    return Place(name, path, free, writable=True)


def _existing(path: Path) -> Path:
    """The folder itself, or the nearest one above it that exists."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return path
