"""The inference thread's worker: loads models and classifies, one request at a time."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.engine.libraries import import_core_modules, import_model_modules
from desktop_app.core.foundation.errors import Cancelled, Reason, SightlineError
from desktop_app.core.library.store import EVERYDAY_ID
from desktop_app.workers.classify.messages import Answer, ModelPhase, ModelStatus

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.classify.pool import Lease, ModelPool
    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.networks.input_spec import InputSpec


@dataclass(frozen=True, slots=True)
class LoadRequest:
    """Make a model ready; ``model_id`` None asks for the default one.

    ``cancel`` is set when another model was chosen before this one's turn came.
    """

    generation: int
    model_id: str | None
    cancel: CancelToken


@dataclass(frozen=True, slots=True)
class CardKnown:
    """The card of the requested model, long before the model itself is loaded."""

    generation: int
    model_id: str
    model_name: str
    input: InputSpec


@dataclass(frozen=True, slots=True)
class ModelChanged:
    """The progress of loading the requested model."""

    generation: int
    status: ModelStatus


@dataclass(frozen=True, slots=True)
class PredictRequest:
    """Classify one picture that has the model's input size: uint8 ``(height, width, 3)``."""

    generation: int
    number: int
    pixels: NDArray[np.uint8] = field(repr=False, compare=False)
    decode_seconds: float


@dataclass(frozen=True, slots=True)
class Predicted:
    """The prediction, or why there is none."""

    generation: int
    number: int
    answer: Answer | None = None
    reason: Reason | None = None


class InferenceWorker(QObject):
    """Wraps `ModelPool.acquire` and `Classifier.predict`; lives in the inference thread.

    The model that was asked last is in use, and so in memory, until the next one is asked.
    """

    card_known = Signal(object)
    model_changed = Signal(object)
    predicted = Signal(object)

    def __init__(self, pool: ModelPool) -> None:
        super().__init__()
        self._pool = pool
        self._current: Lease | None = None

    @Slot(object)
    def load(self, request: LoadRequest) -> None:
        """Load a model, reporting first its card and then each step."""
        if request.cancel.cancelled:
            return
        import_model_modules()
        from desktop_app.core.classify.loader import default_model_id

        # Before the use of the present one ends: it may be the same.
        ready = self._pool.ready(request.model_id) if request.model_id else None
        if self._current is not None:
            self._current.release()
        self._current = ready
        model_id = request.model_id or EVERYDAY_ID
        name = model_id
        try:
            model_id = request.model_id or default_model_id(self._pool.library)
            entry = self._pool.library.get(model_id)
            name = entry.name
            if entry.card is not None:
                self.card_known.emit(CardKnown(request.generation, model_id, name, entry.card.input))
            if self._current is None:
                self._current = self._loaded(request, model_id, name)
        except Cancelled:
            return
        except SightlineError as error:
            status = ModelStatus(model_id, name, ModelPhase.FAILED, reason=error.reason)
            self.model_changed.emit(ModelChanged(request.generation, status))
        except Exception as error:
            reason = Reason.of_defect(f"Loading {name}", error, "Choose another model.")
            status = ModelStatus(model_id, name, ModelPhase.FAILED, reason=reason)
            self.model_changed.emit(ModelChanged(request.generation, status))
            raise  # a defect: the excepthook opens the crash dialog, the thread lives on
        else:
            status = ModelStatus(model_id, name, ModelPhase.READY, f"{name} is ready")
            self.model_changed.emit(ModelChanged(request.generation, status))

    def _loaded(self, request: LoadRequest, model_id: str, name: str) -> Lease:
        from desktop_app.core.engine.loading import engine_loaded, load_engine

        if not engine_loaded():
            self._say(request.generation, model_id, name, "Starting TensorFlow…")
            import_core_modules()  # or who needs a part of it would wait for TensorFlow
            load_engine()
        self._say(request.generation, model_id, name, f"Loading {name}…")
        return self._pool.acquire(model_id, request.cancel)

    def _say(self, generation: int, model_id: str, name: str, message: str) -> None:
        status = ModelStatus(model_id, name, ModelPhase.LOADING, message)
        self.model_changed.emit(ModelChanged(generation, status))

    @Slot(object)
    def predict(self, request: PredictRequest) -> None:
        """Classify one picture."""
        if self._current is None:
            reason = Reason("The model is not loaded.")
            self.predicted.emit(Predicted(request.generation, request.number, reason=reason))
            return
        classifier = self._current.classifier
        started = time.perf_counter()
        try:
            prediction = classifier.predict([request.pixels])[0]
        except SightlineError as error:
            self.predicted.emit(Predicted(request.generation, request.number, reason=error.reason))
        except Exception as error:
            reason = Reason.of_defect("The model", error)
            self.predicted.emit(Predicted(request.generation, request.number, reason=reason))
            raise
        else:
            seconds = request.decode_seconds + time.perf_counter() - started
            answer = Answer(classifier.card.id, classifier.card.name, classifier.device, seconds, prediction)
            self.predicted.emit(Predicted(request.generation, request.number, answer))
