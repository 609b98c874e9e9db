"""What all imports have in common: the user's wishes, names and ids, and the step into the library."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import UsageError
from desktop_app.core.foundation.files import PlaceTaken
from desktop_app.core.foundation.storage import require_space
from desktop_app.core.foundation.text import printable
from desktop_app.core.library.card import ModelCard
from desktop_app.core.library.card_limits import MAX_NAME
from desktop_app.core.library.download.vgg19_weights import VGG19_ID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.images.decoding.fitting import Fit, Resample
    from desktop_app.core.library.feature_bank import FeatureBank
    from desktop_app.core.library.installed_model import InstalledModel
    from desktop_app.core.library.store import Library
    from desktop_app.core.networks.outputs import Task
    from desktop_app.core.networks.pixels import Preprocessing

Check = Callable[[ModelCard, Path], None]
"""The test that a network must pass before its model appears; it raises a `ModelError`."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user says about a model that is imported; None leaves it to the file, or to a question.

    Attributes:
        name: Readable name.
        labels: Names of the classes in the order of the outputs.
        preprocessing: The pixel values that it was trained on.
        task: What its outputs are for.
        fit: How pictures are fitted.
        crop_share: The share of each side that a crop keeps.
        resample: How they are scaled.
        units: The unit of each amount; fewer than there are leave the rest without.
        ask_amounts: Whether names of amounts are asked for as those of classes are; else they are numbered.
        grey: The shares of red, green and blue in grey pictures.
    """

    name: str | None = None
    labels: Sequence[str] | None = None
    preprocessing: Preprocessing | None = None
    task: Task | None = None
    fit: Fit | None = None
    crop_share: float | None = None
    resample: Resample | None = None
    units: Sequence[str] = ()
    ask_amounts: bool = False
    grey: tuple[float, float, float] | None = None


NO_WISHES = Wishes()


def one_line(text: str) -> str:
    """Bring a text to one printable line."""
    return printable(" ".join(text.split()))


def clean_name(name: str) -> str:
    """Bring a name that the user gave to one printable line.

    Raises:
        UsageError: It is empty or too long.
    """
    clean = one_line(name)
    if not clean:
        raise UsageError("The model's name is empty.", "Give it a name, or leave the name out.")
    if len(clean) > MAX_NAME:
        raise UsageError(
            f"The model's name has {len(clean)} characters, more than {MAX_NAME}.", "Give a shorter name."
        )
    return clean


def own_name(library: Library, wanted: str | None, found: str) -> str:
    """Choose a name that no model of the app has: nobody may take one for the other.

    Args:
        library: The library with the app's models.
        wanted: Name that the user asks for, clean.
        found: Name that the file gives, or its own.

    Raises:
        UsageError: The user asks for such a name.
    """
    reserved = {
        _alike(entry.name) for entry in library.entries() if entry.shipped or entry.model_id == VGG19_ID
    }
    if wanted is None:
        return f"{found} (imported)" if _alike(found) in reserved else found
    if _alike(wanted) in reserved:
        raise UsageError(f"'{wanted}' is the name of a built-in model.", "Choose another name.")
    return wanted


def _alike(name: str) -> str:
    """What a name looks like to a person, about: letters and digits alone."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def slug(name: str) -> str:
    """Make a short id of plain letters, digits and hyphens, good as a folder name everywhere."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-") or "model"


def add(
    library: Library,
    card: ModelCard,
    write: Callable[[Path], None],
    size: int,
    bank: FeatureBank | None = None,
) -> ModelCard:
    """Install a model that has a free id.

    Args:
        library: Library to import into.
        card: Card of the model.
        write: Function that writes and tests the file at the path it gets.
        size: Bytes that it will have.
        bank: Features of its training pictures.

    Returns:
        The card as it is installed.
    """

    def spare(there: InstalledModel | None) -> None:
        if there is not None and card.id != VGG19_ID:
            raise PlaceTaken(f"There is another model '{card.id}' by now.", "Import the file again.")

    require_space(library.installed, size)
    installed = library.add(card, write, bank=bank, size=size, before=spare)
    assert installed.card is not None
    return installed.card
