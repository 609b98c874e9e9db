"""The Python packages that Sightline consists of, found by their metadata without importing anything."""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from desktop_app.core.foundation.build_info import packaged_folder

if TYPE_CHECKING:
    from importlib.metadata import PackageMetadata

    from packaging.requirements import Requirement

_OWN = "sightline"


class Package(NamedTuple):
    """One installed package.

    Attributes:
        name: Name as its authors write it.
        metadata: Its own metadata.
        folder: Its ``*.dist-info``; the package's modules lie beside it.
    """

    name: str
    metadata: PackageMetadata
    folder: Path


def packages() -> list[Package]:
    """Find the packages that this Sightline uses, by name, without itself.

    In the packaged app those are all that it brings. Elsewhere they are what Sightline requires, and what
    that requires; all of the environment, where Sightline is not installed as a package.
    """
    known = _installed()
    if packaged_folder() is None and _OWN in known:
        names = _required(known)
        known = {name: package for name, package in known.items() if name in names}
    return [package for name, package in sorted(known.items()) if name != _OWN]


def canonical(name: str) -> str:
    """A package's name in the form that package indexes compare."""
    return re.sub(r"[-_.]+", "-", name).lower()


def field(metadata: PackageMetadata, name: str) -> str:
    """What a package says in a field; empty when it says nothing."""
    return str(next(iter(metadata.get_all(name) or ()), "")).strip()


def _installed() -> dict[str, Package]:
    found: dict[str, Package] = {}
    for place in sys.path:
        for folder in sorted(Path(place).glob("*.dist-info")):
            metadata = Distribution.at(folder).metadata
            name = field(metadata, "Name")
            if name:  # an interrupted installation leaves a folder without
                found.setdefault(canonical(name), Package(name, metadata, folder))
    return found


def _required(known: dict[str, Package]) -> set[str]:
    """What Sightline requires on this system, with its extras and all that follows."""
    names: set[str] = set()
    seen: set[tuple[str, str]] = set()
    waiting = [(_OWN, "")]
    while waiting:
        entry = waiting.pop()
        name, extra = entry
        if entry in seen or name not in known:
            continue
        seen.add(entry)
        names.add(name)
        for text in known[name].metadata.get_all("Requires-Dist") or ():
            requirement = _parsed(text)
            if requirement is None:
                continue
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                wanted = canonical(requirement.name)
                waiting += [(wanted, ""), *((wanted, name) for name in requirement.extras)]
    return names


def _parsed(text: str) -> Requirement | None:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        return Requirement(text)
    except InvalidRequirement:  # of old packages
        return None
