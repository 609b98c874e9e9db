"""Finding the picture that a row of a label file means."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Match = int | Literal["none", "several"]
"""The index of a picture; ``several`` when the name fits more than one."""

_MOST_CHARACTERS = 4096
_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,5}$")


class PictureIndex:
    """The pictures of a data set by their names.

    Names that differ only in upper and lower case, or in how accents are composed, are kept together.

    Attributes:
        folder: The data folder.
        pictures: Paths of all pictures, below the data folder.
        inside: The same from the data folder, with ``/``.
    """

    def __init__(self, folder: Path, pictures: Sequence[Path]) -> None:
        self.folder = folder
        self.pictures = pictures
        self.inside = [path.relative_to(folder).as_posix() for path in pictures]
        self._names: defaultdict[str, list[int]] = defaultdict(list)
        self._stems: defaultdict[str, list[int]] = defaultdict(list)
        for number, inside in enumerate(self.inside):
            name = inside.rpartition("/")[2]
            self._names[plain(name)].append(number)
            self._stems[plain(name.rpartition(".")[0] or name)].append(number)

    def __len__(self) -> int:
        return len(self.inside)

    def named(self, name: str) -> list[int]:
        """Pictures with a file name."""
        return self._names.get(plain(name), [])

    def with_stem(self, stem: str) -> list[int]:
        """Pictures with a file name without its extension."""
        return self._stems.get(plain(stem), [])

    def numbers(self) -> dict[int, int]:
        """Pictures whose names are numbers, by number, as tables have them whose zeros were lost.

        Numbers that several pictures have are left out.
        """
        found: defaultdict[int, list[int]] = defaultdict(list)
        for stem, pictures in self._stems.items():
            if stem.isascii() and stem.isdigit() and len(stem) <= 18:
                found[int(stem)] += pictures
        return {number: pictures[0] for number, pictures in found.items() if len(pictures) == 1}


class Finder:
    """Finds the pictures that one label file names.

    A row may name a picture by a path from the file's folder or from the data folder, by a longer path whose
    end is that of the picture's, or by its file name, each with or without the extension.
    """

    def __init__(
        self,
        index: PictureIndex,
        start: str = "",
        scope: frozenset[int] | None = None,
        *,
        loose: bool = False,
    ) -> None:
        """Prepare the search.

        Args:
            index: The pictures.
            start: Folder of the file inside the data folder, with ``/``; empty for the data folder itself.
            scope: Pictures that the file may be about; None for all.
            loose: Whether a picture is also meant by a path through other folders, by a name with another
                extension, and by a number without its leading zeros.
        """
        self._index = index
        self._start = f"{start}/" if start else ""
        self._scope = scope
        self._loose = loose
        self._numbers = index.numbers() if loose else {}
        self._direct = {
            inside[len(self._start) :]: number
            for number, inside in enumerate(index.inside)
            if inside.startswith(self._start) and (scope is None or number in scope)
        }

    def find(self, cell: str) -> Match:
        """Find the picture that a cell names."""
        direct = self._direct.get(cell)
        if direct is not None:
            return direct
        if len(cell) > _MOST_CHARACTERS:
            return "none"
        if "://" in cell:
            cell = cell.split("?", 1)[0].split("#", 1)[0]
        path = cell.replace("\\", "/").strip("/ ").removeprefix("./")
        folders, _, name = path.rpartition("/")
        if not name:
            return "none"
        found = self._within(self._index.named(name))
        if not found:
            found = self._within(self._index.with_stem(name))
            if not found and self._loose:
                found = self._within(self._loosely(name))
        if not found or (len(found) == 1 and not folders):
            return found[0] if found else "none"
        return self._closest(folders, name, found)

    def _within(self, found: list[int]) -> list[int]:
        scope = self._scope
        return found if scope is None else [number for number in found if number in scope]

    def _loosely(self, name: str) -> list[int]:
        stem = name.rpartition(".")[0] if looks_like_file(name) else name
        if found := self._index.with_stem(stem):
            return found
        number = (
            self._numbers.get(int(stem)) if stem.isascii() and stem.isdigit() and len(stem) <= 18 else None
        )
        return [] if number is None else [number]

    def _closest(self, folders: str, name: str, found: list[int]) -> Match:
        """Choose the picture whose folders are most like those that the row names."""
        inside = self._index.inside
        place = f"{folders}/" if folders else ""
        for given in (self._start + place, place):
            exact = [number for number in found if inside[number].rpartition("/")[0] == given.rstrip("/")]
            if len(exact) == 1:
                return exact[0]
        wanted = folders.split("/") if folders else []
        fits = [_fit(wanted, inside[number].split("/")[:-1]) for number in found]
        best = max(fits)
        if not (best[0] or self._loose):
            return "none"
        found = [number for number, fit in zip(found, fits, strict=True) if fit == best]
        if len(found) > 1:
            found = [number for number in found if inside[number].rpartition("/")[2] == name] or found
        return found[0] if len(found) == 1 else "several"


def plain(name: str) -> str:
    """A name without its case and its way of composing accents."""
    return name.casefold() if name.isascii() else unicodedata.normalize("NFC", name).casefold()


def looks_like_file(cell: str) -> bool:
    """Whether a cell ends in what may be an extension."""
    return _EXTENSION.search(cell) is not None


def _fit(wanted: list[str], there: list[str]) -> tuple[bool, int]:
    """Compare folders from behind: whether one list is the end of the other, and how many are the same."""
    count = 0
    for one, other in zip(reversed(wanted), reversed(there), strict=False):
        if plain(one) != plain(other):
            break
        count += 1
    return count == min(len(wanted), len(there)), count
