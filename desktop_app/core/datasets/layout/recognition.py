"""How the folders of a data set stand for classes and subsets."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from desktop_app.core.datasets.answers import NO_ANSWERS, Answers
from desktop_app.core.datasets.layout.advice import ADD_CLASS, EXPECTED, lead_above, some
from desktop_app.core.datasets.layout.class_names import ClassNames
from desktop_app.core.datasets.layout.layout import ClassFolder, Layout
from desktop_app.core.datasets.layout.part_names import part_of
from desktop_app.core.datasets.layout.walk import Identity, has_pictures, identity_or_none, sub_folders
from desktop_app.core.datasets.report import PARTS, DatasetError, FileProblem, Part
from desktop_app.core.foundation.cancellation import NEVER, CancelToken
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.foundation.text import counted, natural_key, printable
from desktop_app.core.images.folders import PICTURE_EXTENSIONS, folder_problem

if TYPE_CHECKING:
    from pathlib import Path

_MOST_WRAPPERS = 16

Found = tuple["Path", int, "Part | None"]
"""A class folder, the number of its class, its subset."""


def recognise(folder: Path, cancel: CancelToken = NEVER, answers: Answers = NO_ANSWERS) -> Layout:  # noqa: ARG001
    """Find the classes and subsets in a folder.

    It may be ``DATA/<class>/...`` or ``DATA/<subset>/<class>/...``, where the subsets have the usual names
    (`part_names`), pictures are at any depth below their class, and DATA may be the only folder in another
    one, as in an archive. Links to folders are followed, but none leads to the same folder twice.

    Args:
        folder: The folder that the user chose.
        cancel: Token checked at every file.
        answers: What was decided about the folders.

    Returns:
        A layout with two classes at least.

    Raises:
        DatasetError: The folder is different; the sentence says what was found, the advice what is expected.
        Cancelled: The user cancelled.
    """
    _require_folder(folder)
    ancestors = _ancestors(folder)
    children = _Children(folder, ancestors, cancel)
    warnings: list[str] = []
    for _ in range(_MOST_WRAPPERS):
        parts = _parts(children, cancel)
        if parts:
            return _in_parts(children, parts, cancel)
        if not _is_wrapper(children):
            break
        warnings += [f"No pictures in '{printable(part.name)}'." for part in children.empty]
        ancestors |= _ancestors(children.filled[0])
        inner = _Children(children.filled[0], ancestors, cancel)
        if not inner.filled or (inner.strays and len(inner.filled) < 2):
            break  # this is a class
        children = inner
    if len(children.filled) < 2:
        raise _too_few(folder, children)
    names = ClassNames()
    found: list[Found] = [(child, names.add(child.name), None) for child in children.folders]
    return _layout(children.folder, names, found, problems=children.problems(), warnings=tuple(warnings))


class _Children:
    """The sub-folders of a folder that are worth looking at, and which of them hold pictures."""

    def __init__(self, folder: Path, ancestors: set[Identity], cancel: CancelToken) -> None:
        self.folder = folder
        self.loops: list[Path] = []
        self.folders: list[Path] = []
        try:
            self.files, candidates = sub_folders(folder)
        except OSError as error:
            problem = folder_problem(error)
            raise DatasetError(f"{printable(str(folder))}: {problem}", problem.advice) from error
        known = set(ancestors)
        for child in sorted(candidates, key=os.path.islink):  # a real folder goes before links to it
            cancel.check()
            who = identity_or_none(child)
            if who is not None and who not in known:
                known.add(who)
                self.folders.append(child)
            else:
                self.loops.append(child)
        self.folders.sort(key=lambda child: natural_key(child.name))
        self.filled = [child for child in self.folders if has_pictures(child, cancel)]

    @property
    def empty(self) -> list[Path]:
        """Folders without pictures."""
        return [child for child in self.folders if child not in self.filled]

    @property
    def strays(self) -> list[str]:
        """Pictures beside the folders, recognised by their extension."""
        return [name for name in self.files if os.path.splitext(name)[1].lower() in PICTURE_EXTENSIONS]  # noqa: PTH122

    def problems(self) -> list[FileProblem]:
        """Pictures and links whose class is unknown."""
        stray = Reason(
            "The picture is outside the class folders, so its class is unknown.",
            "Move it into its class's folder.",
        )
        loop = Reason(
            "This link leads to a folder that is used already, or contains this one.",
            "Delete the link if it is not needed.",
        )
        return [
            *(FileProblem(self.folder / name, stray) for name in self.strays),
            *(FileProblem(path, loop) for path in self.loops),
        ]


def _is_wrapper(children: _Children) -> bool:
    """Whether to look for the classes one level below.

    A folder without pictures beside the only one that has some may be a class whose pictures are missing;
    then the folders within the other one are not the classes. A subset without pictures is no class.
    """
    if len(children.filled) != 1:
        return False
    parts = [part_of(child.name) for child in children.folders]
    return len(children.folders) == 1 or (part_of(children.filled[0].name) == "train" and None not in parts)


def _parts(children: _Children, cancel: CancelToken) -> dict[Path, Part]:
    """Find the sub-folders that are subsets; none unless there is a training subset and another.

    Raises:
        DatasetError: There are only subsets, but the training subset or the classes are missing.
    """
    parts = {child: part for child in children.folders if (part := part_of(child.name)) is not None}
    filled = {part for child, part in parts.items() if child in children.filled}
    if len(filled) < 2:
        return {}
    divided = any(_Children(child, set(), cancel).filled for child, part in parts.items() if part == "train")
    if "train" in filled and divided:
        return parts
    if all(child in parts for child in children.filled):
        names = ", ".join(printable(child.name) for child in children.filled)
        where = f"{printable(str(children.folder))} is split into {names}"
        if "train" not in filled:
            raise DatasetError(f"{where}, but has no training folder.", EXPECTED)
        raise DatasetError(f"{where}, but there are no class folders in them.", EXPECTED)
    return {}


def _in_parts(children: _Children, parts: dict[Path, Part], cancel: CancelToken) -> Layout:
    names = ClassNames()
    found: list[Found] = []
    problems = children.problems()
    order = sorted(parts, key=lambda child: (PARTS.index(parts[child]), natural_key(child.name)))
    for folder in order:
        inner = _Children(folder, _ancestors(folder), cancel)
        if len(inner.filled) == 1 and part_of(inner.filled[0].name) == parts[folder]:  # train/train/cats
            inner = _Children(inner.filled[0], _ancestors(folder), cancel)
        problems += inner.problems()
        names.next_part()
        found += [(child, names.add(child.name), parts[folder]) for child in inner.folders]
    if len(names) < 2:
        where = f"{printable(str(children.folder))} is split into {some(_names(order))}"
        raise DatasetError(
            f"{where}, but only one class was found ({names.name(0)}).", f"{ADD_CLASS} {EXPECTED}"
        )
    unused = [child.name for child in children.filled if child not in parts]
    warnings = tuple(f"'{printable(name)}' is skipped: it belongs to no split." for name in unused)
    found_parts = tuple(dict.fromkeys(parts[folder] for folder in order))
    return _layout(children.folder, names, found, parts=found_parts, problems=problems, warnings=warnings)


def _layout(
    folder: Path,
    names: ClassNames,
    found: list[Found],
    *,
    parts: tuple[Part, ...] = (),
    problems: list[FileProblem],
    warnings: tuple[str, ...] = (),
) -> Layout:
    """Number the classes in natural order of their names."""
    classes = names.in_order()
    folders = [ClassFolder(path, classes.index(names.name(number)), part) for path, number, part in found]
    folders.sort(key=lambda entry: (entry.label, natural_key(str(entry.path))))
    return Layout(folder, tuple(classes), tuple(folders), parts, tuple(problems), warnings)


def _require_folder(folder: Path) -> None:
    try:
        if folder.is_dir():
            return
        folder.lstat()
    except (OSError, ValueError) as error:
        problem = folder_problem(error)
        raise DatasetError(f"{printable(str(folder))}: {problem}", problem.advice) from error
    raise DatasetError(f"{printable(str(folder))} is not a folder.", EXPECTED)


def _too_few(folder: Path, children: _Children) -> DatasetError:
    name = printable(str(folder))
    if children.filled:
        only = printable(children.filled[0].name)
        tail = f"; no pictures in {some(_names(children.empty))}" if children.empty else ""
        choose = f" Are the classes the folders in {only}? Choose {only} itself." if children.empty else ""
        return DatasetError(
            f"Only one class found in {name} ({only}){tail}.", f"{ADD_CLASS}{choose} {EXPECTED}"
        )
    if children.strays:
        pictures = counted(len(children.strays), "picture")
        return DatasetError(f"{name} has {pictures} but no class folders.", f"{lead_above(folder)}{EXPECTED}")
    if children.folders:
        where = some(_names(children.folders))
        return DatasetError(f"No pictures in the folders of {name}: {where}.", EXPECTED)
    return DatasetError(f"No pictures and no class folders in {name}.", EXPECTED)


def _names(folders: list[Path]) -> list[str]:
    return [folder.name for folder in folders]


def _ancestors(folder: Path) -> set[Identity]:
    """The folder and all above it, where the links in its path really lead."""
    real = folder.resolve()
    found = (identity_or_none(above) for above in (folder, real, *real.parents))
    return {who for who in found if who is not None}
