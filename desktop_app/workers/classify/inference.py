"""The network that classifies, as a lane uses it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.engine.libraries import import_keras_modules, import_start_modules
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.imagenet.published import BETTER
from desktop_app.workers.classify.messages import Answer, ModelPhase, ModelStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.classify.pool import Lease, ModelPool
    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.images.decoding.decode import Layout
    from desktop_app.core.networks.input_spec import Fitting, InputSpec


@dataclass(frozen=True, slots=True)
class Loading:
    """A step of loading a model.

    Attributes:
        message: One line for the screen; empty for what is known before the loading.
        input: What the card says of pictures; None when there is no card.
    """

    model_id: str
    model_name: str
    message: str = ""
    input: InputSpec | None = None


class Inference:
    """Loads models and classifies; called in one lane.

    The model that was asked last is in use, and so in memory, until the next one is asked.
    """

    def __init__(self, pool: ModelPool) -> None:
        self._pool = pool
        self._current: Lease | None = None

    def load(
        self, model_id: str | None, cancel: CancelToken, *, on_progress: Callable[[Loading], None]
    ) -> ModelStatus:
        """Make a model ready, reporting first its card and then each step; None takes the default one."""
        from desktop_app.core.classify.loader import default_model_id

        # Before the use of the present one ends: it may be the same.
        ready = self._pool.ready(model_id) if model_id else None
        if self._current is not None:
            self._current.release()
        self._current = ready
        on_progress(Loading(model_id or BETTER.model_id, model_id or BETTER.name))
        model_id = model_id or default_model_id(self._pool.library)
        on_progress(Loading(model_id, model_id))
        entry = self._pool.library.get(model_id)
        name = entry.name
        on_progress(Loading(model_id, name, input=entry.card.input if entry.card is not None else None))
        if self._current is None:
            on_progress(Loading(model_id, name, f"Loading {name}…"))

            def tell(sentence: str) -> None:
                # It comes before TensorFlow is loaded, which the lists of the start would wait for.
                import_start_modules()
                import_keras_modules()
                on_progress(Loading(model_id, name, sentence))

            self._current = self._pool.acquire(model_id, cancel, tell)
        by = self._current.classifier.by
        return ModelStatus(model_id, name, ModelPhase.READY, f"{name} is ready", by=by)

    def predict(
        self, pixels: NDArray[np.uint8], fitting: Fitting, seconds: float, layout: Layout | None = None
    ) -> Answer:
        """Classify one picture that has the model's input size.

        Args:
            pixels: The picture, as `load_fitted` gives it.
            fitting: What of the picture it shows.
            seconds: The time that decoding it took.
            layout: What there is in the file beside that; None if unknown.
        """
        if self._current is None:
            raise ModelError("The model is not loaded.")
        classifier = self._current.classifier
        started = time.perf_counter()
        prediction = classifier.predict_prepared([pixels])[0]
        if layout is not None:
            prediction = prediction.looked_at(*layout)
        seconds += time.perf_counter() - started
        card = classifier.card
        return Answer(card.id, card.name, classifier.by, seconds, prediction, fitting, card.input.fit)
