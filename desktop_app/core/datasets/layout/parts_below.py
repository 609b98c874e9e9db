"""Subsets that are in every folder: in those of cameras or sites, or in those of the classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.datasets.layout.candidates import Candidate
from desktop_app.core.datasets.layout.context import Base, Context
from desktop_app.core.datasets.layout.name_kinds import is_fold, is_neutral, is_structural
from desktop_app.core.datasets.layout.part_questions import ask_about_folds
from desktop_app.core.datasets.layout.parts import part_base, unwrapped

if TYPE_CHECKING:
    from desktop_app.core.datasets.layout.tree import Folder
    from desktop_app.core.datasets.report import Part

_Found = tuple["Folder", "Folder", "Part"]
"""A folder, a subset in it, what the subset is."""


def find_parts_below(context: Context, folder: Folder) -> list[Base] | list[Candidate] | None:
    """Find subsets one level below.

    Returns:
        A base for each where the classes are in them; a candidate for each where the folders above are the
        classes; None when there are no such subsets.

    Raises:
        DatasetQuestion: They are in the folds of a cross-validation, each of which splits the same pictures.
    """
    tops = [kid for kid in folder.filled if not context.is_beside(kid)]
    if len(tops) < 2:
        return None
    parts: list[_Found] = []
    blank: list[Folder] = []
    for top in tops:
        inner = unwrapped(context, top)
        guesses = {kid: context.guess(kid) for kid in inner.filled}
        trained = any(guess.role == "train" for guess in guesses.values())
        if inner.pictures or not trained or not all(guess.sure for guess in guesses.values()):
            return None
        blank += [kid for kid, guess in guesses.items() if guess.role == "unlabeled"]
        named = ((top, kid, guess.role) for kid, guess in guesses.items())
        parts += [(top, kid, role) for top, kid, role in named if role is not None and role != "unlabeled"]
    if len({part for _top, _folder, part in parts}) < 2:
        return None
    for kid in blank:
        context.leave_unlabeled(kid, None)
    bases = [Base(part_base(context, kid, part, ()), part) for _top, kid, part in parts]
    kids = [context.class_kids(base.folder) for base in bases]
    neutral = all(is_neutral(top.name) for top in tops)
    held = [
        bool(inside) and (neutral or not all(is_structural(kid.name) for kid in inside)) for inside in kids
    ]
    if all(held):
        if all(is_fold(top.name) for top in tops) and not _decided(context, parts):
            raise ask_about_folds(context, folder, tops, {kid: part for _top, kid, part in parts})
        return bases
    return [Candidate(kid, part, folder, top.name) for top, kid, part in parts]


def _decided(context: Context, parts: list[_Found]) -> bool:
    return any(context.meaning(folder) is not None for top, kid, _part in parts for folder in (top, kid))
