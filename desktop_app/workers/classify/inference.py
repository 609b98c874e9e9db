"""What the inference lane does: it loads models and classifies, one request at a time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import Cancelled, Reason, SightlineError
from desktop_app.core.library.store import EVERYDAY_ID
from desktop_app.workers.classify.messages import Answer, ModelPhase, ModelStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.classify.pool import Lease, ModelPool
    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.networks.input_spec import InputSpec


class Inference:
    """Wraps `ModelPool.acquire` and `Classifier.predict`; only for the inference lane.

    The model that was asked last is in use, and so in memory, until the next one is asked.
    """

    def __init__(self, pool: ModelPool) -> None:
        self._pool = pool
        self._current: Lease | None = None

    def load(
        self,
        model_id: str | None,
        cancel: CancelToken,
        *,
        on_progress: Callable[[ModelStatus | InputSpec], None],
    ) -> None:
        """Load a model.

        Args:
            model_id: The id in the library; None takes the default one.
            cancel: Set when another model is chosen meanwhile.
            on_progress: Gets the model's input, long before the model itself is loaded, and each status.
        """
        from desktop_app.core.classify.loader import default_model_id

        # Before the use of the present one ends: it may be the same.
        ready = self._pool.ready(model_id) if model_id else None
        if self._current is not None:
            self._current.release()
        self._current = ready
        name = model_id or EVERYDAY_ID

        def say(phase: ModelPhase, message: str = "", reason: Reason | None = None) -> None:
            on_progress(ModelStatus(model_id or EVERYDAY_ID, name, phase, message, reason))

        try:
            model_id = model_id or default_model_id(self._pool.library)
            entry = self._pool.library.get(model_id)
            name = entry.name
            if entry.card is not None:
                on_progress(entry.card.input)
            if self._current is None:
                self._current = self._loaded(model_id, name, cancel, say)
        except Cancelled:
            return
        except SightlineError as error:
            say(ModelPhase.FAILED, reason=error.reason)
        except Exception as error:
            say(ModelPhase.FAILED, reason=Reason.of_defect(f"Loading {name}", error, "Choose another model."))
            raise  # a defect: the excepthook opens the crash dialog, the thread lives on
        else:
            say(ModelPhase.READY, f"{name} is ready")

    def _loaded(
        self, model_id: str, name: str, cancel: CancelToken, say: Callable[[ModelPhase, str], None]
    ) -> Lease:
        from desktop_app.core.engine.loading import engine_loaded, load_engine

        if not engine_loaded():
            say(ModelPhase.LOADING, "Starting TensorFlow…")
            load_engine()
        say(ModelPhase.LOADING, f"Loading {name}…")
        return self._pool.acquire(model_id, cancel)

    def predict(self, pixels: NDArray[np.uint8], decode_seconds: float) -> Answer:
        """Classify one picture.

        Args:
            pixels: The picture in the model's input size, uint8 ``(height, width, 3)``.
            decode_seconds: The time that decoding it took.

        Raises:
            SightlineError: The model is not loaded or cannot classify the picture.
        """
        if self._current is None:
            raise SightlineError("The model is not loaded.")
        classifier = self._current.classifier
        started = time.perf_counter()
        prediction = classifier.predict([pixels])[0]
        seconds = decode_seconds + time.perf_counter() - started
        return Answer(classifier.card.id, classifier.card.name, classifier.device, seconds, prediction)
