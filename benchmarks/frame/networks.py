"""The networks of installed models as Keras has them, for those who ask them in their own way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop_app.core.engine.loading import load_engine
from desktop_app.core.library.store import Library

if TYPE_CHECKING:
    from desktop_app.core.library.card import ModelCard


def card_and_network(model_id: str) -> tuple[ModelCard, Any]:
    """Load the network of an installed model once more."""
    load_engine()
    from desktop_app.core.library.inspection.keras.loading import load_checked_model
    from desktop_app.core.library.vgg19.network import load_vgg19

    entry = Library.default().get(model_id)
    assert entry.card is not None
    assert entry.weights is not None
    load = load_vgg19 if entry.card.architecture == "vgg19" else load_checked_model
    return entry.card, load(entry.weights)
