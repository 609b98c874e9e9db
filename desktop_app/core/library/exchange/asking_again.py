"""What speaks for pixel values in the file of an installed model, to ask about them once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.library.exchange.importing import clues_of
from desktop_app.core.library.exchange.sources import open_source

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.installed_model import InstalledModel
    from desktop_app.core.library.pixel_choices import Clue


def clues_of_installed(entry: InstalledModel, cancel: CancelToken) -> tuple[tuple[Clue, ...], str]:
    """Inspect the file of a model once more.

    Args:
        entry: A model from elsewhere.
        cancel: Token checked while it is read.

    Returns:
        What its file tells about the pixels, and the program that wrote it, as it calls itself.

    Raises:
        ModelError: It is refused.
        StorageError: It cannot be read.
        Cancelled: The user cancelled.
    """
    assert entry.weights is not None

    def no_scratch() -> Path:
        message = "what is kept needs no translation"
        raise AssertionError(message)

    summary = open_source(entry.weights, no_scratch, cancel).summary
    return tuple(clues_of(summary)), summary.producer
