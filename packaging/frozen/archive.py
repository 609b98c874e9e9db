"""The portable archive: unpack it anywhere and run ``sightline`` in it."""

from __future__ import annotations

import lzma
import shutil
import tarfile
from typing import TYPE_CHECKING

from frozen import platforms, tree

if TYPE_CHECKING:
    from pathlib import Path


def build(frozen: Path, folder: Path, epoch: int, machine: str, level: int = 6) -> Path:
    """Build the archive.

    Args:
        frozen: The app's folder.
        folder: Where to put the archive.
        epoch: Seconds since 1970 that stand for the time of the build.
        machine: Kind of computer, for the name.
        level: Of xz's compression, 0..9.

    Returns:
        The archive; the same bytes for the same contents.
    """
    name = f"sightline-{platforms.version()}-linux-{machine}"
    root = platforms.ROOT / "build" / "portable" / name
    shutil.rmtree(root.parent, ignore_errors=True)
    shutil.copytree(frozen, root, symlinks=True)
    tree.lay_out_shares(root / "share", epoch)
    tree.settle(root, epoch)
    target = folder / f"{name}.tar.xz"
    with lzma.open(target, "wb", preset=level) as file, tarfile.open(fileobj=file, mode="w|") as archive:
        for path in [root, *sorted(root.rglob("*"))]:
            entry = archive.gettarinfo(path, path.relative_to(root.parent).as_posix())
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = "root"
            if entry.isreg():
                with path.open("rb") as content:
                    archive.addfile(entry, content)
            else:
                archive.addfile(entry)
    shutil.rmtree(root.parent)
    return target
