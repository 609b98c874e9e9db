"""The way of the tutorials: ``load_img``, ``preprocess_input``, ``model.predict``, a picture at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop_app.core.library.card import ModelCard


class Naive:
    """A network of Keras, asked as its documentation shows.

    The names come from the card, since Keras's ``decode_predictions`` downloads its list. A network that is
    asked about the mirrored picture too gets both in one call.
    """

    def __init__(self, card: ModelCard, model: Any) -> None:
        self._card = card
        self._model = model

    def probabilities(self, path: Path) -> NDArray[np.float32]:
        """Return the probabilities ``(classes,)`` for a picture file."""
        import keras

        spec = self._card.input
        picture = keras.utils.load_img(path, target_size=(spec.height, spec.width))
        pixels = np.expand_dims(keras.utils.img_to_array(picture), 0)
        if spec.preprocessing == "vgg19":
            pixels = keras.applications.vgg19.preprocess_input(pixels)
        if spec.mirrored:
            pixels = np.concatenate([pixels, pixels[:, :, ::-1]])
        answers: NDArray[np.float32] = self._model.predict(pixels, verbose=0)
        return np.asarray(answers.mean(axis=0))

    def top_five(self, path: Path) -> list[tuple[str, float]]:
        """Name the best five classes of a picture file."""
        answer = self.probabilities(path)
        return [(self._card.classes[index].label, float(answer[index])) for index in np.argsort(-answer)[:5]]
