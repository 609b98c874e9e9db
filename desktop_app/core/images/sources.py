"""Where a picture comes from."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.images.decoding.reading import PixelReading


@dataclass(frozen=True, slots=True)
class FileSource:
    """A picture in a file."""

    path: Path

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder; False for a name that the system refuses; decoding gives the reason."""
        return os.path.isdir(self.path)  # noqa: PTH112 Path.is_dir raises for some of those names

    @property
    def name(self) -> str:
        """The file's name, printable even when it is not valid UTF-8."""
        return printable(self.path.name)

    @property
    def text(self) -> str:
        """The path, printable even when it is not valid UTF-8."""
        return printable(str(self.path))


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """A picture in a file, and how its numbers are read, where that is not as the file says.

    Attributes:
        path: Path of the file.
        reading: Decisions about its numbers.
    """

    path: Path
    reading: PixelReading


@dataclass(frozen=True, slots=True)
class LinkSource:
    """A picture behind an http or https link."""

    url: str

    @property
    def name(self) -> str:
        """The last part of the link's path, or its host; all of it when it is no valid link."""
        try:
            parts = urlsplit(self.url)
        except ValueError:
            return self.text
        return printable(unquote(PurePosixPath(parts.path).name) or parts.netloc)

    @property
    def text(self) -> str:
        """The link."""
        return printable(self.url)


@dataclass(frozen=True, slots=True)
class PixelSource:
    """A picture that has no file, such as one from the clipboard: uint8 ``(H, W, 3)`` RGB."""

    name: str
    pixels: NDArray[np.uint8] = field(repr=False, compare=False)

    @property
    def text(self) -> str:
        """The name."""
        return self.name


@dataclass(frozen=True, slots=True)
class DataSource:
    """A picture as the bytes of an encoded file, such as one dragged out of a browser."""

    name: str
    data: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """The name."""
        return self.name


Source = FileSource | LinkSource | PixelSource | DataSource
