"""The files of a Linux system that Sightline consists of, below some root folder."""

from __future__ import annotations

import gzip
import os
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from frozen import platforms
from frozen.icons import SIZES

ROOT = platforms.ROOT
LINUX = ROOT / "packaging" / "linux"
APP = Path("usr/lib/sightline")
"""Not below ``/opt``: removing the last package there would remove the folder itself."""

_RELEASE = re.compile(r"^## \[(?P<version>\d[^\]]*)\](?: - (?P<date>\d{4}-\d\d-\d\d))?", re.MULTILINE)


def lay_out(frozen: Path, root: Path, epoch: int) -> None:
    """Put everything where a Linux system looks for it.

    Args:
        frozen: The app's folder; copied.
        root: Folder to fill; must not exist.
        epoch: Seconds since 1970 that stand for the time of the build.
    """
    shutil.copytree(frozen, root / APP, symlinks=True)
    program = root / "usr/bin/sightline"
    program.parent.mkdir(parents=True)
    program.symlink_to("../lib/sightline/sightline")
    lay_out_shares(root / "usr/share", epoch)
    settle(root, epoch)


def lay_out_shares(share: Path, epoch: int) -> None:
    """Write what desktops and readers of manuals look for: menu entry, icons, description, manual page."""
    _copy(LINUX / "sightline.desktop", share / "applications")
    metainfo = share / "metainfo"
    metainfo.mkdir(parents=True, exist_ok=True)
    write_metainfo(metainfo / "io.github.sightline.Sightline.metainfo.xml", epoch)
    icons = share / "icons" / "hicolor"
    for side in SIZES:
        folder = icons / f"{side}x{side}" / "apps"
        _copy(ROOT / "build" / "icons" / f"sightline-{side}.png", folder, "sightline.png")
    _copy(ROOT / "resources" / "icons" / "sightline.svg", icons / "scalable" / "apps")
    manual = share / "man" / "man1" / "sightline.1.gz"
    manual.parent.mkdir(parents=True)
    text = (LINUX / "sightline.1").read_text(encoding="utf-8").replace("@VERSION@", platforms.version())
    manual.write_bytes(compressed(text.replace("@DATE@", day(epoch)).encode()))


def write_metainfo(path: Path, epoch: int) -> None:
    """Write the description for software centres, with the releases of the changelog."""
    document = ET.parse(LINUX / path.name)  # noqa: S314 - our own file
    releases = document.getroot().find("releases")
    assert releases is not None
    for version, date, notes in changelog():
        attributes = {"version": version, "date": date or day(epoch), "type": "stable"}
        release = ET.SubElement(releases, "release", attributes)
        items = ET.SubElement(ET.SubElement(release, "description"), "ul")
        for note in notes:
            ET.SubElement(items, "li").text = note
    ET.indent(document)
    document.write(path, encoding="utf-8", xml_declaration=True)


def changelog() -> list[tuple[str, str | None, list[str]]]:
    """Read the releases, the newest first: version, day (None when the text names none), notes."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    found = list(_RELEASE.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    return [
        (match["version"], match["date"], notes(text[match.end() : end]))
        for match, end in zip(found, ends, strict=True)
    ]


def notes(markdown: str) -> list[str]:
    """The items of a list in Markdown, each on one line and without marks."""
    items = re.findall(r"^- (.*(?:\n  .*)*)", markdown, re.MULTILINE)
    return [re.sub(r"[`*]", "", re.sub(r"\s+", " ", item)) for item in items]


def settle(root: Path, epoch: int) -> None:
    """Give all files the same modes and times, whoever builds and when."""
    for path in sorted(root.rglob("*"), reverse=True):
        if not path.is_symlink():
            runs = path.is_dir() or (os.access(path, os.X_OK) and _is_program(path))
            path.chmod(0o755 if runs else 0o644)
        os.utime(path, (epoch, epoch), follow_symlinks=False)
    root.chmod(0o755)
    os.utime(root, (epoch, epoch))


def day(epoch: int) -> str:
    """The date of a time."""
    return datetime.fromtimestamp(epoch, UTC).date().isoformat()


def _is_program(path: Path) -> bool:
    """Libraries need no such mode, and some packages give it to texts; only programs are run."""
    if ".so" in path.name or path.suffix in {".py", ".pyc"}:
        return False
    with path.open("rb") as file:
        return file.read(4).startswith((b"\x7fELF", b"#!"))


def _copy(source: Path, folder: Path, name: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, folder / (name or source.name))


def compressed(data: bytes) -> bytes:
    """Compress with gzip, the same bytes each time."""
    return gzip.compress(data, 9, mtime=0)
