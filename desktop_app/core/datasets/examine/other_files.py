"""What lies in a data set beside its pictures, so that nothing is passed over in silence."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.images.folders import NOISE_FOLDERS, PICTURE_EXTENSIONS
from desktop_app.core.images.left_out import LeftOut

if TYPE_CHECKING:
    from collections.abc import Collection

    from desktop_app.core.foundation.cancellation import CancelToken

_DESCRIBING = frozenset(
    (
        *(
            ".txt",
            ".csv",
            ".tsv",
            ".tab",
            ".lst",
            ".json",
            ".jsonl",
            ".ndjson",
            ".xml",
            ".yaml",
            ".yml",
            ".md",
        ),
        *(".names", ".data", ".xmp", ".aae", ".thm", ".ini", ".db", ".log", ".rst", ".toml", ".cfg", ".md5"),
    )
)
"""Endings of files that describe pictures, or the data set."""


def other_files(
    folder: Path, skipped: Collection[Path], taken: Collection[Path], cancel: CancelToken
) -> LeftOut:
    """Count the files in a folder that are neither pictures nor descriptions of them, by kind.

    Files without an ending are judged by their content where the pictures are looked for.

    Args:
        folder: The data folder.
        skipped: Folders that are left out on purpose.
        taken: Pictures that are used.
        cancel: Token checked at every file.

    Raises:
        Cancelled: The user cancelled.
    """
    found = LeftOut()
    unusual = {os.fspath(path) for path in taken if path.suffix.lower() not in PICTURE_EXTENSIONS}
    unwanted = {os.fspath(path) for path in skipped}
    waiting = [os.fspath(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    cancel.check()
                    name = entry.name.lower()
                    ending = os.path.splitext(name)[1]  # noqa: PTH122 a path for each is slow
                    if name.startswith(".") or ending in PICTURE_EXTENSIONS or ending in _DESCRIBING:
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        if name not in NOISE_FOLDERS and entry.path not in unwanted:
                            waiting.append(entry.path)
                    elif ending and entry.path not in unusual:
                        found.add(Path(entry.path))
        except OSError:  # the walk for pictures reports it
            continue
    return found
