"""Pictures to try a model with: the photographs that ship with the app, or the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import SightlineError, UnreadableImage
from desktop_app.core.foundation.text import printable
from desktop_app.core.images.load import load_preview
from desktop_app.core.images.sources import FileSource

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


def sample_files() -> list[Path]:
    """List the photographs that ship with the app, by name."""
    return sorted((paths.resources() / "samples").glob("*.jpg"))


def read_pictures(files: Iterable[Path], side: int) -> list[tuple[str, NDArray[np.uint8]]]:
    """Read pictures with their names.

    Args:
        files: The files.
        side: Pixels of the longer side, at most.

    Returns:
        For each its name, and RGB uint8 ``(H, W, 3)``.

    Raises:
        UnreadableImage: One cannot be read; the sentence names it.
    """
    pictures = []
    for path in files:
        try:
            pixels, _ = load_preview(FileSource(path), side)
        except SightlineError as error:
            name = printable(path.name)
            raise UnreadableImage(f"{name} cannot be read: {error}", error.advice) from error
        pictures.append((printable(path.name), pixels))
    return pictures
