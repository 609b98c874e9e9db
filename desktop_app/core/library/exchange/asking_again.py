"""What speaks for pixel values in the file of an installed model, to ask about them once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.library.exchange.importing import clues_of
from desktop_app.core.library.exchange.sources import WEIGHTS_FILES, inspect_kept

if TYPE_CHECKING:
    from desktop_app.core.library.installed_model import InstalledModel
    from desktop_app.core.library.pixel_choices import Clue


def clues_of_installed(entry: InstalledModel) -> tuple[tuple[Clue, ...], str]:
    """Inspect the file of a model once more.

    Args:
        entry: A model from elsewhere.

    Returns:
        What its file tells about the pixels, and the program that wrote it, as it calls itself.

    Raises:
        ModelError: It is refused.
        StorageError: It cannot be read.
    """
    assert entry.weights is not None
    assert entry.card is not None
    architecture = entry.card.architecture
    assert architecture in WEIGHTS_FILES
    summary = inspect_kept(architecture, entry.weights)
    return tuple(clues_of(summary)), summary.producer
