"""Which folders are of the same class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.datasets.layout.class_names import ClassNames
from desktop_app.core.datasets.layout.name_kinds import is_neutral
from desktop_app.core.datasets.report import PARTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_app.core.datasets.layout.candidates import Candidate
    from desktop_app.core.datasets.layout.tree import Folder
    from desktop_app.core.datasets.report import Part


def number_classes(found: Iterable[Candidate]) -> tuple[ClassNames, dict[Folder, int]]:
    """Number the classes, those of the training subset first.

    Names that are only alike are of one class in different subsets, and in folders of cameras, sites and the
    like; anywhere else each is a class of its own.

    Args:
        found: The class folders.

    Returns:
        The classes, and the number of the class of each folder.
    """
    together: dict[tuple[Folder, Part | None], list[Candidate]] = {}
    for one in sorted(found, key=lambda one: PARTS.index(one.part) if one.part else 0):
        together.setdefault((one.scope, one.part), []).append(one)
    names = ClassNames()
    numbers: dict[Folder, int] = {}
    first = next(iter(together), None)
    for (scope, part), inside in together.items():
        elsewhere = first is not None and part != first[1]
        given = names.add([one.name for one in inside], loosely=elsewhere or is_neutral(scope.name))
        numbers |= {one.folder: number for one, number in zip(inside, given, strict=True)}
    return names, numbers
