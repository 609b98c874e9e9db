"""The folders below a data folder, each with the number of its pictures: listed once, however deep."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from desktop_app.core.datasets.layout.walk import Identity, identity_or_none
from desktop_app.core.foundation.cancellation import NEVER, CancelToken
from desktop_app.core.foundation.text import natural_key
from desktop_app.core.images.folders import PICTURE_EXTENSIONS, list_folder, looks_like_picture

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_NO_PICTURES = frozenset((".txt", ".xml", ".json", ".csv", ".tsv", ".md", ".yaml", ".yml", ".html", ".log"))
"""Files that are not opened to see whether they are pictures; there may be one beside each picture."""

_MOST_BY_LINKS = 100_000
"""Folders that are entered once more by another link."""


class Folder:
    """A folder of a data set.

    Attributes:
        path: Path of the folder.
        name: Its name.
        parent: The folder that it is in; None for the data folder.
        kids: Folders in it, in natural order, without noise and hidden ones.
        pictures: Number of the files in it that are meant to be pictures.
        total: Number of those at any depth below it, too.
        sample: Name of a picture in it; empty where there is none.
        loops: Links in it to folders that are used already, or contain it.
        has_link: Whether there is a link to a folder in it or below.
    """

    __slots__ = ("has_link", "kids", "loops", "name", "parent", "path", "pictures", "sample", "total")

    def __init__(self, path: Path, parent: Folder | None = None) -> None:
        self.path = path
        self.name = path.name
        self.parent = parent
        self.kids: list[Folder] = []
        self.pictures = 0
        self.total = 0
        self.sample = ""
        self.loops: list[Path] = []
        self.has_link = False

    @property
    def filled(self) -> list[Folder]:
        """The folders in it that hold pictures at any depth."""
        return [kid for kid in self.kids if kid.total]

    def first_picture(self) -> Path | None:
        """A picture at any depth; None where there is none."""
        folder: Folder | None = self
        while folder is not None and not folder.sample:
            folder = next((kid for kid in folder.kids if kid.total), None)
        return None if folder is None else folder.path / folder.sample


def scan(root: Path, ignored: Collection[Path] = (), cancel: CancelToken = NEVER) -> Folder:
    """List all folders below one.

    Links to folders are followed, but not to the folders that they are in, nor twice in one place.

    Args:
        root: The data folder.
        ignored: Folders that are left out.
        cancel: Token checked at every entry.

    Raises:
        OSError: The data folder itself cannot be read.
        Cancelled: The user cancelled.
    """
    return _Scan(root, frozenset(ignored), cancel).run()


class _Scan:
    def __init__(self, root: Path, ignored: frozenset[Path], cancel: CancelToken) -> None:
        self._root = Folder(root)
        self._above = ancestors(root)
        self._ignored = ignored
        self._cancel = cancel
        self._known: dict[Identity, Folder] = {}
        self._found: list[Folder] = []
        self._links: list[tuple[Folder, Path]] = []
        self._beside: dict[Path, set[Identity]] = {}
        self._by_links = 0

    def run(self) -> Folder:
        self._go_down(self._root)
        while self._links:
            links, self._links = self._links, []
            for parent, path in sorted(links, key=lambda link: natural_key(str(link[1]))):
                self._follow(parent, path)
        for folder in reversed(self._found):
            folder.total += folder.pictures
            if folder.parent is not None:
                folder.parent.total += folder.total
            if folder.has_link:
                folder.kids.sort(key=lambda kid: natural_key(kid.name))
        return self._root

    def _go_down(self, top: Folder, *, again: bool = False) -> None:
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            who = identity_or_none(folder.path)
            if who is not None:
                self._known.setdefault(who, folder)
            self._found.append(folder)
            self._by_links += again
            try:
                waiting += self._list(folder)
            except (OSError, ValueError):
                if folder is self._root:
                    raise
                # the walk over its pictures reports it

    def _list(self, folder: Folder) -> list[Folder]:
        files, folders = list_folder(folder.path, set())
        names: list[str] = []
        proven: set[str] = set()
        for name in files:
            self._cancel.check()
            ending = os.path.splitext(name)[1].lower()  # noqa: PTH122 100,000 paths would take long
            if ending in PICTURE_EXTENSIONS or ending in proven:
                names.append(name)
            elif ending not in _NO_PICTURES and looks_like_picture(folder.path / name):
                proven.add(ending)
                names.append(name)
        folder.pictures = len(names)
        folder.sample = names[0] if names else ""
        for name in folders:
            self._cancel.check()
            path = folder.path / name
            if path in self._ignored:
                continue
            if path.is_symlink() or _is_junction(path):
                self._links.append((folder, path))
                _note_link(folder)
            else:
                folder.kids.append(Folder(path, folder))
        return folder.kids

    def _follow(self, parent: Folder, path: Path) -> None:
        who = identity_or_none(path)
        above: Folder | None = parent
        around = set(self._above)
        while above is not None:
            around.add(identity_or_none(above.path) or (-1, -1))
            above = above.parent
        target = None if who is None else self._known.get(who)
        used = target is not None and (target.has_link or self._by_links >= _MOST_BY_LINKS)
        if who is None or used or who in around or who in self._in(parent):
            parent.loops.append(path)
            return
        child = Folder(path, parent)
        parent.kids.append(child)
        self._in(parent).add(who)
        self._go_down(child, again=target is not None)

    def _in(self, parent: Folder) -> set[Identity]:
        """The folders in one that has links in it."""
        found = self._beside.get(parent.path)
        if found is None:
            inside = (identity_or_none(kid.path) for kid in parent.kids)
            found = self._beside[parent.path] = {who for who in inside if who is not None}
        return found


def _note_link(folder: Folder | None) -> None:
    while folder is not None and not folder.has_link:
        folder.has_link = True
        folder = folder.parent


def _is_junction(path: Path) -> bool:
    check = getattr(path, "is_junction", None)  # since Python 3.12; a link on Windows
    return bool(check and check())


def ancestors(folder: Path) -> set[Identity]:
    """The folder and all above it, where the links in its path really lead."""
    real = folder.resolve()
    found = (identity_or_none(above) for above in (folder, real, *real.parents))
    return {who for who in found if who is not None}
