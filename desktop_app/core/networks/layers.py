"""The layers of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import keras


def layers_of(model: keras.Model) -> Iterator[keras.Layer]:
    """All layers of a network in order, those of networks within it too."""
    import keras

    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from layers_of(layer)
        else:
            yield layer
