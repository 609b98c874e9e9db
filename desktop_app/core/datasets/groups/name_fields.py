"""What the names of pictures are made of, and which part of them may name a group."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Place = tuple[int, object]
"""Label and subset of a picture; numbers may begin again in each."""

_FIELD = re.compile(r"[^\W_]+")
_RUNS = re.compile(r"\d+|[^\W\d_]+")
_LETTERS = re.compile(r"[^\W\d_]*")
_DATE = r"((?:19|20)\d\d[-_.]?[01]\d[-_.]?[0-3]\d)(?!\d)"

_MOST_RUNS = 2
"""Runs of letters or digits in a field such as ``patient07``; a hash has more."""
_SAME_SHAPE = 0.8
"""Share of the names that must be built alike."""
_ALONE, _SHARED = 0.5, 0.6
"""Share of the pictures with a value of their own, which numbers them; and of those that share theirs."""
_LEAST_GROUPS, _LEAST_WORDS = 3, 6
"""Values that a number, and that a word without one, must have."""

_WORDS = """
animal bag bird burst cam camera case child clip cow date day deer dog donor field id individual
lesion mouse p pat patient person pid pig plant plate plot probe pt roll sample scan scene seq
sequence series session sid site slide specimen station study sub subj subject track tree trial v
vid video visit volume
"""
GROUP_WORDS = frozenset(_WORDS.split())
"""Words before a number that name a thing of which there may be several pictures."""


@dataclass(frozen=True, slots=True)
class NameField:
    """A part of the file names that repeats.

    Attributes:
        pattern: Regular expression whose first group is the part.
        example: The part as it is written most often.
        word: The word that says what it names: "patient"; empty where none does.
    """

    pattern: str
    example: str
    word: str = ""


@dataclass(frozen=True, slots=True)
class _Names:
    """Names that are built alike, divided into fields.

    Attributes:
        names: The names.
        rows: Their fields.
        shape: What the fields are made of: "a" for letters, "0" for digits, "a0" for both, "*" for a hash.
        places: Label and subset of each.
    """

    names: Sequence[str]
    rows: Sequence[Sequence[str]]
    shape: Sequence[str]
    places: Sequence[Place]

    def column(self, position: int) -> list[str]:
        return [row[position].casefold() for row in self.rows]

    def words_before(self, position: int) -> set[str]:
        """The words that stand right before the numbers at a position, in the same field or as one before."""
        words = set()
        for row in self.rows:
            letters = _LETTERS.match(row[position])
            word = letters.group() if letters else ""
            if not word and position and row[position - 1].isalpha():
                word = row[position - 1]
            words.add(word.casefold())
        return words


def repeating_field(names: Sequence[str], places: Sequence[Place]) -> NameField | None:
    """Find the part of the file names that several pictures of a class share, such as ``patient07``.

    Plain numbering, hashes, words that are the same all over a class, and numbers behind the one that tells
    all pictures apart are no such parts.

    Args:
        names: File names.
        places: Label and subset of each picture.
    """
    alike = _built_alike(names, places)
    if alike is None:
        return None
    named = [position for position in range(len(alike.shape)) if _is_named(alike, position)]
    if named:
        best = max(named, key=lambda position: len(set(alike.column(position))))
        words = sorted(alike.words_before(best), key=len)
        return _field(alike, best, words[-1] if len(words[-1]) > 2 else "")
    dates = [found.group(1) if (found := re.search(_DATE, name)) else "" for name in alike.names]
    if all(dates):
        return NameField(_DATE, dates[0]) if is_shared(dates, alike.places) else None
    for position in _generic(alike):
        return _field(alike, position)
    return None


def group_word(name: str) -> str:
    """The word of a name such as ``patient07`` that says what it is a name of; empty without one."""
    found = re.match(r"([^\W\d_]{3,})[\W_]*\d", name)
    word = found.group(1).casefold() if found else ""
    return word if word in GROUP_WORDS else ""


def tells_apart(column: Sequence[str], places: Sequence[Place]) -> bool:
    """Whether most pictures of a class and subset have a value that no other of them has."""
    counts = Counter(zip(column, places, strict=True))
    return sum(count for count in counts.values() if count == 1) > _ALONE * len(column)


def is_shared(column: Sequence[str], places: Sequence[Place]) -> bool:
    """Whether there are several values in most classes, and most pictures share theirs with others."""
    counts = Counter(zip(column, places, strict=True))
    shared = sum(count for count in counts.values() if count > 1)
    per_class: defaultdict[int, set[str]] = defaultdict(set)
    for value, (label, _part) in zip(column, places, strict=True):
        per_class[label].add(value)
    several = sum(len(values) > 1 for values in per_class.values())
    return (
        len(set(column)) >= _LEAST_GROUPS
        and 2 * several >= len(per_class)
        and shared >= _SHARED * len(column)
    )


def _built_alike(names: Sequence[str], places: Sequence[Place]) -> _Names | None:
    """The names with the commonest shape; None when too many have another."""
    rows = [_FIELD.findall(name.rpartition(".")[0] or name) for name in names]
    shapes = [tuple(_shape(field) for field in row) for row in rows]
    counts = Counter(shapes)
    if not counts:
        return None
    shape, count = counts.most_common(1)[0]
    if count < _SAME_SHAPE * len(names) or not shape:
        return None
    chosen = [number for number, own in enumerate(shapes) if own == shape]
    return _Names(
        [names[number] for number in chosen],
        [rows[number] for number in chosen],
        shape,
        [places[number] for number in chosen],
    )


def _shape(field: str) -> str:
    runs = _RUNS.findall(field)
    if len(runs) > _MOST_RUNS:
        return "*"
    return "".join("0" if run.isdigit() else "a" for run in runs)


def _is_named(names: _Names, position: int) -> bool:
    """Whether a word says that the numbers name groups, and they do repeat."""
    words = names.words_before(position)
    return (
        "0" in names.shape[position]
        and "" not in words
        and words <= GROUP_WORDS
        and is_shared(names.column(position), names.places)
    )


def _generic(names: _Names) -> Iterator[int]:
    """The positions of what repeats before the number that tells the pictures apart."""
    for position, shape in enumerate(names.shape):
        column = names.column(position)
        if shape == "a":
            if len(set(column)) >= _LEAST_WORDS and _is_everywhere(column, names.places):
                yield position
        elif tells_apart(column, names.places):
            return
        elif is_shared(column, names.places) and _varies_later(names, position):
            yield position


def _is_everywhere(column: Sequence[str], places: Sequence[Place]) -> bool:
    """Whether the same words are in most classes, as names of persons are and kinds of a class are not."""
    classes: defaultdict[str, set[int]] = defaultdict(set)
    for value, (label, _part) in zip(column, places, strict=True):
        classes[value].add(label)
    every = len({label for label, _part in places})
    common = sum(2 * len(found) > every for found in classes.values())
    return every > 1 and 2 * common > len(classes) and is_shared(column, places)


def _varies_later(names: _Names, position: int) -> bool:
    """Whether another number behind this one tells the pictures of a group apart."""
    later = [place for place in range(position + 1, len(names.shape)) if names.shape[place] != "a"]
    return any(len({row[place] for row in names.rows}) > 1 for place in later)


def _field(names: _Names, position: int, word: str = "") -> NameField:
    column = names.column(position)
    common = Counter(column).most_common(1)[0][0]
    example = next(row[position] for row in names.rows if row[position].casefold() == common)
    pattern = _pattern(names, position)
    where = next(name for name, value in zip(names.names, column, strict=True) if value == common)
    found = re.search(pattern, where)
    return NameField(pattern, found.group(1) if found else example, word)


def _pattern(names: _Names, position: int) -> str:
    """The plainest regular expression that gives exactly the values at a position."""
    rows, column = names.rows, names.column(position)
    candidates = []
    letters = _LETTERS.match(rows[0][position])
    word = letters.group() if letters else ""
    before = rows[0][position - 1] if position else ""
    if names.shape[position] == "a0" and all(row[position].startswith(word) for row in rows):
        candidates.append(rf"({word}\d+)")
    elif before.isalpha() and len({row[position - 1] for row in rows}) == 1:
        number = r"\d+" if names.shape[position] == "0" else r"[^\W_]+"
        found = re.search(rf"{before}([\W_]+)[^\W_]", names.names[0])
        between = re.escape(found.group(1)) if found else ""
        candidates += [rf"({before}{between}{number})", rf"({before}[\W_]+{number})"]
    if not position:
        candidates += [r"^([^\W_]+)", r"^[\W_]*([^\W_]+)"]
    last = rf"^[\W_]*(?:[^\W_]+[\W_]+){{{position}}}([^\W_]+)"
    for candidate in candidates:
        if _gives(re.compile(candidate), names.names, column):
            return candidate
    return last


def _gives(pattern: re.Pattern[str], names: Sequence[str], values: Sequence[str]) -> bool:
    """Whether a pattern tells apart exactly these values."""
    seen: dict[str, str] = {}
    for name, value in zip(names, values, strict=True):
        found = pattern.search(name)
        if found is None or seen.setdefault(found.group(1).casefold(), value) != value:
            return False
    return len(seen) == len(set(values))
