"""How answers name a file with labels, and a column of it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from desktop_app.core.datasets.stored_names import path_of, stored_name
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.datasets.annotations.label_source import LabelSource


def answer_of(source: LabelSource, folder: Path) -> str:
    """Write a source as in `Answers.labels`.

    Args:
        source: The labels.
        folder: The data folder.
    """
    return f"{stored_name(source.path, folder)}#{quote(source.columns.key, safe=' ')}"


def chosen_by(answer: str, folder: Path) -> tuple[Path, str]:
    """Read what `answer_of` wrote: the file, and the column, which may be empty.

    Args:
        answer: The answer.
        folder: The data folder.
    """
    name, _, column = answer.partition("#")
    return path_of(name, folder), unquote(column)


def option_of(source: LabelSource, folder: Path) -> str:
    """How the command line chooses a source.

    Args:
        source: The labels.
        folder: The data folder.
    """
    path = source.path
    name = printable(str(path.relative_to(folder) if path.is_relative_to(folder) else path))
    return f'--label-file "{name}#{printable(source.columns.key)}"'
