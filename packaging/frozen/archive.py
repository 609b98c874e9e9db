"""The portable archive: unpack it anywhere and run ``sightline`` in it."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tarfile
from typing import TYPE_CHECKING

from frozen import platforms, tree

if TYPE_CHECKING:
    from pathlib import Path

BLOCK = 24 << 20
"""Bytes that xz compresses on their own: three times the memory of its level 6, its own choice there.

Named, since the blocks decide the bytes of the archive; how many of them are compressed at a time does not.
"""
MOST_THREADS = 8
"""Threads of xz, each of which needs about 200 MB."""


def build(frozen: Path, folder: Path, epoch: int, machine: str, level: int = 6) -> Path:
    """Build the archive.

    Args:
        frozen: The app's folder.
        folder: Where to put the archive.
        epoch: Seconds since 1970 that stand for the time of the build.
        machine: Kind of computer, for the name.
        level: The compression level of xz, 0..9.

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
    pack(root, target, level)
    shutil.rmtree(root.parent)
    return target


def pack(root: Path, target: Path, level: int) -> None:
    """Pack a folder: modes and times as they are, everything root's, in the order of the names.

    Args:
        root: The folder, which is all that the archive has at its top.
        target: The archive.
        level: The compression level of xz, 0..9.

    Raises:
        FileNotFoundError: The program ``xz`` is not installed.
        subprocess.CalledProcessError: It failed and said why.
    """
    # Never one thread: xz would leave the sizes out of the blocks then, which makes other bytes.
    threads = min(max(os.cpu_count() or 2, 2), MOST_THREADS)
    command = ["xz", f"-{level}", f"--threads={threads}", f"--block-size={BLOCK}", "--stdout"]
    # What a person has set for every xz would make other bytes, too.
    variables = {name: value for name, value in os.environ.items() if name not in {"XZ_DEFAULTS", "XZ_OPT"}}
    with (
        target.open("wb") as file,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=file, env=variables) as process,
    ):
        assert process.stdin is not None
        with (
            contextlib.suppress(BrokenPipeError),  # xz has ended and said why
            process.stdin,
            tarfile.open(fileobj=process.stdin, mode="w|") as archive,
        ):
            for path in [root, *sorted(root.rglob("*"))]:
                _add(archive, path, path.relative_to(root.parent).as_posix())
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)


def _add(archive: tarfile.TarFile, path: Path, name: str) -> None:
    entry = archive.gettarinfo(path, name)
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    if entry.isreg():
        with path.open("rb") as content:
            archive.addfile(entry, content)
    else:
        archive.addfile(entry)
