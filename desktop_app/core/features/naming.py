"""Names for groups of pictures: what the last layer of the small ImageNet network makes of their features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.engine.libraries import import_h5py
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.imagenet.published import SMALL

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from desktop_app.core.library.store import Library

    Naming = Callable[[NDArray[np.float32]], list[str]]
    """From features ``(G, 1280)`` to a name for each row; an empty one where none fits."""

_LEAST = 0.2
"""Probability below which a name says nothing: no class of ImageNet is a tulip."""
_LAST_LAYER = "predictions"


def naming(library: Library) -> Naming:
    """Read the last layer; the rest of the network is not needed.

    Args:
        library: Library with the network.

    Raises:
        ModelError: The network is missing or damaged.
    """
    entry = library.get(SMALL.model_id)
    if entry.problem or entry.weights is None or entry.card is None:
        raise ModelError(f"{SMALL.name} cannot be used: {entry.problem}.", "Reinstall Sightline.")
    import_h5py()
    import h5py

    try:
        with h5py.File(entry.weights, "r") as file:
            kernel = np.asarray(file[_LAST_LAYER]["kernel"], np.float32)
            bias = np.asarray(file[_LAST_LAYER]["bias"], np.float32)
    except (OSError, KeyError) as error:
        raise ModelError(f"The weights of {SMALL.name} cannot be read.", "Reinstall Sightline.") from error
    labels = [each.readable for each in entry.card.classes]

    def name(means: NDArray[np.float32]) -> list[str]:
        logits = means @ kernel + bias
        best = np.argmax(logits, axis=1)
        rest = np.exp(logits - logits[np.arange(len(best)), best][:, None]).sum(axis=1)
        return [labels[place] if 1 / total >= _LEAST else "" for place, total in zip(best, rest, strict=True)]

    return name
