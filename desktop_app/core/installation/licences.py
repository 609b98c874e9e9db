"""The licences of all that Sightline consists of: Python packages, and the libraries that these bring.

The packages say themselves under which licence they are; what they do not say, and the parts that are no
Python packages, stand in ``resources/licences/parts.json`` beside the texts of the common licences.
"""

from __future__ import annotations

import json
import platform
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from desktop_app import __version__
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.build_info import packaged_folder
from desktop_app.core.foundation.errors import DamagedInstallation
from desktop_app.core.foundation.text import printable
from desktop_app.core.installation.distributions import Package, canonical, field, packages
from desktop_app.core.installation.versions import installed_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from importlib.metadata import PackageMetadata
    from pathlib import Path

_TEXT_FILES = re.compile(r"(licen[cs]e|copying|notice|authors|third_party)", re.IGNORECASE)
_LONGEST_EXPRESSION = 100
"""Characters; a longer ``License`` is the whole text."""

_SPDX = {
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd license": "BSD",
    "bsd 3-clause": "BSD-3-Clause",
    "3-clause bsd license": "BSD-3-Clause",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
    "zpl 2.1": "ZPL-2.1",
}
"""Names as packages write them to those of the SPDX list."""


@dataclass(frozen=True, slots=True)
class Component:
    """One part of Sightline, as it is shown in the list of licences.

    Attributes:
        name: Name as its authors write it.
        version: Version; empty when unknown.
        licence: An SPDX expression where there is one, else a few words; empty when only the texts say it.
        home: Address of its home page; may be empty.
        note: Further remarks in plain text; may be empty.
        texts: Files with the texts of its licences.
    """

    name: str
    version: str
    licence: str
    home: str
    note: str
    texts: tuple[Path, ...]


def components() -> tuple[Component, ...]:
    """List all parts: Sightline itself first, then the others by name.

    Raises:
        DamagedInstallation: The list that ships with the app cannot be read.
    """
    folder = paths.resources() / "licences"
    listed = _listed(folder / "parts.json")
    found = packages()
    by_name = {canonical(package.name): package for package in found}
    parts = [_of_package(package, listed["packages"], folder) for package in found]
    parts += [
        _of_part(part, by_name, folder)
        for part in listed["parts"]
        if packaged_folder() is not None or not part.get("packaged_only")
    ]
    parts.sort(key=lambda part: part.name.lower())
    own = listed["sightline"]
    texts = tuple(folder / name for name in own["texts"])
    return (Component("Sightline", __version__, "MIT", "", own["note"], texts), *parts)


def read_text(component: Component) -> str:
    """Everything about a part: what is known, the note, and the texts of its licences."""
    title = f"{component.name} {component.version}".strip()
    facts = [title, *filter(None, (component.licence and f"Licence: {component.licence}", component.home))]
    sections = ["\n".join(facts)]
    if component.note:
        sections.append(component.note)
    for path in component.texts:
        try:
            text = path.read_text(encoding="utf-8", errors="replace").lstrip("\n\r\f").rstrip()
        except OSError as error:
            text = f"{printable(str(path))} cannot be read: {error.strerror}. Reinstall Sightline."
        sections.append(f"{_title(path)}\n{'─' * 40}\n\n{text}")
    if not component.texts and not component.note:
        sections.append("Its package brings no text of its licence.")
    return "\n\n\n".join(sections) + "\n"


def _listed(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DamagedInstallation(
            f"Sightline's list of licences cannot be read: {printable(str(path))}.", "Reinstall Sightline."
        ) from error
    return found


def _of_package(package: Package, remarks: Mapping[str, Any], folder: Path) -> Component:
    remark = remarks.get(canonical(package.name), {})
    licence = remark.get("licence") or licence_of(package.metadata)
    texts = _own_texts(package.folder)
    beside = [place for name in remark.get("beside", ()) if (place := package.folder.parent / name).is_file()]
    common = remark.get("texts", ())
    if not texts and not common and (folder / f"{licence}.txt").is_file():
        common = (f"{licence}.txt",)
    texts += [folder / name for name in common] + beside
    return Component(
        package.name,
        field(package.metadata, "Version"),
        licence,
        _home(package.metadata),
        remark.get("note", ""),
        tuple(texts),
    )


def _of_part(part: Mapping[str, Any], known: Mapping[str, Package], folder: Path) -> Component:
    texts = [folder / name for name in part["texts"]]
    carrier, _slash, name = part.get("of", "").partition("/")
    if carrier in known:
        texts = [text for text in _own_texts(known[carrier].folder) if _title(text) == name] + texts
    version = _VERSIONS[part["version"]]() if "version" in part else ""
    return Component(
        part["name"], version or "", part["licence"], part["home"], part.get("note", ""), tuple(texts)
    )


def _openssl() -> str:
    import ssl

    return ssl.OPENSSL_VERSION.split()[1]


def _sqlite() -> str:
    import sqlite3

    return sqlite3.sqlite_version


def _zlib() -> str:
    import zlib

    return zlib.ZLIB_RUNTIME_VERSION


_VERSIONS: dict[str, Callable[[], str | None]] = {
    "python": platform.python_version,
    "qt": partial(installed_version, "PySide6-Essentials"),
    "openssl": _openssl,
    "sqlite": _sqlite,
    "zlib": _zlib,
}


def licence_of(metadata: PackageMetadata) -> str:
    """What a package says about its licence, as an SPDX expression where that is clear.

    Args:
        metadata: Metadata of the package; old packages have free text or only a classifier.
    """
    if expression := field(metadata, "License-Expression"):
        return expression
    words = field(metadata, "License")
    if not words or "\n" in words or len(words) > _LONGEST_EXPRESSION:
        classifiers: Iterable[str] = metadata.get_all("Classifier") or ()
        named = [text.rpartition(" :: ")[2] for text in classifiers if text.startswith("License ::")]
        words = named[0] if len(named) == 1 else ""
    return _SPDX.get(words.lower(), words)


def _home(metadata: PackageMetadata) -> str:
    """The home page, else the place of the sources."""
    if home := field(metadata, "Home-page"):
        return home
    entries = (entry.partition(",") for entry in metadata.get_all("Project-URL") or ())
    named = {label.strip().lower(): address.strip() for label, _comma, address in entries}
    wanted = ("homepage", "home", "home page", "source", "source code", "repository", "code", "github")
    return next((named[label] for label in wanted if label in named), next(iter(named.values()), ""))


def _own_texts(folder: Path) -> list[Path]:
    """The licence files in a package's metadata."""
    inside = [path for path in (folder / "licenses").rglob("*") if path.is_file()]
    beside = [path for path in folder.iterdir() if path.is_file() and _TEXT_FILES.match(path.name)]
    return sorted(inside) + sorted(beside)


def _title(path: Path) -> str:
    """What a text is called: its place in the metadata of its package, else the licence's own name."""
    for number, part in enumerate(path.parts):
        if part.endswith(".dist-info"):
            place = path.parts[number + 1 :]
            return "/".join(place[1:] if place[0] == "licenses" else place)
    return path.stem if path.parent.name == "licences" else path.name
