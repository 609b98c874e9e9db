"""Default names of a run and its model: readable names, and ids made of them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import printable
from desktop_app.core.library.card_limits import MAX_NAME
from desktop_app.core.training.recipes import catalogue

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

MAX_ID = 60
"""Most characters of an id that come from a name."""

_NUMBER = re.compile(r" \(\d+\)$")
_ENDING = re.compile(r"(\.tar)?\.\w+$", re.IGNORECASE)


def name_of_data(data: Path, *, archive: bool) -> str:
    """Name a data set after its folder, or after its archive without the endings."""
    name = data.name
    if archive:
        name = _ENDING.sub("", name) or name
    return printable(name)


def default_name(data: Path, recipe_id: str, *, archive: bool) -> str:
    """Name a run and its model after the data and the network: "cats_dogs, Tiny CNN".

    Args:
        data: Folder or archive, as the user chose it.
        recipe_id: Id of the recipe.
        archive: Whether ``data`` is an archive.

    Raises:
        SightlineError: There is no such recipe.
    """
    name = name_of_data(data, archive=archive)[: MAX_NAME // 2]
    return f"{name}, {catalogue.get(recipe_id).name}"[:MAX_NAME]


def default_id(name: str, data: Path, recipe_id: str) -> str:
    """Make the id of a model; that of a default name says nothing twice: "cats-dogs-cnn".

    Args:
        name: Name of the run, chosen by the user or not, numbered or not.
        data: Folder or archive of the data.
        recipe_id: Id of the recipe.
    """
    plain = _NUMBER.sub("", name)
    for archive in (False, True):
        if plain == default_name(data, recipe_id, archive=archive):
            words = [*slug(name_of_data(data, archive=archive)).split("-"), *recipe_id.split("-")]
            return slug(" ".join(dict.fromkeys(words)))
    return slug(name)


def numbered(name: str, taken: Collection[str]) -> str:
    """Add a number to a name that is taken: "pets (2)"."""
    free, number = name[:MAX_NAME], 2
    while free in taken:
        ending = f" ({number})"
        free, number = name[: MAX_NAME - len(ending)] + ending, number + 1
    return free


def slug(name: str) -> str:
    """Make a short id of plain letters, digits and hyphens, good as a folder name everywhere."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:MAX_ID].strip("-") or "model"
