"""The ways in which people and programs write down the names of a model's classes."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING, Any

from desktop_app.core.foundation.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LABELS_ADVICE = "Write one class a line, in the order of the model's outputs, as UTF-8 text."
_NUMBERED = re.compile(r"(\d{1,6})(?:\s+-\s+|[:;=.)]?\s+|[:;=](?=\D))(\S.*)")
"""A number, what separates it, and a name: not "1.5 mm" nor "1:10"."""
_WHOLE = re.compile(r"\d{1,6}")
_LISTS = ("class_indices", "label2id", "id2label", "class_names", "classes", "labels", "names")
"""Fields of a larger JSON document that hold the names."""


def names_in_lines(lines: Sequence[str]) -> list[str]:
    """Read names from lines, or from a table of two columns, one of them the outputs' numbers.

    "0 cat", "1 dog", as Teachable Machine writes them, are cat and dog. Numbers are left out only where those
    of all lines are consecutive from 0 or 1, and where the names differ without them by more than an ending:
    "1 euro" and "2 euros" keep theirs.
    """
    filled = [line.strip() for line in lines if line.strip()]
    found = [_NUMBERED.fullmatch(line) for line in filled]
    if filled and all(found):
        pairs = [(int(match[1]), match[2].strip()) for match in found if match is not None]
        numbers = [number for number, _ in pairs]
        names = [name for _, name in pairs]
        if numbers in (list(range(len(pairs))), list(range(1, len(pairs) + 1))) and _differ(names):
            return names
    return _from_table(filled) or filled


def names_in_json(text: str) -> list[str]:
    """Read names from a JSON list, or from a map between names and numbers, as Keras's ``class_indices``.

    Raises:
        ModelError: It is none of these.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"The class names are not valid JSON: {error}.", LABELS_ADVICE) from error
    if isinstance(value, dict):
        value = next((value[key] for key in _LISTS if isinstance(value.get(key), list | dict)), value)
    if isinstance(value, dict):
        value = _from_map(value) or None
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ModelError(
            "The class names are not a JSON list of texts, and not a map of names and consecutive numbers.",
            LABELS_ADVICE,
        )
    return value


def _differ(names: Iterable[str]) -> bool:
    """Whether names differ by more than case and the ending of a plural."""
    plain = [name.casefold().rstrip("s") for name in names]
    return len(set(plain)) == len(plain)


def _from_table(lines: Sequence[str]) -> list[str]:
    """Read a table of two columns; empty where one of them is not the numbers of all outputs."""
    separator = next((mark for mark in "\t;," if all(mark in line for line in lines)), None)
    if separator is None:
        return []
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=separator)]
    except csv.Error:
        return []
    if any(len(row) != 2 for row in rows):
        return []
    for table in (rows, rows[1:]):
        for column in (0, 1):
            numbers = [row[column] for row in table]
            if table and all(map(_WHOLE.fullmatch, numbers)):
                return _in_order({row[1 - column]: int(row[column]) for row in table}, len(table))
    return []


def _from_map(value: dict[str, Any]) -> list[Any]:
    """Put the names of a map into the order of their numbers; empty where it is no such map."""
    if all(isinstance(number, int) for number in value.values()):
        return _in_order(value, len(value))
    if all(map(_WHOLE.fullmatch, value)):
        # Keras's index of ImageNet has pairs of a synset and a name.
        named = {key: each[-1] if isinstance(each, list) and each else each for key, each in value.items()}
        ordered = _in_order({key: int(key) for key in named}, len(named))
        return [named[key] for key in ordered]
    return []


def _in_order(numbers: dict[str, int], count: int) -> list[str]:
    names = sorted(numbers, key=lambda name: numbers[name])
    found = [numbers[name] for name in names]
    return names if found in (list(range(count)), list(range(1, count + 1))) else []
