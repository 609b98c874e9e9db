"""The models of the service: shared with others, each with a batcher while requests use it."""

from __future__ import annotations

import contextlib
import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.classify.classifier import BATCH_SIZE
from desktop_app.core.classify.loader import default_model_id
from desktop_app.core.classify.naming import NotAClassifier, require_labels
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.errors import Cancelled, ModelError, SightlineError
from desktop_app.core.service.answers import Computed, ModelEntry
from desktop_app.core.service.batching import MicroBatcher
from desktop_app.core.service.public_text import public_text
from desktop_app.core.service.refusals import Refusal, retry_later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.classify.pool import Lease, ModelPool
    from desktop_app.core.inference.choice import AnsweredBy

logger = logging.getLogger(__name__)

LOADING = "is being loaded"
"""Part of the error after which a client asks again; any other of `Models.check_ready` has to be fixed."""

_RETRY_SECONDS = 2


@dataclass(eq=False, slots=True)
class AnsweringModel:
    """A model that requests use now.

    Attributes:
        classifier: The model, whose network requests run through the batcher only.
        batcher: The batcher of the requests for this model.
        requests: The number of requests that use it.
    """

    classifier: Classifier
    batcher: MicroBatcher
    requests: int = 0


class Models:
    """Takes models from a pool, and loads one at a time; the default one stays in use until `close`."""

    def __init__(
        self,
        pool: ModelPool,
        model_id: str | None = None,
        *,
        on_batch: Callable[[int], None] = lambda _size: None,
    ) -> None:
        """Load nothing yet.

        Args:
            pool: The models in memory.
            model_id: The model of requests that name none; by default as `default_model_id` chooses.
            on_batch: The callback for the number of pictures of every run of a network.
        """
        self.default_id = model_id or default_model_id(pool.library)
        self._pool = pool
        self._on_batch = on_batch
        self._lock = threading.Lock()
        self._answering: dict[Classifier, AnsweringModel] = {}
        self._default: Lease | None = None
        self._loading = ""
        self._was_ready = False
        self._problem: SightlineError | None = None
        self._stopping = CancelSource()

    @contextlib.contextmanager
    def use(self, model_id: str | None = None) -> Iterator[AnsweringModel]:
        """Use a model while the block runs, loading it first if nothing else is being loaded.

        Args:
            model_id: The model's id; None for the default one.

        Raises:
            Refusal: 404, there is no such model or it is not installed; 503, one is being loaded.
            ModelError: It is damaged or does not fit its card.
            EngineError: TensorFlow does not start.
            Cancelled: The service stops.
        """
        model_id = model_id or self.default_id
        with self._pool.ready(model_id) or self._load_alone(model_id) as lease:
            if model_id == self.default_id:
                self._default_is_ready(lease)
            with self._answers(lease.classifier) as model:
                yield model

    def reserve_default(self) -> None:
        """Refuse those who ask from now on with 503 until `load_default` has run."""
        with self._lock:
            self._loading = self.default_id

    def load_default(self) -> None:
        """Load the default model, which `reserve_default` was called for.

        Raises:
            Refusal: 404, it is unknown or not installed.
            ModelError: It is damaged or does not fit its card.
            EngineError: TensorFlow does not start.
            Cancelled: The service stops.
        """
        with self._loading_ended():
            with self._problems_noted(self.default_id):
                self._check_installed(self.default_id)
            with self._load(self.default_id) as lease:
                self._default_is_ready(lease)
                _tell(lease)

    def close(self) -> None:
        """Release the default model, and end waiting for models that others load."""
        self._stopping.cancel()
        self._keep(None)

    @property
    def ready(self) -> bool:
        """Whether the default model can answer at once."""
        return self._was_ready

    @property
    def problem(self) -> str:
        """Why the default model could not be loaded, with what to do; empty before that and once it is."""
        found = self._problem
        return "" if found is None else found.reason.sentence

    def answered_by(self) -> AnsweredBy | None:
        """What computes the default model's answers; None while it is not in memory."""
        return self._pool.answered_by(self.default_id)

    def check_known(self) -> None:
        """Return when the default model is there.

        Raises:
            Refusal: It is unknown or not installed.
        """
        self._check_installed(self.default_id)

    def check_ready(self) -> None:
        """Return when the default model can answer.

        Raises:
            Refusal: 503, it is not loaded yet, or why it cannot be.
        """
        if self._was_ready:
            return
        if self._problem is not None:
            raise retry_later(503, str(self._problem), self._problem.advice, seconds=30)
        raise self._busy(self.default_id)

    def describe(self) -> list[ModelEntry]:
        """List the models of the library, those that cannot answer with their problem."""
        return [
            ModelEntry(
                id=entry.model_id,
                name=entry.name,
                description=entry.card.description if entry.card else "",
                classes=len(entry.card.classes) if entry.card else 0,
                task=entry.card.task if entry.card else "classification",
                default=entry.model_id == self.default_id,
                loaded=self._pool.is_loaded(entry.model_id),
                engine=self.computed(entry.model_id),
                problem=public_text(entry.problem),
            )
            for entry in self._pool.library.entries()
        ]

    def computed(self, model_id: str) -> Computed | None:
        """What computes a model's answers; None while it is not in memory."""
        by = self._pool.answered_by(model_id)
        return None if by is None else Computed(**by.as_json())

    def waiting(self) -> int:
        """Prepared pictures that wait for a network."""
        with self._lock:
            return sum(model.batcher.waiting for model in self._answering.values())

    @contextlib.contextmanager
    def _answers(self, classifier: Classifier) -> Iterator[AnsweringModel]:
        """Share a batcher among the requests that use the same model meanwhile."""
        with self._lock:
            model = self._answering.get(classifier)
            if model is None:
                # OpenVINO takes one picture at a time: to wait for others would only keep the first ones.
                size = 1 if classifier.by.engine == "openvino" else BATCH_SIZE
                batcher = MicroBatcher(
                    classifier.outputs, size=size, runs=classifier.calls_at_once, on_batch=self._on_batch
                )
                model = AnsweringModel(classifier, batcher)
                self._answering[classifier] = model
            model.requests += 1
        try:
            yield model
        finally:
            with self._lock:
                model.requests -= 1
                if not model.requests:
                    del self._answering[classifier]

    def _load_alone(self, model_id: str) -> Lease:
        with self._problems_noted(model_id):
            self._check_installed(model_id)
        with self._lock:
            if self._loading:
                raise self._busy(self._loading)
            if self._pool.is_loading(model_id):
                raise self._busy(model_id)
            self._loading = model_id
        with self._loading_ended():
            lease = self._load(model_id)
        _tell(lease)
        return lease

    def _load(self, model_id: str) -> Lease:
        with self._problems_noted(model_id):
            return self._pool.acquire(model_id, self._stopping.token)

    def _default_is_ready(self, lease: Lease) -> None:
        """Keep the default model in memory, as it is installed now, until the service stops."""
        self._was_ready, self._problem = True, None
        with self._lock:
            if self._default is not None and self._default.classifier is lease.classifier:
                return
        self._keep(self._pool.ready(self.default_id))
        if self._stopping.token.cancelled:
            self._keep(None)

    def _keep(self, default: Lease | None) -> None:
        with self._lock:
            before, self._default = self._default, default
        if before is not None:
            before.release()

    def _check_installed(self, model_id: str) -> None:
        try:
            entry = self._pool.library.get(model_id)
        except ModelError as error:
            raise Refusal(404, str(error), error.advice) from error
        if entry.folder is None:
            raise Refusal(
                404,
                f"The model {entry.name} is not installed.",
                "'sightline models' or the Models pane adds it.",
            )
        if entry.card is not None:
            try:
                require_labels(entry.card)
            except NotAClassifier as error:
                raise Refusal(422, str(error), error.advice) from error

    @contextlib.contextmanager
    def _loading_ended(self) -> Iterator[None]:
        """Let others load once this one has ended, however it did."""
        try:
            yield
        finally:
            with self._lock:
                self._loading = ""

    @contextlib.contextmanager
    def _problems_noted(self, model_id: str) -> Iterator[None]:
        """Note why the default model cannot be loaded, for those who ask whether it is ready."""
        try:
            yield
        except Cancelled:
            raise
        except Exception as error:
            if model_id == self.default_id:
                self._problem = _in_words(error, model_id)
            raise

    def _busy(self, model_id: str) -> Refusal:
        return retry_later(
            503, f"The model {model_id} {LOADING}.", "Ask again in some seconds.", _RETRY_SECONDS
        )


def _tell(lease: Lease) -> None:
    """Log which model is ready, and by which engine; whoever reads it may send requests at once."""
    card, by = lease.classifier.card, lease.classifier.by
    logger.info("%s (%s) answers on the %s: %s.", card.name, card.id, by.device, by.words)
    if by.reason:
        logger.info("%s", by.reason)


def _in_words(error: Exception, model_id: str) -> SightlineError:
    """Say why a model was not loaded; a defect's own words are for the log and not for clients."""
    if isinstance(error, SightlineError):
        return error
    return ModelError(
        f"The model {model_id} could not be loaded.", "The log of the service says why: ask who runs it."
    )
