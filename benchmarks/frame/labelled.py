"""Pictures whose classes are known by their folders' or their own names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.images.folders import find_pictures

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.library.card import ClassLabel


def labelled(folder: Path, classes: Sequence[ClassLabel]) -> list[tuple[int, Path]]:
    """Find the pictures of a folder whose class a model knows.

    A picture belongs to a class when a folder around it has the class's id, its label or the label's plural
    as its name, or when the name of the file is the id or begins with it and an underscore.

    Returns:
        Pairs of the class's index and the picture.
    """
    known: dict[str, int] = {}
    for number, entry in enumerate(classes):
        for name in (entry.class_id, entry.label, entry.readable, f"{entry.readable}s"):
            known.setdefault(name.casefold(), number)
    found = []
    for path in find_pictures(folder):
        own = (path.stem, path.stem.split("_", 1)[0])
        around = (part.name for part in path.relative_to(folder).parents)
        names = (name.casefold() for name in (*own, *around, folder.name))
        index = next((known[name] for name in names if name in known), None)
        if index is not None:
            found.append((index, path))
    return found
