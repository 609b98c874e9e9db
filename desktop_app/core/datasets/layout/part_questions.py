"""Questions about folders that may be subsets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.datasets.question import Choice, DatasetQuestion, Question
from desktop_app.core.datasets.report import PART_NAMES, Part
from desktop_app.core.foundation.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from desktop_app.core.datasets.answers import FolderMeaning
    from desktop_app.core.datasets.layout.context import Context
    from desktop_app.core.datasets.layout.tree import Folder

_MEANINGS: dict[FolderMeaning, str] = {
    "train": "training",
    "validation": "validation",
    "test": "test",
    "unlabeled": "without labels",
    "class": "a class",
    "ignore": "not used",
}


_MOST_FOLDS = 5
"""Folds that are offered."""


def ask_about_parts(
    context: Context,
    folder: Folder,
    proposed: Mapping[Folder, Part],
    alike: Iterable[Folder],
    rest: Iterable[Folder],
) -> DatasetQuestion:
    """Ask which folders are subsets.

    Args:
        context: The answers so far.
        folder: The folder that holds them.
        proposed: Subsets that are likely.
        alike: Folders with the same classes, whose subset no name says.
        rest: All other folders in it.
    """
    alike = list(alike)
    others_as: tuple[FolderMeaning, ...] = ("test", "validation")
    meanings: dict[Folder, FolderMeaning] = {**proposed, **dict(zip(alike, others_as, strict=False))}
    others = [kid for kid in rest if kid not in meanings]
    skipped: dict[Folder, FolderMeaning] = dict.fromkeys(others, "ignore")
    choices = [_subsets(context, {**meanings, **skipped})]
    if alike:
        left: dict[Folder, FolderMeaning] = {**proposed, **dict.fromkeys((*alike, *others), "ignore")}
        pooled: dict[Folder, FolderMeaning] = {**proposed, **dict.fromkeys(alike, "train"), **skipped}
        choices += [_subsets(context, pooled), _subsets(context, left)]
    choices.append(_classes(context, [*proposed, *alike, *others]))
    names = context.names([*proposed, *alike])
    return DatasetQuestion(
        Question(
            "parts",
            "Which folders are subsets?",
            tuple(choices),
            reason=f"In {printable(str(folder.path))}, {names} may be subsets of the same data or classes.",
        )
    )


def ask_about_flat(
    context: Context, folder: Folder, parts: Iterable[Folder], rest: Iterable[Folder]
) -> DatasetQuestion:
    """Ask about folders that are called like subsets, have no classes, and stand beside classes."""
    parts, rest = list(parts), list(rest)
    choices = []
    if len(rest) > 1:
        choices.append(_subsets(context, dict.fromkeys(parts, "unlabeled")))
    choices.append(_classes(context, parts, level=False))
    names = context.names(parts)
    return DatasetQuestion(
        Question(
            "parts",
            f"Are {names} classes?",
            tuple(choices),
            reason=f"In {printable(str(folder.path))}, {names} sound like subsets without class folders.",
        )
    )


def offer_part(context: Context, folder: Folder) -> Question:
    """Ask about a folder that has the classes of the subsets beside it, but no name of a subset."""
    meanings: tuple[FolderMeaning, ...] = ("ignore", "test", "validation", "train")
    name = context.name(folder)
    return Question(
        f"folder:{name}",
        f"What is '{name}'?",
        tuple(_subsets(context, {folder: meaning}) for meaning in meanings),
        reason=f"'{name}' has the same classes as the subsets beside it.",
        required=False,
        standing=f"'{name}' is not used.",
    )


def offer_class(context: Context, folder: Folder) -> Question:
    """Ask about a folder whose name says that nobody labeled its pictures."""
    name = context.name(folder)
    return Question(
        f"folder:{name}",
        f"Is '{name}' a class?",
        (_subsets(context, {folder: "unlabeled"}), _subsets(context, {folder: "class"})),
        reason=f"By its name, nobody labeled the {counted(folder.total, 'picture')} in '{name}'.",
        required=False,
        standing="Its pictures are not used.",
    )


def ask_about_odd(
    context: Context, folders: list[Folder], classes: int, *, copies: bool = False
) -> DatasetQuestion:
    """Ask about folders beside the classes whose names are no usual names of classes.

    Args:
        context: The answers so far.
        folders: The folders.
        classes: Number of the others.
        copies: Whether their names are those of copies of the others.
    """
    seems = (
        ("copies of others", "a copy of one") if copies else ("pictures of no class", "pictures of no class")
    )
    names = context.names(folders)
    several = len(folders) > 1
    choices = []
    if classes > 1 or copies:
        choices.append(_subsets(context, dict.fromkeys(folders, "ignore")))
    choices.append(_classes(context, folders, level=False))
    if classes > 1 and several:
        choices += [
            _subsets(context, {one: "class" if one is folder else "ignore" for one in folders})
            for folder in folders[:4]
        ]
    return DatasetQuestion(
        Question(
            "folders",
            f"Are {names} classes?" if several else f"Is {names} a class?",
            tuple(choices),
            reason=f"{names} {'are' if several else 'is'} beside "
            f"{counted(classes, 'class folder')}, but {'sound' if several else 'sounds'} like "
            f"{seems[not several]}.",
        )
    )


def ask_about_folds(
    context: Context, folder: Folder, folds: list[Folder], parts: Mapping[Folder, Part]
) -> DatasetQuestion:
    """Ask which of several folds is used, each of which has subsets of its own.

    Args:
        context: The answers so far.
        folder: The folder that holds them.
        folds: The folds.
        parts: Their subsets.
    """
    choices = []
    for fold in folds[:_MOST_FOLDS]:
        others: dict[Folder, FolderMeaning] = {kid: "ignore" for kid in folds if kid is not fold}
        text = f"only '{context.name(fold)}'"
        detail = f"{counted(fold.total, 'picture')}."
        shown = _pictures([fold])
        choices.append(Choice(text, context.option(others), context.meaning_as(others), detail, shown))
    together = Choice(
        "all of them together",
        context.option(parts),
        context.meaning_as(parts),
        "Copies of a picture in training and in test are left out of one of them.",
        _pictures(folds),
    )
    names = context.names(folds)
    return DatasetQuestion(
        Question(
            "folds",
            "Which of them is to be used?",
            (*choices, together),
            reason=f"In {printable(str(folder.path))}, {names} each have subsets of their own, as for a "
            "cross-validation: test pictures of one may be training pictures of another.",
        )
    )


def _subsets(context: Context, meanings: Mapping[Folder, FolderMeaning]) -> Choice:
    named = [f"{context.name(folder)}: {_MEANINGS[meaning]}" for folder, meaning in meanings.items()]
    shown = named if len(named) <= 6 else [*named[:5], f"{len(named) - 5:,} more"]
    return Choice(
        ", ".join(shown),
        context.option(meanings),
        context.meaning_as(meanings),
        detail=_detail(meanings),
        pictures=_pictures(meanings),
    )


def _classes(context: Context, folders: list[Folder], *, level: bool = True) -> Choice:
    meanings: dict[Folder, FolderMeaning] = dict.fromkeys(folders, "class")
    option = context.option(meanings) + (" --classes-at 1" if level else "")
    more = {"classes_at": 1} if level else {}
    names = context.names(folders)
    text = f"{names} {'are classes' if len(folders) > 1 else 'is a class'}"
    return Choice(text, option, context.meaning_as(meanings, **more), pictures=_pictures(folders))


def _detail(meanings: Mapping[Folder, FolderMeaning]) -> str:
    counts: dict[str, int] = {}
    for folder, meaning in meanings.items():
        name = PART_NAMES[meaning] if meaning in PART_NAMES else _MEANINGS[meaning]
        counts[name] = counts.get(name, 0) + folder.total
    return ", ".join(f"{name}: {counted(count, 'picture')}" for name, count in counts.items()) + "."


def _pictures(folders: Iterable[Folder]) -> tuple[Path, ...]:
    found = (folder.first_picture() for folder in folders)
    return tuple(path for path in found if path is not None)[:6]
