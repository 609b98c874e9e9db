"""From the names of folders to the names of classes."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import natural_key, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

_SEPARATORS = re.compile(r"[\s_\-]+")


def loose_key(name: str) -> str:
    """The same for names that differ only in case, separators or how accents are composed.

    The case of a single letter is all that tells its two classes apart.
    """
    composed = _SEPARATORS.sub("", unicodedata.normalize("NFC", name))
    return composed.casefold() if len(composed) > 1 else composed or name


class ClassNames:
    """Collects class folders, those of one parent folder after the other.

    Beside each other, every folder is a class of its own. Folders in several parents are of the same class
    when their names are the same; else when their names differ only in case, separators or how accents are
    composed, and there is only one class and one folder that may be meant.

    Attributes:
        doubtful: Names that are nearly those of other classes, so that each is a class of its own.
        merged: Names that are only alike, each with the class that it is taken for.
    """

    def __init__(self) -> None:
        self._names: list[str] = []
        self._folder_names: list[str] = []
        self._used: set[str] = set()
        self._exact: dict[str, int] = {}
        self._alike: dict[str, list[int]] = {}
        self.doubtful: list[str] = []
        self.merged: list[tuple[str, str]] = []

    def __len__(self) -> int:
        return len(self._names)

    def add(self, folder_names: Sequence[str], *, loosely: bool = True) -> list[int]:
        """Add all class folders of one parent.

        Args:
            folder_names: Their names.
            loosely: Whether a name that is only alike may be of the same class.

        Returns:
            The number of the class of each, in the order of the first folder of each class.
        """
        beside = set(folder_names)
        known = {name: number for name in folder_names if (number := self._number(name, beside)) is not None}
        taken = set(known.values())
        new = [name for name in dict.fromkeys(folder_names) if name not in known]
        often = Counter(loose_key(name) for name in new)
        for name in new:
            key = loose_key(name)
            left = [number for number in self._alike.get(key, ()) if number not in taken]
            if loosely and len(left) == 1 and often[key] == 1:
                self._exact[name] = left[0]
                self.merged.append((name, self._names[left[0]]))
            else:
                if left:
                    self.doubtful.append(name)
                self._exact[name] = len(self._names)
                self._names.append(self._unique(printable(name)))
                self._folder_names.append(name)
        for name in new:
            number = self._exact[name]
            alike = self._alike.setdefault(loose_key(name), [])
            if number not in alike:
                alike.append(number)
        return [self._exact[name] for name in folder_names]

    def name(self, number: int) -> str:
        """The printable name of a class; no other has the same."""
        return self._names[number]

    def in_order(self) -> list[int]:
        """The numbers of all classes, in natural order of their names."""
        return sorted(range(len(self._names)), key=lambda number: natural_key(self._names[number]))

    def _number(self, name: str, beside: set[str]) -> int | None:
        """The class of a name that was there before, unless the class's own name is beside it now."""
        number = self._exact.get(name)
        if number is None or self._folder_names[number] == name or self._folder_names[number] not in beside:
            return number
        return None

    def _unique(self, name: str) -> str:
        unique, count = name, 1
        while unique in self._used:
            count += 1
            unique = f"{name} ({count})"
        self._used.add(unique)
        return unique
