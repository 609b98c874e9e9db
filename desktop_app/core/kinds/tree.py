"""WordNet's tree above the 1,000 classes of ImageNet, and the everyday kinds in it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import DamagedInstallation
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROOT = "n00001740"
"""The synset of "entity", which everything is a kind of."""


@dataclass(frozen=True, slots=True)
class KindTree:
    """What each class of ImageNet is a kind of.

    Attributes:
        names: The readable name of each synset, by id.
        hypernyms: The ids of what each synset is a kind of; several where WordNet names several.
        members: The ids of the classes of each everyday kind, by the kind's name; the smallest kind first.
    """

    names: dict[str, str]
    hypernyms: dict[str, tuple[str, ...]]
    members: dict[str, frozenset[str]]

    def kinds_of(self, class_id: str) -> Iterator[str]:
        """Name the everyday kinds that a class belongs to, the most specific first."""
        return (name for name, classes in self.members.items() if class_id in classes)


@cache
def kind_tree() -> KindTree:
    """The tree that ships with the app; only the first call reads it.

    Raises:
        DamagedInstallation: It cannot be read.
    """
    return read_tree(paths.resources() / "wordnet")


def read_tree(folder: Path) -> KindTree:
    """Read a tree from the folder of its two tables.

    Raises:
        DamagedInstallation: One of them is missing or damaged.
    """
    names: dict[str, str] = {}
    hypernyms: dict[str, tuple[str, ...]] = {}
    path = folder / "tree.csv"
    try:
        for synset, name, above in _rows(path):
            names[synset] = name
            hypernyms[synset] = tuple(above.split())
        path = folder / "kinds.csv"
        members = kind_members(_rows(path), hypernyms)
    except (OSError, ValueError, RecursionError) as error:
        message = f"The list of kinds {printable(str(path))} cannot be read."
        raise DamagedInstallation(message, "Reinstall Sightline.") from error
    if not members or not all(classes and classes <= names.keys() for classes in members.values()):
        raise DamagedInstallation(
            f"The list of kinds {printable(str(path))} is damaged.", "Reinstall Sightline."
        )
    return KindTree(names, hypernyms, members)


def kind_members(
    kinds: Iterator[tuple[str, ...]], hypernyms: dict[str, tuple[str, ...]]
) -> dict[str, frozenset[str]]:
    """Find the classes of each everyday kind; each counts once, however many ways lead to it.

    Args:
        kinds: The name, synsets and excluded synsets of each kind, ids separated by spaces.
        hypernyms: The ids above each synset.

    Returns:
        The ids of the classes by the name of the kind, the smallest kind first.
    """
    below: dict[str, list[str]] = {}
    for synset, several in hypernyms.items():
        for above in several:
            below.setdefault(above, []).append(synset)
    classes: dict[str, frozenset[str]] = {}

    def among(synsets: str) -> frozenset[str]:
        return frozenset[str]().union(*(_classes(synset, below, classes) for synset in synsets.split()))

    members = {name: among(inside) - among(outside) for name, inside, outside in kinds}
    return dict(sorted(members.items(), key=lambda entry: len(entry[1])))


def _classes(synset: str, below: dict[str, list[str]], known: dict[str, frozenset[str]]) -> frozenset[str]:
    """Find the classes below a synset, or itself if nothing is; ``known`` has those found before."""
    found = known.get(synset)
    if found is None:
        known[synset] = frozenset()  # where a damaged tree leads back to it
        several = below.get(synset)
        parts = (_classes(one, below, known) for one in several) if several else [{synset}]
        found = known[synset] = frozenset[str]().union(*parts)
    return found


def readable_name(class_id: str, label: str) -> str:
    """Make a class's name readable: published names have underscores for spaces.

    Where two classes of ImageNet have the same name, the kind tells them apart: "crane (bird)". A class that
    is named only by its synset id gets WordNet's name, and an id before a name is left out.

    Raises:
        DamagedInstallation: The tree is needed and cannot be read.
    """
    name = label.replace("_", " ")
    if is_synset(class_id):
        full = kind_tree().names.get(class_id, name)
        return full if name == class_id or full.startswith(f"{name} (") else name
    synset, _space, rest = name.partition(" ")
    return rest if rest and is_synset(synset) else name


def everyday_kinds(class_id: str) -> tuple[str, ...]:
    """Name the everyday kinds that a class belongs to, the most specific first; none for other ids.

    Raises:
        DamagedInstallation: The tree is needed and cannot be read.
    """
    return tuple(kind_tree().kinds_of(class_id)) if is_synset(class_id) else ()


def is_synset(text: str) -> bool:
    """Whether a text has the form of a noun's synset id."""
    return len(text) == len(ROOT) and text[0] == "n" and text[1:].isdecimal()


def _rows(path: Path) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a table below its headings."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows, None)
        yield from map(tuple, rows)
