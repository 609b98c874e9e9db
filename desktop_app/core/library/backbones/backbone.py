"""One network whose features can be trained on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import keras

    from desktop_app.core.networks.input_spec import Preprocessing

    Weights = tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Backbone:
    """A pretrained network without its last layer.

    Attributes:
        backbone_id: Id on the command line and in files; that of the library's model with the same weights.
        name: Name for people.
        size: Height and width of the pictures that suit it, in pixels.
        preprocessing: Preprocessing of its pictures.
        require_weights: Function that finds the files with its weights; it raises a `SightlineError` when
            one is missing.
        build: Function from height and width, and the files with the weights or None for random ones, to the
            model from float32 ``(N, size, size, 3)`` to features ``(N, F)`` in a layer named ``features``.
        tuned: Prefixes of the names of the layers that fine-tuning trains: the last ones.
    """

    backbone_id: str
    name: str
    size: int
    preprocessing: Preprocessing
    require_weights: Callable[[], Weights]
    build: Callable[[int, Weights | None], keras.Model]
    tuned: tuple[str, ...]

    def tuned_layers(self, model: keras.Model) -> tuple[keras.Layer, ...]:
        """The layers of a model with this backbone that fine-tuning trains besides the head."""
        return tuple(layer for layer in model.layers if layer.name.startswith(self.tuned))
