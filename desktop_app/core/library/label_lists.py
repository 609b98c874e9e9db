"""The ways in which people and programs write down the names of a model's classes."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop_app.core.foundation.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LABELS_ADVICE = "Write one class a line, in the order of the model's outputs, as UTF-8 text."
_NUMBERED = re.compile(r"(\d{1,6})(?:\s+-\s+|[:;=.)]?\s+|[:;=](?=\D))(\S.*)")
"""A number, what separates it, and a name: not "1.5 mm" nor "1:10"."""
_WHOLE = re.compile(r"\d{1,6}")
_DIGITS = re.compile(r"([0-9]+)")
_LISTS = ("class_indices", "label2id", "id2label", "class_names", "classes", "labels", "names", "categories")
"""Fields of a larger JSON document that hold the names."""
_NAME_FIELDS = ("name", "label", "class", "class_name", "title")
"""Fields of an entry, and headings of a column, that hold a name."""
_NUMBER_FIELDS = ("id", "index", "class_id", "label_id")
_HEADINGS = {
    "label",
    "labels",
    "class",
    "classes",
    "class name",
    "class_name",
    "classname",
    "name",
    "category",
}


@dataclass(frozen=True, slots=True)
class LabelList:
    """Names of classes as somebody wrote them down.

    Attributes:
        names: The names in the order of the outputs.
        numbered: Whether the outputs' numbers stand beside them, so that their order is certain.
        left_out: What else was there, as a part of a sentence; empty for nothing.
    """

    names: list[str]
    numbered: bool = False
    left_out: str = ""


def names_in_lines(lines: Sequence[str]) -> list[str]:
    """Read the names alone, as `list_in_lines` does."""
    return list_in_lines(lines).names


def names_in_json(text: str) -> list[str]:
    """Read the names alone, as `list_in_json` does."""
    return list_in_json(text).names


def list_in_lines(lines: Sequence[str]) -> LabelList:
    """Read names from lines, or from a table with a column of the outputs' numbers.

    "0 cat", "1 dog", as Teachable Machine writes them, are cat and dog. Numbers are left out only where those
    of all lines are consecutive from 0 or 1, and where the names differ without them by more than an ending:
    "1 euro" and "2 euros" keep theirs. A heading such as "label" is left out, and a single line with commas
    is taken apart.
    """
    filled = [line.strip() for line in lines if line.strip()]
    found = [_NUMBERED.fullmatch(line) for line in filled]
    if filled and all(found):
        pairs = [(int(match[1]), match[2].strip()) for match in found if match is not None]
        numbers = [number for number, _ in pairs]
        names = [name for _, name in pairs]
        if numbers in (list(range(len(pairs))), list(range(1, len(pairs) + 1))) and _differ(names):
            return LabelList(names, numbered=True, left_out="numbers")
    if table := _from_table(filled):
        return LabelList(table, numbered=True, left_out="numbers")
    if len(filled) == 1:
        return LabelList(_from_line(filled[0]))
    if len(filled) > 2 and filled[0].casefold().strip('"') in _HEADINGS:
        return LabelList([line.strip('"') for line in filled[1:]], left_out=f"the heading {filled[0]}")
    return LabelList(filled)


def list_in_json(text: str) -> LabelList:
    """Read names from JSON: a list, a map between names and numbers like Keras's ``class_indices``, entries.

    Entries are objects with a name, and a number or none, as COCO's ``categories``. What Lobe and Teachable
    Machine write beside their models is read, too.

    Raises:
        ModelError: It is none of these.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"The class names are not valid JSON: {error}.", LABELS_ADVICE) from error
    numbered = False
    if isinstance(value, dict):
        value = next((value[key] for key in _LISTS if isinstance(value.get(key), list | dict)), value)
    if isinstance(value, dict) and [type(each) for each in value.values()] == [list]:
        (value,) = value.values()  # Lobe's {"Label": [...]}
    if isinstance(value, dict):
        value, numbered = _from_map(value) or None, True
    elif isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        value, numbered = _from_entries(value)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ModelError(
            "The class names are not a JSON list of texts, and not a map of names and consecutive numbers.",
            LABELS_ADVICE,
        )
    return LabelList(value, numbered=numbered)


def folder_order(names: Sequence[str]) -> list[str]:
    """The order in which Keras takes folders of these names, where the names are in that of their numbers.

    `keras.utils.image_dataset_from_directory` and `flow_from_directory` sort folders by their names as texts:
    0, 1, 10, 11, 2. A list that somebody counted out has 0, 1, 2, ..., 10, and then nearly all classes of the
    model get a wrong name.

    Returns:
        The names in Keras's order; nothing where that is the given order, or where the given one is not that
        of numbers.
    """
    as_texts = sorted(names)
    return as_texts if list(names) == sorted(names, key=_by_numbers) != as_texts else []


def _by_numbers(name: str) -> list[str | int]:
    return [int(part) if part.isascii() and part.isdigit() else part for part in _DIGITS.split(name)]


def _differ(names: Iterable[str]) -> bool:
    """Whether names differ by more than case and the ending of a plural."""
    plain = [name.casefold().rstrip("s") for name in names]
    return len(set(plain)) == len(plain)


def _from_line(line: str) -> list[str]:
    """Take a line apart that holds all names."""
    separator = next((mark for mark in "\t;," if mark in line), None)
    if separator is None:
        return [line]
    try:
        (cells,) = csv.reader([line], delimiter=separator, skipinitialspace=True)
    except csv.Error:
        return [line]
    return [cell.strip() for cell in cells if cell.strip()]


def _from_table(lines: Sequence[str]) -> list[str]:
    """Read a table; empty where none of its columns is the numbers of all outputs, or none the names."""
    separator = next((mark for mark in "\t;," if all(mark in line for line in lines)), None)
    if separator is None or not lines:
        return []
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=separator)]
    except csv.Error:
        return []
    width = len(rows[0])
    if width < 2 or any(len(row) != width for row in rows):
        return []
    headings = [cell.casefold() for cell in rows[0]]
    for table in (rows, rows[1:]):
        for column in range(width):
            if not table or not all(_WHOLE.fullmatch(row[column]) for row in table):
                continue
            others = [other for other in range(width) if other != column]
            if width > 2:
                others = [other for other in others if headings[other] in _NAME_FIELDS][:1]
            for other in others:
                if names := _in_order({row[other]: int(row[column]) for row in table}, len(table)):
                    return names
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


def _from_entries(entries: list[dict[str, Any]]) -> tuple[list[Any] | None, bool]:
    """Read objects with a name and perhaps a number; also whether they have numbers."""
    field = next((key for key in _NAME_FIELDS if all(key in entry for entry in entries)), None)
    if field is None:
        return None, False
    number = next((key for key in _NUMBER_FIELDS if all(key in entry for entry in entries)), None)
    if number is None:
        return [entry[field] for entry in entries], False
    numbers = [entry[number] for entry in entries]
    if not all(type(each) is int for each in numbers) or not all(
        type(entry[field]) is str for entry in entries
    ):
        return None, False
    ordered = _in_order({entry[field]: entry[number] for entry in entries}, len(entries))
    return ordered or None, True


def _in_order(numbers: dict[str, int], count: int) -> list[str]:
    names = sorted(numbers, key=lambda name: numbers[name])
    found = [numbers[name] for name in names]
    return names if found in (list(range(count)), list(range(1, count + 1))) else []
