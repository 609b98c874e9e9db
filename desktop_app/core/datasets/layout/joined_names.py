"""Folders whose names give the subset and the class at once, such as "train_cats" beside "test_cats"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from desktop_app.core.datasets.layout.candidates import Candidate
from desktop_app.core.datasets.layout.class_names import loose_key
from desktop_app.core.datasets.layout.part_names import guess_part

if TYPE_CHECKING:
    from desktop_app.core.datasets.layout.context import Context
    from desktop_app.core.datasets.layout.tree import Folder
    from desktop_app.core.datasets.report import Part

_ENOUGH = 0.5
_SEPARATORS = re.compile(r"([\s_.\-]+)")


def find_joined(context: Context, folder: Folder) -> list[Candidate] | None:
    """Find classes whose folders are there once for each subset.

    Returns:
        A candidate for each folder; None unless all of them have such names.
    """
    found: list[Candidate] = []
    filled = context.class_kids(folder)
    for kid in filled:
        guess = context.guess(kid)
        if not guess.rest or guess.kind != "plain" or guess.role in {None, "unlabeled"} or kid.filled:
            return None
        part: Part = guess.role  # type: ignore[assignment]
        found.append(Candidate(kid, part, folder, _without_part(kid.name)))
    trained = {loose_key(one.name) for one in found if one.part == "train"}
    others = {loose_key(one.name) for one in found if one.part != "train"}
    if len(trained) < 2 or not others or len(trained & others) < _ENOUGH * len(others):
        return None
    return found


def _without_part(name: str) -> str:
    """Drop the words for subsets: "train_golden_retriever" becomes "golden_retriever"."""
    pieces = _SEPARATORS.split(name)
    kept = [number for number in range(0, len(pieces), 2) if guess_part(pieces[number]).role is None]
    words = [pieces[number] + (pieces[number + 1] if number + 2 in kept else "") for number in kept[:-1]]
    return "".join([*words, *(pieces[number] for number in kept[-1:])]) or name
