"""Which class a folder is named after: exactly, or by a looser rule where only one class can be meant."""

from __future__ import annotations

import os
import re
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from desktop_app.core.batch.job.spec import JobSpec

Folder = tuple[int, bytes]
"""The index of a source, and the path of a folder in it, beginning with the source as it was named."""

_SEPARATORS = re.compile(r"[\s_]+")


class FolderClasses:
    """Knows the classes of folders; looks at each folder once."""

    def __init__(self, spec: JobSpec, list_folders: Callable[[], Iterable[Folder]]) -> None:
        """Begin without looking at any folder.

        Args:
            spec: The settings of the job.
            list_folders: Function that gives all folders with pictures; called once at most.
        """
        self._exact: dict[str, set[int]] = defaultdict(set)
        self._loose: dict[str, set[int]] = defaultdict(set)
        for place, entry in enumerate(spec.classes):
            # An id tells two classes of the same name apart, so it goes before all names.
            for name in (entry.label, entry.readable):
                self._exact[name].add(place)
            for name in (entry.class_id, entry.label, entry.readable):
                self._loose[_plain(name)].add(place)
        self._ids = {entry.class_id: place for place, entry in enumerate(spec.classes)}
        self._sources = [Path(source) for source in spec.sources]
        self._list_folders = list_folders
        self._taken: dict[Path, set[int]] | None = None
        self._known: dict[Folder, tuple[int, Path]] = {}

    def class_of(self, folder: Folder) -> int:
        """The class of the pictures in a folder of a source; -1 when they have none.

        It is that of the nearest folder, between it and its source, which has the id or the name of a class.
        Only where there is none, names may differ in case, spaces, underscores or Unicode form: from one
        class only, and from none that the folder beside it is named after exactly.
        """
        return self._look_up(folder)[0]

    def matched(self) -> tuple[list[str], list[str]]:
        """The folders that were asked about: names of those with a class, and of those without one.

        The sources themselves, which need not have the name of a class, are in neither list.
        """
        found: tuple[dict[Path, str], dict[Path, str]] = {}, {}
        for (source, _), (place, path) in self._known.items():
            if path != self._sources[source]:
                found[0 if place >= 0 else 1][path] = path.name
        return list(found[0].values()), list(found[1].values())

    def _look_up(self, folder: Folder) -> tuple[int, Path]:
        if folder not in self._known:
            source, name = folder
            self._known[folder] = self._find(self._sources[source], Path(os.fsdecode(name)))
        return self._known[folder]

    def _find(self, root: Path, folder: Path) -> tuple[int, Path]:
        """The class, and the folder that is named after it; -1, and the folder itself."""
        levels = _levels(root, folder)
        for level in levels:
            place = self._exactly(level.name)
            if place is not None:
                return place, level
        for level in levels:
            place = self._loosely(level)
            if place is not None:
                return place, level
        return -1, folder

    def _exactly(self, name: str) -> int | None:
        places = self._exact.get(name, set())
        return self._ids.get(name, next(iter(places)) if len(places) == 1 else None)

    def _loosely(self, folder: Path) -> int | None:
        places = self._loose.get(_plain(folder.name), set())
        if folder.name in self._exact or not places:  # a name that several classes have
            return None
        left = places - self._taken_beside(folder)
        return next(iter(left)) if len(left) == 1 else None

    def _taken_beside(self, folder: Path) -> set[int]:
        """The classes that the folders beside a folder are named after exactly."""
        if self._taken is None:
            self._taken = defaultdict(set)
            for source, name in self._list_folders():
                for level in _levels(self._sources[source], Path(os.fsdecode(name))):
                    place = self._exactly(level.name)
                    if place is not None:
                        self._taken[level.parent].add(place)
        return self._taken.get(folder.parent, set())


def _levels(root: Path, folder: Path) -> list[Path]:
    """The folder and those above it, up to the source, which is not one of them; the nearest first."""
    if folder == root or not folder.is_relative_to(root):  # then the source is the picture itself
        return []
    return [folder, *(above for above in folder.parents if above != root and above.is_relative_to(root))]


def _plain(name: str) -> str:
    name = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    return _SEPARATORS.sub(" ", name).strip()
