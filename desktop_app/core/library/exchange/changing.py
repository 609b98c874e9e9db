"""Changing how a model from elsewhere gets its pictures, after a look into its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop_app.core.library.exchange.sources import WEIGHTS_FILES, inspect_kept
from desktop_app.core.library.exchange.whole_numbers import check_pixels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.library.store import Library


def set_input(library: Library, model_id: str, changes: Mapping[str, Any]) -> ModelCard:
    """Change how a model from elsewhere gets its pictures; see `Library.set_input`.

    Raises:
        ModelError: There is no such model, its input is known, or its file is refused.
        UsageError: It cannot be given these.
        StorageError: Its file cannot be read, or its card not be written.
    """
    entry = library.settable(model_id)
    assert entry.card is not None
    pixels = changes.get("preprocessing", entry.card.input.preprocessing)
    if pixels != entry.card.input.preprocessing and entry.weights is not None:
        architecture = entry.card.architecture
        assert architecture in WEIGHTS_FILES
        check_pixels(entry.name, inspect_kept(architecture, entry.weights), pixels)
    return library.set_input(model_id, changes)
