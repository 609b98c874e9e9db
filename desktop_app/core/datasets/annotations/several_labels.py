"""Cells that hold several labels at once."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_SEPARATORS = ("|", ";", ",", "/", "+", " ")
_ALWAYS = frozenset("|")
_MOST_CHARACTERS = 10_000
_MOST_COMPARED = 500


def cells_with_several(values: Collection[str], *, several_named: bool = False) -> dict[str, tuple[str, ...]]:
    """Find values that stand for several labels.

    A name may contain a comma or a space; so a value is split only at what cannot be part of a name: a bar,
    or a separator all of whose pieces are labels by themselves elsewhere, or stand in other mixtures too.

    Args:
        values: All different values of the column.
        several_named: Whether the column's name speaks of several, such as tags.

    Returns:
        The labels of each value that has two or more.
    """
    found = {value: labels for value in values if len(labels := _listed(value) or ()) > 1}
    for separator in _SEPARATORS:
        split = {value: _pieces(value, separator) for value in values if separator in value}
        split = {value: pieces for value, pieces in split.items() if len(pieces) > 1}
        if not split:
            continue
        whole = {value.strip() for value in values if value not in split}
        for value, pieces in split.items():
            if separator in _ALWAYS or all(piece in whole for piece in pieces):
                found.setdefault(value, pieces)
        if separator in ";," and not any(value in found for value in split):
            found |= _mixtures(split)
        if separator == " " and several_named and _some_within_others(split):
            found = {**split, **found}
        if separator == " " and all(_is_number(value) for value in values):
            found |= {value: pieces for value, pieces in split.items() if value not in found}
    return found


def single_label(value: str) -> str:
    """A label without the brackets of a list that has this one only."""
    listed = _listed(value)
    return listed[0] if listed is not None and len(listed) == 1 else value


def _listed(value: str) -> tuple[str, ...] | None:
    """The items of a list written as in JSON or Python."""
    if not (value.startswith("[") and value.endswith("]")) or len(value) > _MOST_CHARACTERS:
        return None
    try:
        items = ast.literal_eval(value)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        items = [piece.strip(" '\"") for piece in value[1:-1].replace(",", " ").split()]
    return tuple(str(item) for item in items) if isinstance(items, list) else None


def _pieces(value: str, separator: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(piece.strip() for piece in value.split(separator) if piece.strip()))


def _mixtures(split: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """All of the values, if every piece of each stands in another one too."""
    seen: dict[str, int] = {}
    for pieces in split.values():
        for piece in pieces:
            seen[piece] = seen.get(piece, 0) + 1
    if len(split) > 2 and all(seen[piece] > 1 for pieces in split.values() for piece in pieces):
        return split
    return {}


def _some_within_others(split: dict[str, tuple[str, ...]]) -> bool:
    """Whether all words of a value are among those of a longer one: "sun sea" and "sea sun sand"."""
    sets = sorted({frozenset(pieces) for pieces in split.values()}, key=len)[:_MOST_COMPARED]
    return any(one < other for index, one in enumerate(sets) for other in sets[index + 1 :])


def _is_number(value: str) -> bool:
    return all(piece.isdigit() for piece in value.split())
