"""The desktop file, read as desktops do (Desktop Entry Specification 1.5)."""

from __future__ import annotations

import configparser
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

GROUP = "Desktop Entry"


def read(path: Path) -> configparser.ConfigParser:
    """Read a desktop file."""
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), strict=True)
    parser.optionxform = str  # type: ignore[method-assign,assignment] - keys are case-sensitive
    with path.open(encoding="utf-8") as file:
        parser.read_file(file)
    return parser


def command(line: str, sources: Sequence[str]) -> list[str]:
    """Turn an ``Exec`` line into words.

    Args:
        line: The value of ``Exec``.
        sources: Links that stand for ``%U``; the first alone for ``%u``.
    """
    words: list[str] = []
    for word in shlex.split(line):
        match word:
            case "%U":
                words += sources
            case "%u":
                words += sources[:1]
            case _:
                words.append(word.replace("%%", "%"))
    return words
