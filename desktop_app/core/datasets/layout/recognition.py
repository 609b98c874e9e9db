"""How the folders of a data set stand for classes and subsets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.datasets.answers import NO_ANSWERS, Answers
from desktop_app.core.datasets.layout import refusals
from desktop_app.core.datasets.layout.candidates import Candidate, candidates
from desktop_app.core.datasets.layout.checks import check_parts, say_what_is_odd
from desktop_app.core.datasets.layout.context import Base, Context
from desktop_app.core.datasets.layout.joined_names import find_joined
from desktop_app.core.datasets.layout.layout import ClassFolder, Layout
from desktop_app.core.datasets.layout.levels import class_level
from desktop_app.core.datasets.layout.name_kinds import is_wrapper
from desktop_app.core.datasets.layout.numbering import number_classes
from desktop_app.core.datasets.layout.part_names import guess_part
from desktop_app.core.datasets.layout.parts import find_parts, unwrapped
from desktop_app.core.datasets.layout.parts_below import find_parts_below
from desktop_app.core.datasets.layout.tree import Folder, scan
from desktop_app.core.datasets.report import PARTS, DatasetError
from desktop_app.core.foundation.cancellation import NEVER, CancelToken
from desktop_app.core.foundation.text import counted, natural_key, printable
from desktop_app.core.images.folders import (
    PICTURE_EXTENSIONS,
    folder_problem,
    list_folder,
)

if TYPE_CHECKING:
    from pathlib import Path

_MOST_WRAPPERS = 64


def recognise(folder: Path, cancel: CancelToken = NEVER, answers: Answers = NO_ANSWERS) -> Layout:
    """Find the classes and subsets in a folder.

    It may be ``DATA/<class>/...`` or ``DATA/<subset>/<class>/...``, where the subsets have the usual names
    (`part_names`), and DATA may be the only folder in another one, as in an archive. Pictures are at any
    depth below their class. Folders above the classes, such as those of cameras, are recognised where the
    same classes are in each. What the names leave open is asked.

    Args:
        folder: The folder that the user chose.
        cancel: Token checked at every file.
        answers: What was decided about the folders.

    Returns:
        A layout with two classes at least.

    Raises:
        DatasetError: The folder is different; the sentence says what was found, the advice what is expected.
        DatasetQuestion: There are several ways to read it.
        Cancelled: The user cancelled.
    """
    refusals.require_folder(folder)
    context = Context(folder, answers)
    try:
        tree = scan(folder, context.ignored, cancel)
    except OSError as error:
        problem = folder_problem(error)
        raise DatasetError(f"{printable(str(folder))}: {problem}", problem.advice) from error
    context.check_answers(tree)
    where, bases = _bases(context, tree)
    found = [one for one in bases if isinstance(one, Candidate)]
    if not found:
        folders = [one for one in bases if isinstance(one, Base)]
        found = class_level(context, candidates(context, folders), where)
    scopes = dict.fromkeys([where, *(one.folder for one in bases if isinstance(one, Base))])
    return _layout(context, where, found, [*scopes])


def _bases(context: Context, tree: Folder) -> tuple[Folder, list[Base] | list[Candidate]]:
    """Go through wrappers to the folder that holds everything, and find the subsets in it.

    Raises:
        DatasetError: There are no subsets, and fewer than two folders with pictures.
    """
    where = tree
    for _ in range(_MOST_WRAPPERS):
        found = find_joined(context, where) or find_parts(context, where) or find_parts_below(context, where)
        if found:
            return where, found
        inner = _wrapped(context, where)
        if inner is None:
            break
        _leave_files(context, where)
        where = inner
    refusals.refuse_library(where)
    if len([kid for kid in where.filled if not context.is_beside(kid)]) < 2:
        raise refusals.too_few(context, tree, where)
    return where, [Base(where, None)]


def _wrapped(context: Context, folder: Folder) -> Folder | None:
    """The folder in which to look for the classes instead; None when they are in this one.

    A folder without pictures beside the only one that has some may be a class whose pictures are missing;
    then the folders within the other one are not the classes. A subset without pictures is no class, nor is
    a folder of annotations.
    """
    filled = context.class_kids(folder)
    if len(filled) != 1:
        return None
    only = filled[0]
    blank = [kid for kid in folder.filled if context.is_unlabeled(kid)]
    known = {only, *blank}
    others = [kid for kid in folder.kids if kid not in known and not context.is_beside(kid)]
    is_train = guess_part(only.name).role == "train" and all(guess_part(kid.name).role for kid in others)
    if others and not is_train and not is_wrapper(only.name):
        return None
    inner = unwrapped(context, only)
    kids = [kid for kid in inner.filled if not context.is_beside(kid)]
    if not kids or (inner.pictures and len(kids) < 2):
        return None  # this is a class
    if is_train:
        context.warnings += [f"No pictures in '{printable(kid.name)}'." for kid in others]
    context.leave_beside([kid for kid in folder.kids if context.is_beside(kid)])
    for kid in blank:
        context.leave_unlabeled(kid, None)
    return only


def _layout(context: Context, where: Folder, found: list[Candidate], around: list[Folder]) -> Layout:
    """Put the classes in natural order of their names."""
    names, numbers = number_classes(found)
    for folder in dict.fromkeys([*around, *(one.scope for one in found)]):
        _leave_files(context, folder)
        if folder not in around:  # below folders of cameras and the like
            context.leave_beside([kid for kid in folder.kids if context.is_beside(kid)])
            for kid in folder.filled:
                if context.is_unlabeled(kid):
                    context.leave_unlabeled(kid, None)
    _skip_masks(context, found)
    context.say_unused([*(one.folder.path for one in found), *(entry.path for entry in context.unlabeled)])
    check_parts(context, where, found, numbers)
    say_what_is_odd(context, names, found, numbers)
    order = names.in_order()
    label = {number: index for index, number in enumerate(order)}
    parts = tuple(part for part in PARTS if any(one.part == part for one in found))
    parts = () if parts == ("train",) else parts
    folders = [
        ClassFolder(one.folder.path, label[numbers[one.folder]], one.part if parts else None) for one in found
    ]
    folders.sort(key=lambda entry: (entry.label, natural_key(str(entry.path))))
    return Layout(
        where.path,
        tuple(names.name(number) for number in order),
        tuple(folders),
        parts,
        tuple(context.problems),
        tuple(context.warnings),
        unlabeled=tuple(context.unlabeled),
        questions=tuple(context.questions),
        skipped=(*context.skipped, *context.ignored, *context.decided_unlabeled),
    )


def _skip_masks(context: Context, found: list[Candidate]) -> None:
    """Leave out folders of masks and annotations that are beside the pictures of each class."""
    skipped: dict[str, list[Path]] = {}
    for one in found:
        for kid in one.folder.kids:
            if 0 < kid.total < one.folder.total and context.is_beside(kid):
                skipped.setdefault(kid.name, []).append(kid.path)
    for name, paths in skipped.items():
        context.skipped += paths
        where = counted(len(paths), "class folder")
        context.warnings.append(
            f"'{printable(name)}' in {where} is skipped: by its name, it holds masks or annotations."
        )


def _leave_files(context: Context, folder: Folder) -> None:
    """Note what is beside the class folders."""
    context.leave_loops(folder)
    if folder.pictures:
        files, _folders = list_folder(folder.path, set())
        context.leave_strays(folder, [name for name in files if _is_picture(name)])


def _is_picture(name: str) -> bool:
    return name[name.rfind(".") :].lower() in PICTURE_EXTENSIONS
