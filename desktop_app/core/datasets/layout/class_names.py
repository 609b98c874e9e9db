"""From the names of folders to the names of classes."""

from __future__ import annotations

import unicodedata

from desktop_app.core.foundation.text import natural_key, printable


class ClassNames:
    """Collects class folders subset by subset.

    In one subset every folder is a class of its own. Folders of several subsets are of the same class when
    their names are the same, or differ only in upper and lower case or in how accents are composed.
    """

    def __init__(self) -> None:
        self._names: list[str] = []
        self._exact: dict[str, int] = {}
        self._alike: dict[str, int] = {}
        self._taken: set[int] = set()

    def __len__(self) -> int:
        return len(self._names)

    def next_part(self) -> None:
        """Begin another subset, to which the folders that follow belong."""
        self._taken = set()

    def add(self, folder_name: str) -> int:
        """Add a folder.

        Returns:
            The number of its class, in the order of the first folder of each.
        """
        alike = unicodedata.normalize("NFC", folder_name).casefold()
        number = self._exact.get(folder_name, self._alike.get(alike))
        if number is None or number in self._taken:
            number = len(self._names)
            self._names.append(self._unique(printable(folder_name)))
            self._alike.setdefault(alike, number)
        self._exact.setdefault(folder_name, number)
        self._taken.add(number)
        return number

    def name(self, number: int) -> str:
        """The printable name of a class; no other has the same."""
        return self._names[number]

    def in_order(self) -> list[str]:
        """All names in natural order."""
        return sorted(self._names, key=natural_key)

    def _unique(self, name: str) -> str:
        unique, count = name, 1
        while unique in self._names:
            count += 1
            unique = f"{name} ({count})"
        return unique
