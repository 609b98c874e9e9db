"""Folders whose names give the subset and the class at once, such as "train_cats" beside "test_cats"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from desktop_app.core.datasets.layout.candidates import Candidate
from desktop_app.core.datasets.layout.class_names import loose_key
from desktop_app.core.datasets.layout.name_kinds import is_structural
from desktop_app.core.datasets.layout.part_names import guess_part

if TYPE_CHECKING:
    from desktop_app.core.datasets.layout.context import Context
    from desktop_app.core.datasets.layout.tree import Folder

_ENOUGH = 0.5
_BEFORE = re.compile(r"(?P<part>[^\s_.\-]+)[\s_.\-]+(?P<name>.+)")
_CAMEL = re.compile(r"(?P<part>[a-z]{2,}|[A-Z][a-z]+)(?P<name>[A-Z\d].*)")
"""As translations between two kinds of pictures have: "trainA", "testB"."""

_AFTER = re.compile(r"(?P<name>.+?)[\s_\-]?[\s_.\-](?P<part>[^\s_.\-]+)")


def find_joined(context: Context, folder: Folder) -> list[Candidate] | None:
    """Find classes whose folders are there once for each subset.

    Returns:
        A candidate for each folder; None unless all of them have such names.
    """
    kids = context.class_kids(folder)
    if len(kids) < 3 or any(kid.filled or context.meaning(kid) is not None for kid in kids):
        return None
    patterns = (_BEFORE, _AFTER, _CAMEL)
    return next(filter(None, (_read(folder, kids, pattern) for pattern in patterns)), None)


def _read(folder: Folder, kids: list[Folder], pattern: re.Pattern[str]) -> list[Candidate] | None:
    found: list[Candidate] = []
    for kid in kids:
        match = pattern.fullmatch(kid.name)
        guess = guess_part(match["part"]) if match else None
        if match is None or guess is None or not guess.sure or guess.role in {None, "unlabeled"}:
            return None
        found.append(Candidate(kid, guess.role, folder, match["name"]))  # type: ignore[arg-type]
    trained = {loose_key(one.name) for one in found if one.part == "train"}
    others = {loose_key(one.name) for one in found if one.part != "train"}
    if len(trained) < 2 or not others or len(trained & others) < _ENOUGH * len(others):
        return None
    return None if all(is_structural(one.name) for one in found) else found
