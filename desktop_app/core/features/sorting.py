"""Sorting pictures into classes by hand: which picture is in which class, with undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


class Sorting:
    """The classes and their pictures; a picture is in one class or unsorted.

    Args:
        paths: The pictures, all unsorted.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._paths = tuple(dict.fromkeys(paths))
        self._known = frozenset(self._paths)
        self._names: tuple[str, ...] = ()
        self._class_of: dict[Path, str] = {}
        self._earlier: list[tuple[tuple[str, ...], dict[Path, str | None]]] = []

    @property
    def names(self) -> tuple[str, ...]:
        """The classes, in the order in which they were made."""
        return self._names

    @property
    def classes(self) -> Mapping[str, tuple[Path, ...]]:
        """The pictures of each class that has some, in the order given."""
        found: dict[str, list[Path]] = {name: [] for name in self._names}
        for path in self._paths:
            if path in self._class_of:
                found[self._class_of[path]].append(path)
        return {name: tuple(paths) for name, paths in found.items() if paths}

    @property
    def unsorted(self) -> int:
        """Number of pictures without a class."""
        return len(self._paths) - len(self._class_of)

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return bool(self._earlier)

    def class_of(self, path: Path) -> str | None:
        """The class of a picture; None while it is unsorted."""
        return self._class_of.get(path)

    def add(self, name: str, paths: Iterable[Path] = ()) -> str:
        """Add a class and put pictures into it, as one step for `undo`.

        Returns:
            Its name: the wanted one, with a number behind it when that is taken, whatever the case.
        """
        free = self._free(name.strip() or "class")
        moved = [path for path in paths if path in self._known]
        self._remember(moved)
        self._names = (*self._names, free)
        self._class_of.update(dict.fromkeys(moved, free))
        return free

    def rename(self, name: str, new: str) -> bool:
        """Rename a class; False when the new name is empty or taken."""
        new = new.strip()
        others = {each.casefold() for each in self._names if each != name}
        if name not in self._names or not new or new == name or new.casefold() in others:
            return False
        moved = [path for path, held in self._class_of.items() if held == name]
        self._remember(moved)
        self._names = tuple(new if each == name else each for each in self._names)
        self._class_of.update(dict.fromkeys(moved, new))
        return True

    def remove(self, name: str) -> None:
        """Remove a class; its pictures are unsorted again."""
        if name in self._names:
            moved = [path for path, held in self._class_of.items() if held == name]
            self._remember(moved)
            self._names = tuple(each for each in self._names if each != name)
            for path in moved:
                del self._class_of[path]

    def move(self, paths: Iterable[Path], name: str | None) -> int:
        """Put pictures into a class, which exists, or back among the unsorted ones (None).

        Returns:
            How many were not there before.
        """
        moved = [path for path in paths if path in self._known and self._class_of.get(path) != name]
        if moved and (name is None or name in self._names):
            self._remember(moved)
            for path in moved:
                if name is None:
                    del self._class_of[path]
                else:
                    self._class_of[path] = name
            return len(moved)
        return 0

    def undo(self) -> None:
        """Take the last change back."""
        if self._earlier:
            self._names, moved = self._earlier.pop()
            for path, name in moved.items():
                if name is None:
                    self._class_of.pop(path, None)
                else:
                    self._class_of[path] = name

    def _remember(self, paths: Iterable[Path]) -> None:
        self._earlier.append((self._names, {path: self._class_of.get(path) for path in paths}))

    def _free(self, name: str) -> str:
        taken = {each.casefold() for each in self._names}
        free, number = name, 2
        while free.casefold() in taken:
            free, number = f"{name} {number}", number + 1
        return free
