"""Class names that a person gives for a model that brings none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.foundation.files import open_regular
from desktop_app.core.foundation.text import counted, printable
from desktop_app.core.library.label_lists import LABELS_ADVICE, LabelList, list_in_json, list_in_lines
from desktop_app.core.networks.outputs import OUTPUT_NOUNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.library.card import ClassLabel
    from desktop_app.core.networks.outputs import Task

MAX_LABEL_BYTES = 8 * 1024 * 1024
_MAX_NAME = 200
_MAX_PLAIN = _MAX_NAME - 10
"""Characters that leave room for a number."""


def read_labels(source: Path | str) -> list[str]:
    """Read class names: one a line, with or without numbers, a table with a column of numbers, or JSON.

    Args:
        source: A file, or the text itself.

    Returns:
        The names in the order of the outputs, without surrounding white space; empty lines are skipped.

    Raises:
        ModelError: The source is not such a list.
        StorageError: The file cannot be read.
    """
    return read_label_list(source).names


def read_label_list(source: Path | str) -> LabelList:
    """Read class names as `read_labels` does, and whether their order is certain.

    Raises:
        ModelError: The source is not such a list.
        StorageError: The file cannot be read.
    """
    text = _read_text(source) if isinstance(source, Path) else source
    read = list_in_json(text) if text.lstrip().startswith(("[", "{")) else list_in_lines(text.splitlines())
    names = [printable(value.strip()) for value in read.names]
    return replace(read, names=[name for name in names if name])


def amount_names(count: int) -> list[str]:
    """Number the amounts of a network that nobody has named."""
    return ["value"] if count == 1 else [f"value {number}" for number in range(1, count + 1)]


def check_names(names: Sequence[str], wanted: int, model: str, task: Task = "classification") -> None:
    """Refuse names that a person gave and that do not fit the model.

    Args:
        names: One for each class, label or amount.
        wanted: Number of names that are needed.
        model: Name of the model or of its file.
        task: What they name.

    Raises:
        ModelError: The numbers differ, or a name is too long.
    """
    if len(names) != wanted:
        has = counted(wanted, *OUTPUT_NOUNS[task])
        raise ModelError(f"{model} has {has}, but is given {counted(len(names), 'name')}.", LABELS_ADVICE)
    for name in names:
        if not 1 <= len(name) <= _MAX_PLAIN:
            raise ModelError(
                f"A class name must have 1 to {_MAX_PLAIN} characters: {name[:40]!r}.", LABELS_ADVICE
            )


def class_labels(names: Sequence[str]) -> list[ClassLabel]:
    """Make classes of names; those with the same name get different ids.

    Args:
        names: One for each class; one that is too long for a label is cut, and then numbered where
            another one begins alike.
    """
    from desktop_app.core.library.card import ClassLabel  # the window opens its dialogs without it

    labels: list[ClassLabel] = []
    used: set[str] = set()
    next_number: dict[str, int] = {}  # so that 100,000 equal names are not compared with one another
    for name in names:
        plain = name[:_MAX_PLAIN]
        class_id, number = plain, next_number.get(plain, 2)
        while class_id in used:
            class_id, number = f"{plain}-{number}", number + 1
        next_number[plain] = number
        used.add(class_id)
        labels.append(ClassLabel(class_id=class_id, label=name if len(name) <= _MAX_NAME else class_id))
    return labels


def _read_text(path: Path) -> str:
    with open_regular(path) as file:
        data = file.read(MAX_LABEL_BYTES + 1)
    try:
        if len(data) > MAX_LABEL_BYTES:
            raise ModelError(f"{printable(path.name)} is too long for a list of class names.", LABELS_ADVICE)
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ModelError(f"{printable(path.name)} is not a UTF-8 text file.", LABELS_ADVICE) from error
