"""Which subset of a data set a folder's name stands for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.core.datasets.report import Part

_WORDS: dict[str, Part] = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "dev": "validation",
    "test": "test",
    "testing": "test",
}
_SEPARATORS = re.compile(r"[-_. ]+")
_ADDITIONS = re.compile(r"(set|data|images|pictures)$")


def part_of(name: str) -> Part | None:
    """Recognise ``train``, ``Training_Set``, ``val``, ``test-images`` and the like.

    Args:
        name: Name of a folder; upper and lower case are the same.

    Returns:
        The subset, or None for a name that stands for none, and is therefore a class.
    """
    plain = _SEPARATORS.sub("", name.casefold())
    return _WORDS.get(plain) or _WORDS.get(_ADDITIONS.sub("", plain))
