"""The package for Debian and Ubuntu."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import textwrap
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from frozen import depends, platforms, tree
from frozen.freeze import size

if TYPE_CHECKING:
    from pathlib import Path

MAINTAINER = "The Sightline authors <maintainers@users.noreply.github.com>"

_DESCRIPTION = """\
drop a picture, read what it is
 Sightline names what is in pictures: drop a file, a folder or a link on its
 window and see the most probable labels. Whole folders become a table to
 sort, filter and export, and can be sorted into folders by label.
 .
 It also trains new models on folders of pictures, with live curves, and
 classifies for other programs over HTTP. Pictures stay on the computer.
"""


def build(frozen: Path, folder: Path, epoch: int, level: int = 6) -> Path:
    """Build the package.

    Args:
        frozen: The app's folder.
        folder: Where to put the package.
        epoch: Seconds since 1970 that stand for the time of the build.
        level: The compression level of xz, 0..9.

    Returns:
        The package; the same bytes for the same contents.
    """
    version = platforms.version()
    root = platforms.ROOT / "build" / "deb"
    shutil.rmtree(root, ignore_errors=True)
    tree.lay_out(frozen, root, epoch)
    _write_documents(root / "usr/share/doc/sightline", version, epoch)
    overrides = root / "usr/share/lintian/overrides"
    overrides.mkdir(parents=True)
    shutil.copyfile(tree.LINUX / "lintian-overrides", overrides / "sightline")
    must, may = depends.depends(frozen)
    control = root / "DEBIAN"
    control.mkdir()
    (control / "control").write_text(_control(version, must, may, size(root)), encoding="utf-8")
    (control / "md5sums").write_text(_sums(root), encoding="utf-8")
    tree.settle(root, epoch)
    target = folder / f"sightline_{version}_{architecture()}.deb"
    pack(root, target, epoch, level)
    shutil.rmtree(root)
    return target


def pack(root: Path, target: Path, epoch: int, level: int) -> None:
    """Pack a tree with its ``DEBIAN`` folder, on all cores: how many there are does not change the bytes.

    Args:
        root: The tree.
        target: The package.
        epoch: Seconds since 1970; no file in the package is newer.
        level: The compression level of xz, 0..9.
    """
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", f"-z{level}", "--build", str(root), str(target)]
    subprocess.run(command, check=True, env=os.environ | {"SOURCE_DATE_EPOCH": str(epoch)})


def architecture() -> str:
    """Debian's name of this computer's kind."""
    command = ["dpkg", "--print-architecture"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _control(version: str, must: list[str], may: list[str], size_bytes: int) -> str:
    fields = {
        "Package": "sightline",
        "Version": version,
        "Architecture": architecture(),
        "Maintainer": MAINTAINER,
        "Installed-Size": str(-(-size_bytes // 1024)),
        "Depends": ", ".join(must),
        "Recommends": "ca-certificates, xdg-utils",
        "Suggests": ", ".join(may),
        "Section": "graphics",
        "Priority": "optional",
        "Description": _DESCRIPTION,
    }
    return "".join(f"{name}: {value}".rstrip("\n") + "\n" for name, value in fields.items() if value)


def _sums(root: Path) -> str:
    lines = []
    for path in sorted(root.rglob("*")):
        place = path.relative_to(root)
        if path.is_file() and not path.is_symlink() and place.parts[0] != "DEBIAN":
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
            lines.append(f"{digest}  {place}\n")
    return "".join(lines)


def _item(note: str) -> str:
    """A note as a list item of at most 80 columns."""
    return textwrap.fill(note, 78, initial_indent="  * ", subsequent_indent="    ") + "\n"


def _write_documents(folder: Path, version: str, epoch: int) -> None:
    folder.mkdir(parents=True)
    shutil.copyfile(platforms.ROOT / "packaging" / "linux" / "copyright", folder / "copyright")
    (folder / "changelog.gz").write_bytes(_changelog(version, epoch))


def _changelog(version: str, epoch: int) -> bytes:
    """The changelog in Debian's form."""
    entries = []
    for number, (released, date, notes) in enumerate(tree.changelog()):
        moment = datetime.fromtimestamp(epoch, UTC)
        if date is not None:
            moment = datetime.fromisoformat(date).replace(tzinfo=UTC)
        lines = "".join(_item(note) for note in notes or ["Release."])
        name = version if number == 0 else released
        entries.append(
            f"sightline ({name}) unstable; urgency=medium\n\n{lines}\n"
            f" -- {MAINTAINER}  {format_datetime(moment)}\n"
        )
    return tree.compressed("\n".join(entries).encode())
