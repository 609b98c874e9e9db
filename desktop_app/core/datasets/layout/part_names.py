"""Which subset of a data set a folder's name stands for."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from desktop_app.core.datasets.layout import part_words

if TYPE_CHECKING:
    from desktop_app.core.datasets.layout.part_words import Role

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NO_LETTERS = re.compile(r"[\W\d_]+")
MOST_NAMES = 32_768
"""Names whose meaning is remembered while a data set is read."""

_LONGEST_WORD = 24
_LONGEST_NAME = 120
"""Longer names are no names of subsets, and are not taken apart."""


@dataclass(frozen=True, slots=True)
class PartGuess:
    """What a name says.

    Attributes:
        role: Subset, or ``unlabeled``; None when the name says nothing about it.
        rest: Other words of the name, such as those of the data set: ``("seg",)`` for "seg_train".
        kind: How far the words go: ``plain`` for one meaning; ``open`` where other subsets decide
            (``eval``, ``holdout``); ``weak`` for what may be a class (``unknown``) or an abbreviation.
    """

    role: Role | None
    rest: tuple[str, ...] = ()
    kind: str = "plain"

    @property
    def sure(self) -> bool:
        """Whether the name alone is enough."""
        return self.role is not None and not self.rest and self.kind != "weak"


NO_PART = PartGuess(None)


def plain(text: str) -> str:
    """Write a name without accents, vowel signs and upper case, however it is encoded."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(mark for mark in decomposed if unicodedata.category(mark)[0] != "M").casefold()


@lru_cache(maxsize=MOST_NAMES)
def words_of(name: str) -> tuple[str, ...]:
    """Split a name into words at separators, digits and changes of case: "seg_Train02" gives seg, train."""
    spaced = _CAMEL.sub(" ", name[:_LONGEST_NAME])
    return tuple(word for word in _NO_LETTERS.split(plain(spaced)) if word)


def _table() -> dict[str, tuple[Role | None, str]]:
    entries: list[tuple[str, Role | None, str]] = [
        (part_words.FILLERS, None, "plain"),
        (part_words.UNKNOWN, "unlabeled", "weak"),
        (part_words.UNLABELED, "unlabeled", "plain"),
        (part_words.HOLDOUT, "test", "open"),
        (part_words.EVALUATION, "validation", "open"),
        (part_words.TEST, "test", "plain"),
        (part_words.VALIDATION, "validation", "plain"),
        (part_words.TRAIN, "train", "plain"),
    ]
    return {plain(word): (role, kind) for words, role, kind in entries for word in words.split()}


_WORDS = _table()
_TOGETHER = {tuple(map(plain, pair.split())): word for pair, word in part_words.TOGETHER.items()}


@lru_cache(maxsize=MOST_NAMES)
def guess_part(name: str) -> PartGuess:
    """Recognise ``train``, ``seg_train``, ``Final_Training``, ``val2017``, ``测试集`` and the like.

    Args:
        name: Name of a folder.
    """
    if len(name) > _LONGEST_NAME:
        return NO_PART
    found: list[tuple[Role, str]] = []
    rest: list[str] = []
    short: list[str] = []
    words = _with_pairs(words_of(name))
    for word in words:
        pieces = _pieces(word)
        if pieces is None:
            (short if word in part_words.SHORT else rest).append(word)
        else:
            found += [(role, kind) for role, kind in map(_WORDS.__getitem__, pieces) if role is not None]
    if not found and len(short) == 1:
        return PartGuess(part_words.SHORT[short[0]], tuple(rest), "weak")
    return _guess(found, (*rest, *short))


def _with_pairs(words: tuple[str, ...]) -> list[str]:
    joined: list[str] = []
    for word in words:
        together = _TOGETHER.get((joined[-1], word)) if joined else None
        if together is None:
            joined.append(word)
        else:
            joined[-1] = together
    return joined


def _guess(found: list[tuple[Role, str]], rest: tuple[str, ...]) -> PartGuess:
    roles = {role for role, _kind in found}
    if not roles:
        return NO_PART
    kind = "plain" if any(kind == "plain" for _role, kind in found) else found[0][1]
    if len(roles) == 1:
        return PartGuess(found[0][0], rest, kind)
    if roles == {"train", "validation"}:  # trainval
        return PartGuess("train", rest, kind)
    if "unlabeled" in roles:  # train_unlabeled, test_unlabelled
        return PartGuess("unlabeled", rest, kind)
    if "train" in roles:  # train_test_split
        return NO_PART
    return PartGuess("test", rest, "weak")


@lru_cache(maxsize=MOST_NAMES)
def _pieces(word: str) -> tuple[str, ...] | None:
    """Take a word apart into as few known ones as possible: "trainset", "训练集"; None when it has others."""
    best: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(word) + 1):
        shortest: tuple[str, ...] | None = None
        for start in range(max(0, end - _LONGEST_WORD), end):
            before = best[start]
            piece = word[start:end]
            if (
                before is None
                or piece not in _WORDS
                or (len(piece) < 2 and piece.isascii() and piece != word)
            ):
                continue
            if shortest is None or len(before) + 1 < len(shortest):
                shortest = (*before, piece)
        best.append(shortest)
    return best[-1]
