"""Python source: values, calls and lines that a formatter would leave as they are."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LINE = 100
"""Characters in a line of a script."""

_INDENT = "    "
_DIVISORS = (255, 127.5, 128)
"""Numbers of which scripts show the reciprocal as a fraction: those that scale pixels."""


def value(found: object) -> str:
    """Write a value as code: numbers, texts, None, and tuples and lists of these."""
    match found:
        case str():
            return text(found)
        case float():
            return _number(found)
        case tuple():
            inside = ", ".join(map(value, found))
            return f"({inside},)" if len(found) == 1 else f"({inside})"
        case list():
            return f"[{', '.join(map(value, found))}]"
        case _:
            return repr(found)


def text(found: str) -> str:
    """Write a text in double quotes; what an editor cannot show is escaped."""
    if found.isprintable():
        return _without_needless_escapes(json.dumps(found, ensure_ascii=False))
    return _without_needless_escapes(json.dumps(found))


def _without_needless_escapes(quoted: str) -> str:
    r"""Prefer ``'a "b"'`` to ``"a \"b\""``, as formatters do."""
    inside = quoted[1:-1]
    if '\\"' in inside and "'" not in inside:
        return "'" + inside.replace('\\"', '"') + "'"
    return quoted


def _number(found: float) -> str:
    for divisor in _DIVISORS:
        if found == 1 / divisor:
            return f"1 / {divisor:g}"
    return re.sub(r"e([+-])0*(\d)", r"e\1\2", repr(found)).replace("e+", "e")


def call(name: str, arguments: Iterable[str]) -> str:
    """Write a call in one line."""
    return f"{name}({', '.join(arguments)})"


def statement(before: str, arguments: Sequence[str], after: str, depth: int = 0) -> list[str]:
    """Write a statement with brackets, broken where it does not fit into a line.

    Args:
        before: All up to the opening bracket.
        arguments: What is in the brackets.
        after: All from the closing bracket on.
        depth: Levels of indentation.
    """
    margin = _INDENT * depth
    whole = f"{margin}{before}{', '.join(arguments)}{after}"
    if len(whole) <= LINE or not arguments:
        return [whole]
    inside = f"{margin}{_INDENT}{', '.join(arguments)}"
    closing = f"{margin}{after}"
    # Brackets of a list or tuple get one item a line at once, as formatters do.
    if before.endswith("(") and not before.endswith("= (") and len(inside) <= LINE:
        return [f"{margin}{before}", inside, closing]
    return [f"{margin}{before}", *(f"{margin}{_INDENT}{item}," for item in arguments), closing]


def listed(name: str, items: Iterable[str]) -> list[str]:
    """Write an assignment of a list of texts."""
    return statement(f"{name} = [", [text(item) for item in items], "]")


def comment(sentence: str, depth: int = 0) -> list[str]:
    """Write a comment, wrapped."""
    return wrapped(sentence, f"{_INDENT * depth}# ")


def wrapped(sentence: str, margin: str = "", following: str | None = None) -> list[str]:
    """Break a sentence into lines.

    Args:
        sentence: The sentence.
        margin: Beginning of the first line.
        following: Beginning of the others; ``margin`` by default.
    """
    lines, line = [], margin
    begun = False
    for word in sentence.split():
        if begun and len(line) + 1 + len(word) > LINE:
            lines.append(line)
            line, begun = margin if following is None else following, False
        line += f" {word}" if begun else word
        begun = True
    return [*lines, line]
