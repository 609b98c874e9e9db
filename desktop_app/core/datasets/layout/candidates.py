"""Which folders in a subset, or in the data folder, are classes."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from desktop_app.core.datasets.layout.class_names import loose_key
from desktop_app.core.datasets.layout.name_kinds import (
    is_collection,
    is_doubtful_name,
    is_set_aside,
    is_unnamed,
    is_vehicle,
    original_of,
)
from desktop_app.core.datasets.layout.part_names import words_of
from desktop_app.core.datasets.layout.part_questions import ask_about_odd, offer_class
from desktop_app.core.datasets.question import DatasetQuestion
from desktop_app.core.images.folders import list_folder

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from desktop_app.core.datasets.layout.context import Base, Context
    from desktop_app.core.datasets.layout.tree import Folder
    from desktop_app.core.datasets.report import Part

_TRAINS = frozenset({"train", "trains"})
"""What a vehicle is called, too."""

_MOST_MASKS = 50
"""Pictures of a folder of masks that are looked for beside it."""

_ENOUGH = 0.5


class Candidate(NamedTuple):
    """A folder that may be a class.

    Attributes:
        folder: The folder.
        part: Its subset.
        scope: The folder whose folders are different classes, in each subset.
        name: Name of the class.
    """

    folder: Folder
    part: Part | None
    scope: Folder
    name: str


def candidates(context: Context, bases: Sequence[Base]) -> list[Candidate]:
    """List the folders that may be classes, also those without pictures.

    Raises:
        DatasetQuestion: Nothing says whether one of them is.
    """
    found: list[Candidate] = []
    odd: list[Folder] = []
    parts_of: dict[str, set[Part | None]] = {}
    for base in bases:
        for kid in base.folder.kids:
            parts_of.setdefault(loose_key(kid.name), set()).add(base.part)
    for base in bases:
        beside = [kid for kid in base.folder.kids if _may_be_beside(context, kid)]
        masks = [kid for kid in beside if kid.total and _shows_the_same(context, base.folder, kid)]
        context.leave_beside(masks)
        odd += [kid for kid in beside if kid.total and kid not in masks]
        known = set(beside)
        for kid in base.folder.kids:
            if kid in known:
                continue
            guess = context.guess(kid)
            if guess.role == "unlabeled" and (guess.kind != "weak" or len(parts_of[loose_key(kid.name)]) < 2):
                _leave(context, kid, base.part)
            elif _is_copy(context, kid, parts_of) or (
                len(parts_of[loose_key(kid.name)]) < 2 and _is_odd(context, kid)
            ):
                odd.append(kid)
            else:
                found.append(Candidate(kid, base.part, base.folder, kid.name))
    filled = {loose_key(candidate.name) for candidate in found if candidate.folder.total}
    copies = [kid for kid in odd if _is_copy(context, kid, parts_of)]
    if copies or (odd and _needs_asking(context, odd, len(filled))):
        raise ask_about_odd(context, copies or odd, len(filled), copies=bool(copies))
    if len(filled) + len(odd) < 2 and context.unlabeled and context.questions:
        question = context.questions[0]
        raise DatasetQuestion(replace(question, choices=question.choices[1:], required=True, standing=""))
    owner = {kid: base for base in bases for kid in base.folder.kids} if odd else {}
    found += [Candidate(kid, owner[kid].part, owner[kid].folder, kid.name) for kid in odd]
    return found


def _may_be_beside(context: Context, folder: Folder) -> bool:
    """Whether masks or annotations may be in a folder; "mask" beside "no_mask" is a class."""
    if context.is_beside(folder):
        return True
    if context.meaning(folder) is not None or not is_doubtful_name(folder.name) or folder.parent is None:
        return False
    words = set(words_of(folder.name))
    others = (kid for kid in folder.parent.kids if kid is not folder)
    return not any(words & set(words_of(kid.name)) for kid in others)


def _leave(context: Context, folder: Folder, part: Part | None) -> None:
    context.leave_unlabeled(folder, part)
    if folder.total and context.meaning(folder) is None:
        context.questions.append(offer_class(context, folder))


def _needs_asking(context: Context, odd: list[Folder], classes: int) -> bool:
    """Two folders with pictures are two classes even if one is called "test"; not if called "images"."""
    return classes > 1 or any(is_collection(kid.name) or context.is_beside(kid) for kid in odd)


def _is_copy(context: Context, folder: Folder, names: Container[str]) -> bool:
    """Whether a folder is called like a copy of another one: "cats - Copy"."""
    original = original_of(folder.name) if folder.total and context.meaning(folder) is None else ""
    return bool(original) and loose_key(original) in names


def _is_odd(context: Context, folder: Folder) -> bool:
    """Whether no class would be called so."""
    if not folder.total or context.meaning(folder) is not None or folder.filled:
        return False
    if is_collection(folder.name) or is_unnamed(folder.name) or is_set_aside(folder.name):
        return True
    guess = context.guess(folder)
    if not guess.sure or guess.kind != "plain" or guess.role == "unlabeled":
        return False
    around = folder.parent.kids if folder.parent is not None else []
    is_train = _TRAINS.issuperset(words_of(folder.name))
    return not (is_train and any(is_vehicle(kid.name) for kid in around))


def _shows_the_same(context: Context, base: Folder, masks: Folder) -> bool:
    """Whether a folder mirrors those beside it: folders or pictures of the same names."""
    others = [kid for kid in base.kids if kid.total and not context.is_beside(kid)]
    inside = {loose_key(kid.name) for kid in masks.filled}
    names = {loose_key(kid.name) for kid in others}
    names.update(loose_key(kid.name) for other in others for kid in other.filled)
    if inside and len(inside & names) >= _ENOUGH * len(inside):
        return True
    stems = _stems(masks)[:_MOST_MASKS]
    if not stems:
        return False
    each = [_stems(other) for other in others]
    known = set().union(*each) if each else set()
    unique = len(known) > _ENOUGH * sum(map(len, each))  # not 1, 2, 3 in every folder
    pairs = [stem for stem in stems if (unique and stem in known) or stem.rpartition("_")[0] in known]
    return len(pairs) >= _ENOUGH * len(stems)


def _stems(folder: Folder) -> list[str]:
    try:
        files, _folders = list_folder(folder.path, set())
    except OSError:
        return []
    return [os.path.splitext(name)[0].casefold() for name in files]  # noqa: PTH122
