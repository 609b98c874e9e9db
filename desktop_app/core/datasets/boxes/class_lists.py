"""Names of classes in the small files that lie beside boxes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from desktop_app.core.datasets.annotations.text_file import encoding_of, open_text

if TYPE_CHECKING:
    from pathlib import Path

LISTS = ("classes.txt", "obj.names", "names.txt", "labels.txt", "predefined_classes.txt")
YAML_NAMES = ("data.yaml", "data.yml", "dataset.yaml", "dataset.yml")

_MOST_CHARACTERS = 1_000_000
_NUMBERED = re.compile(r"\s*(\d+)\s*:\s*(.+?)\s*")
_ITEM = re.compile(r"\s*-\s+(.+?)\s*")


def class_names(folders: list[Path]) -> dict[int, str]:
    """Read the names of the classes from the first file in some folders that has them.

    Args:
        folders: Folders to look into, the most likely first.

    Returns:
        Names by number; empty when no file has them.

    Raises:
        StorageError: A file cannot be read.
    """
    for folder in folders:
        for name in YAML_NAMES:
            if (folder / name).is_file() and (names := names_in_yaml(_text(folder / name))):
                return names
        for path in (*(folder / name for name in LISTS), *sorted(folder.glob("*.names"))):
            if path.is_file():
                lines = [line.strip() for line in _text(path).splitlines()]
                return dict(enumerate(line for line in lines if line))
        for path in sorted((*folder.glob("*.yaml"), *folder.glob("*.yml"))):
            if path.is_file() and (names := names_in_yaml(_text(path))):
                return names
    return {}


def names_in_yaml(text: str) -> dict[int, str]:
    """Read the list ``names`` of a YAML file, which may be in brackets, in lines, or numbered.

    Args:
        text: Content of the file.
    """
    lines = [_without_comment(line) for line in text.splitlines()]
    for start, line in enumerate(lines):
        key, colon, rest = line.partition(":")
        if not colon or key.strip(" '\"") != "names":
            continue
        block = rest.strip()
        for following in lines[start + 1 :]:
            if block[:1] not in {"[", "{"} or block.endswith(("]", "}")):
                break
            block += " " + following.strip()
        if block:
            return _in_brackets(block)
        return _in_lines(lines[start + 1 :])
    return {}


def _without_comment(line: str) -> str:
    return re.sub(r"(^|\s)#.*", "", line).rstrip()


def _in_brackets(block: str) -> dict[int, str]:
    parts = re.findall(r"'[^']*'|\"[^\"]*\"|[^,\[\]{}]+", block.strip("[]{} "))
    items: list[str] = []
    for part in parts:
        item = part.strip()
        if items and items[-1].endswith(":"):
            items[-1] += f" {item}"
        elif item:
            items.append(item)
    if block.startswith("{"):
        numbered = [match for item in items if (match := _NUMBERED.fullmatch(item))]
        return {int(match[1]): _unquoted(match[2]) for match in numbered}
    return {number: _unquoted(item) for number, item in enumerate(items)}


def _in_lines(lines: list[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for line in lines:
        if match := _NUMBERED.fullmatch(line):
            found[int(match[1])] = _unquoted(match[2])
        elif match := _ITEM.fullmatch(line):
            found[len(found)] = _unquoted(match[1])
        elif line.strip():
            break
    return found


def _unquoted(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def _text(path: Path) -> str:
    with open_text(path, encoding_of(path)) as file:
        return file.read(_MOST_CHARACTERS)
