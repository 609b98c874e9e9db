"""Reads scripts of Inno Setup, as far as ours goes."""

import re
from dataclasses import dataclass, field
from pathlib import Path

_SECTION = re.compile(r"\[(\w+)\]")
_PARAMETER = re.compile(r'\s*(\w+):\s*("(?:[^"]|"")*"|[^;]*?)\s*(?:;|$)')


@dataclass
class InnoScript:
    """A script.

    Attributes:
        setup: The directives of ``[Setup]``.
        entries: The lines of the other sections, each as its parameters.
        macros: Names of the preprocessor that are used and not defined in it.
    """

    setup: dict[str, str] = field(default_factory=dict)
    entries: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    macros: set[str] = field(default_factory=set)


def read(path: Path) -> InnoScript:
    """Read a script; both ways of each condition count.

    Raises:
        ValueError: If a line is neither.
    """
    text = path.read_text(encoding="utf-8")
    script = InnoScript(macros=set(re.findall(r"\{#(\w+)\}", text)))
    script.macros -= set(re.findall(r"^\s*#define (\w+)", text, re.MULTILINE))
    section = ""
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith((";", "#")):
            continue
        if found := _SECTION.fullmatch(line):
            section = found[1]
            script.entries.setdefault(section, [])
        elif section == "Setup":
            name, equals, value = line.partition("=")
            if not equals:
                raise ValueError(line)
            script.setup[name] = value
        else:
            script.entries[section].append(_parameters(line))
    return script


def _parameters(line: str) -> dict[str, str]:
    found = {}
    position = 0
    while position < len(line):
        match = _PARAMETER.match(line, position)
        if match is None:
            raise ValueError(line)
        value = match[2]
        found[match[1]] = value[1:-1].replace('""', '"') if value.startswith('"') else value
        position = match.end()
    return found
