"""Sentences about folders that hold nothing to learn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.datasets.layout.advice import ADD_CLASS, EXPECTED, lead_above, some
from desktop_app.core.datasets.layout.name_kinds import is_wrapper
from desktop_app.core.datasets.report import DatasetError
from desktop_app.core.foundation.text import counted, printable
from desktop_app.core.images.folders import folder_problem, is_library

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.datasets.layout.context import Context
    from desktop_app.core.datasets.layout.tree import Folder


def require_folder(folder: Path) -> None:
    """Refuse what is no folder.

    Raises:
        DatasetError: It is missing, forbidden or a file.
    """
    try:
        if folder.is_dir():
            return
        folder.lstat()
    except (OSError, ValueError) as error:
        problem = folder_problem(error)
        raise DatasetError(f"{printable(str(folder))}: {problem}", problem.advice) from error
    raise DatasetError(f"{printable(str(folder))} is not a folder.", EXPECTED)


def refuse_library(where: Folder) -> None:
    """Refuse the library of a photo program, whose folders are no classes.

    Args:
        where: The folder that should hold the classes.

    Raises:
        DatasetError: It is in one.
    """
    library = next((path for path in (where.path, *where.path.parents) if is_library(path.name)), None)
    if library is not None:
        raise DatasetError(
            f"{printable(library.name)} is the library of a photo program: its folders are no classes.",
            f"Export the pictures of each class from the program into a folder of their own. {EXPECTED}",
        )


def _beside(context: Context, folder: Folder) -> list[str]:
    """Names of folders of masks and annotations beside the only folder with pictures, or in it."""
    found: list[str] = []
    while True:
        found += [kid.name for kid in folder.kids if context.is_beside(kid)]
        filled = [kid for kid in folder.filled if not context.is_beside(kid)]
        if len(filled) != 1:
            return found
        folder = filled[0]


def too_few(context: Context, chosen: Folder, where: Folder) -> DatasetError:
    """Say why there are not two classes.

    Args:
        context: The answers.
        chosen: The folder that the user chose.
        where: The folder in it, inside any wrappers, that should hold the classes.
    """
    name = printable(str(chosen.path))
    filled = [kid for kid in where.filled if not context.is_beside(kid)]
    beside = [kid for kid in where.kids if context.is_beside(kid)]
    empty = [kid.name for kid in where.kids if not kid.total and kid not in beside]
    around = _beside(context, where)
    seen = f" Beside the pictures: {some(around)}, as data with masks or boxes have." if around else ""
    if filled and (is_wrapper(filled[0].name) or context.guess(filled[0]).sure):
        pictures = counted(filled[0].total, "picture")
        inside = printable(filled[0].name)
        return DatasetError(f"{name} has {pictures} in {inside}, but no class folders.{seen}", EXPECTED)
    if filled:
        only = printable(filled[0].name)
        tail = f"; no pictures in {some(empty)}" if empty else ""
        choose = f" Are the classes the folders in {only}? Choose {only} itself." if empty else ""
        return DatasetError(
            f"Only one class found in {name} ({only}){tail}.{seen}", f"{ADD_CLASS}{choose} {EXPECTED}"
        )
    if where.pictures:
        pictures = counted(where.pictures, "picture")
        lead = lead_above(chosen.path)
        return DatasetError(f"{name} has {pictures} but no class folders.{seen}", f"{lead}{EXPECTED}")
    if where.kids:
        folders = some([kid.name for kid in where.kids])
        return DatasetError(f"No pictures in the folders of {name}: {folders}.", EXPECTED)
    return DatasetError(f"No pictures and no class folders in {name}.", EXPECTED)
