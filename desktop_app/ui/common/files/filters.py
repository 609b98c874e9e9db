"""The filters of a dialog for files: "Pictures (*.jpg *.png);;All files (*)"."""

from __future__ import annotations

import re

_MOST_SHOWN = 4
_PATTERNS = re.compile(r"\(([^()]*)\)\s*$")


def split_filters(filters: str) -> list[str]:
    """Take the filters apart; without any, all files match."""
    return [part for part in filters.split(";;") if part] or ["All files (*)"]


def short_name(name: str) -> str:
    """The filter without its patterns, where these are many."""
    return name if len(patterns_of(name)) <= _MOST_SHOWN else _PATTERNS.sub("", name).strip() or name


def patterns_of(name: str) -> tuple[str, ...]:
    """The patterns at the end of a filter."""
    found = _PATTERNS.search(name)
    return tuple(found[1].split()) if found and found[1].split() else ("*",)
