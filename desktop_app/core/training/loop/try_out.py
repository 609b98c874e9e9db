"""What a network says about a picture while it learns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop_app.core.datasets.pipeline.reading import read_prepared
from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.fitting import Fitting
from desktop_app.core.networks.preprocessing import preprocess
from desktop_app.core.training.records.events import TriedOut

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.training.loop.phases import Phase
    from desktop_app.core.training.loop.session import Session
    from desktop_app.core.training.recipes.recipe import Network


class TryOut:
    """Answers for the picture that was last requested, in the thread of the fit.

    The picture is read once, and a backbone computes its features once: while only a head learns, an answer
    takes a few milliseconds. It changes nothing about the fit.
    """

    def __init__(self, session: Session, network: Network, classes: tuple[str, ...]) -> None:
        self._session = session
        self._network = network
        self._classes = classes
        self._path: Path | None = None
        self._picture: NDArray[np.float32] | None = None
        self._features: NDArray[np.float32] | None = None

    def answer(self, phase: Phase, epoch: int) -> None:
        """Report what the network says after an epoch, when there is a picture to try it on."""
        path = self._session.gate.tried
        if path is None:
            return
        if path != self._path:
            self._path, self._picture, self._features = path, None, None
            try:
                self._picture = self._read(path)
            except UnreadableImage as error:
                self._session.emit(TriedOut(path, epoch, problem=error.reason.text))
        if self._picture is None:
            return
        given: Any = self._picture
        if phase.on_features:
            if self._features is None:
                self._features = _computed(self._network.backbone, self._picture)
            given = self._features
        (probabilities,) = self._session.task.predictions(_computed(phase.model, given).astype("float64"))
        best = int(probabilities.argmax())
        self._session.emit(TriedOut(path, epoch, self._classes[best], float(probabilities[best])))

    def _read(self, path: Path) -> NDArray[np.float32]:
        recipe = self._session.recipe
        _batch, height, width, channels = self._network.full.input_shape
        reading = self._session.record.config.answers.pixels
        pixels = read_prepared(path, Fitting(height, width, recipe.fit, recipe.crop_share, reading))
        prepared: NDArray[np.float32] = preprocess(pixels[None], recipe.preprocessing, channels).numpy()
        return prepared


def _computed(model: Any, given: NDArray[np.float32]) -> NDArray[np.float32]:
    import tensorflow as tf

    outputs: NDArray[np.float32] = tf.cast(model(given, training=False), tf.float32).numpy()
    return outputs
