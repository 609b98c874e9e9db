"""Which Debian packages a frozen app needs: worked out from what its libraries ask the loader for."""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_ELF = b"\x7fELF"
_NEEDED = re.compile(r"\(NEEDED\).*\[(.+)\]")
_VERSION = re.compile(r"Name: (GLIBC|GLIBCXX|CXXABI)_([0-9.]+)")

OPTIONAL = ("PySide6/Qt/plugins/platformthemes/libqgtk3.so",)
"""Plug-ins that Qt leaves alone where their libraries are missing: a GNOME look of the file dialogs."""

_GLIBCXX_IN = ((34, "15"), (33, "14"), (32, "13"), (31, "13"), (30, "12"), (29, "11"))
"""GLIBCXX_3.4.N to the GCC release that brought it (the table of libstdc++'s manual, "ABI Policy")."""


def depends(folder: Path) -> tuple[list[str], list[str]]:
    """Work out ``Depends`` and ``Suggests``.

    Libraries are looked up in the packages of this system. Their names hold on Debian 12; packages that
    later releases renamed for 64-bit times, and that provide the old name, are offered beside it.

    Args:
        folder: The frozen app's folder.

    Returns:
        Relations of packages, each sorted by name.

    Raises:
        LookupError: A library belongs to no package.
    """
    objects = elf_files(folder)
    here = {path.name for path in folder.rglob("*.so*")}
    needed: dict[bool, set[str]] = defaultdict(set)
    for path in objects:
        optional = path.as_posix().endswith(OPTIONAL)
        needed[optional] |= {soname for soname in _needed(path) if soname not in here}
    packages = {soname: _package_of(soname) for soname in needed[False] | needed[True]}
    must = {packages[soname] for soname in needed[False]}
    may = {packages[soname] for soname in needed[True]} - must
    versions = _least_versions(objects)
    return [_relation(name, versions) for name in sorted(must)], [
        _relation(name, versions) for name in sorted(may)
    ]


def elf_files(folder: Path) -> list[Path]:
    """List programs and libraries, links not followed."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and _starts_with_elf(path)
    ]


def _starts_with_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == _ELF


def _needed(path: Path) -> list[str]:
    return _NEEDED.findall(_readelf("--dynamic", path))


def _least_versions(objects: list[Path]) -> dict[str, str]:
    """The oldest C and C++ runtimes that have all symbols: package to version."""
    found: dict[str, set[tuple[int, ...]]] = defaultdict(set)
    for path in objects:
        for kind, version in _VERSION.findall(_readelf("--version-info", path)):
            found[kind].add(tuple(map(int, version.split("."))))
    versions = {"libc6": ".".join(map(str, max(found["GLIBC"])))}
    newest = max(found["GLIBCXX"], default=(3, 4))
    patch = newest[2] if len(newest) > 2 else 0
    for least, release in reversed(_GLIBCXX_IN):
        if patch <= least:
            versions["libstdc++6"] = release
            break
    return versions


def _package_of(soname: str) -> str:
    """Find the package of this system that has a library."""
    place = _places().get(soname)
    if place is None:
        message = f"{soname} is not installed here: install its package, so that its name is known."
        raise LookupError(message)
    for name in (place, f"/usr{place}"):  # which is the same folder, but dpkg knows one of the names only
        command = ["dpkg-query", "--search", name]
        found = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        if found:
            return found.partition(":")[0]
    message = f"{place} belongs to no package."
    raise LookupError(message)


_known: dict[str, str] = {}


def _places() -> dict[str, str]:
    if not _known:
        listing = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
        for line in listing.splitlines():
            if "x86-64" in line or "AArch64" in line:
                _known.setdefault(line.split()[0], line.rpartition(" => ")[2])
    return _known


def _relation(package: str, versions: dict[str, str]) -> str:
    if package in versions:
        return f"{package} (>= {versions[package]})"
    plain = package.removesuffix("t64")
    return f"{plain} | {plain}t64" if plain in _RENAMED else plain


_RENAMED = frozenset(
    {
        *("libasound2", "libatk-bridge2.0-0", "libatk1.0-0", "libatspi2.0-0", "libcups2"),
        *("libglib2.0-0", "libgtk-3-0", "libpng16-16", "libssl3"),
    }
)
"""Packages that both Debian 13 and Ubuntu 24.04 renamed, as far as Qt can need them."""


def _readelf(option: str, path: Path) -> str:
    command = ["readelf", "--wide", option, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
