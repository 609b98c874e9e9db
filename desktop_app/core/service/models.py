"""The models that the service holds in memory: each is loaded once, when it is first asked."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.classify.loader import default_model_id, load_classifier
from desktop_app.core.foundation.errors import ModelError, SightlineError
from desktop_app.core.library.card_limits import CARD_FILE
from desktop_app.core.service.answers import ModelEntry
from desktop_app.core.service.batching import MicroBatcher
from desktop_app.core.service.public_text import public_text
from desktop_app.core.service.refusals import Refusal, retry_later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.library.store import InstalledModel, Library

logger = logging.getLogger(__name__)

KEPT_MODELS = 2
"""Loaded models to keep: the default one, and of the others those that were asked last."""

LOADING = "is being loaded"
"""In the error of those who have to ask again; any other one of `Models.check_ready` has to be mended."""

_RETRY_SECONDS = 2


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model that is ready to answer.

    Attributes:
        classifier: Its network is run through the batcher only.
        batcher: Collects the requests for this model.
        stamp: What its card's file looked like when it was loaded.
    """

    classifier: Classifier
    batcher: MicroBatcher
    stamp: tuple[int, int]


class Models:
    """Loads models on demand, one at a time, and keeps the last ones."""

    def __init__(
        self,
        library: Library,
        model_id: str | None = None,
        *,
        load: Callable[[str, Library], Classifier] = load_classifier,
        on_batch: Callable[[int], None] = lambda _size: None,
    ) -> None:
        """Load nothing yet.

        Args:
            library: Where models are looked up.
            model_id: Answers when a request names none; by default VGG19 if it is there, else Everyday.
            load: Makes a classifier of a model's id.
            on_batch: Told the number of pictures of every run of a network.
        """
        self.default_id = model_id or default_model_id(library)
        self._library = library
        self._load = load
        self._on_batch = on_batch
        self._lock = threading.Lock()
        self._loaded: OrderedDict[str, LoadedModel] = OrderedDict()
        self._loading = ""
        self._was_ready = False
        self._problem: SightlineError | None = None

    def get(self, model_id: str | None = None) -> LoadedModel:
        """Give back a loaded model, loading it first if nothing else is being loaded.

        Args:
            model_id: None asks for the default one.

        Raises:
            Refusal: 404, there is no such model or it is not installed; 503, one is being loaded.
            ModelError: It is damaged or does not fit its card.
            EngineError: TensorFlow does not start.
        """
        model_id = model_id or self.default_id
        with self._lock:
            if found := self._current(model_id):
                return found
        with self._problems_noted(model_id):
            entry = self._entry(model_id)
        with self._lock:
            if found := self._current(model_id):
                return found
            if self._loading:
                raise self._busy(self._loading)
            self._loading = model_id
        with self._loading_ended():
            return self._load_now(entry)

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
        """
        with self._loading_ended():
            with self._problems_noted(self.default_id):
                entry = self._entry(self.default_id)
            self._load_now(entry)

    @property
    def ready(self) -> bool:
        """Whether the default model can answer at once."""
        return self._was_ready

    @property
    def problem(self) -> str:
        """Why the default model could not be loaded, with what to do; empty before that and once it is."""
        found = self._problem
        return "" if found is None else found.reason.sentence

    def check_known(self) -> None:
        """Return when the default model is there.

        Raises:
            Refusal: It is unknown or not installed.
        """
        self._entry(self.default_id)

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
        with self._lock:
            loaded = set(self._loaded)
        return [
            ModelEntry(
                id=entry.model_id,
                name=entry.name,
                description=entry.card.description if entry.card else "",
                classes=len(entry.card.classes) if entry.card else 0,
                default=entry.model_id == self.default_id,
                loaded=entry.model_id in loaded,
                problem=public_text(entry.problem),
            )
            for entry in self._library.entries()
        ]

    def waiting(self) -> int:
        """Prepared pictures that wait for a network."""
        with self._lock:
            return sum(model.batcher.waiting for model in self._loaded.values())

    def _current(self, model_id: str) -> LoadedModel | None:
        """Find a loaded model whose files are still those that were loaded."""
        found = self._loaded.get(model_id)
        if found is None:
            return None
        entry_folder = self._folder(model_id)
        if entry_folder is None or _stamp(entry_folder) != found.stamp:
            del self._loaded[model_id]
            return None
        self._loaded.move_to_end(model_id)
        return found

    def _folder(self, model_id: str) -> Path | None:
        for parent in (self._library.shipped, self._library.installed):
            if (parent / model_id / CARD_FILE).is_file():
                return parent / model_id
        return None

    def _entry(self, model_id: str) -> InstalledModel:
        try:
            entry = self._library.get(model_id)
        except ModelError as error:
            raise Refusal(404, str(error), error.advice) from error
        if entry.folder is None:
            raise Refusal(
                404,
                f"The model {entry.name} is not installed.",
                "'sightline models' or the Models pane adds it.",
            )
        return entry

    def _load_now(self, entry: InstalledModel) -> LoadedModel:
        assert entry.folder is not None
        stamp = _stamp(entry.folder)  # before its files are read: a change meanwhile is then noticed
        with self._problems_noted(entry.model_id):
            classifier = self._load(entry.model_id, self._library)
        loaded = LoadedModel(classifier, MicroBatcher(classifier.outputs, on_batch=self._on_batch), stamp)
        with self._lock:
            self._keep(entry.model_id, loaded)
        card = classifier.card  # told only now: who reads it may ask at once
        logger.info("%s (%s) answers on the %s.", card.name, card.id, classifier.device)
        return loaded

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
        except Exception as error:
            if model_id == self.default_id:
                self._problem = _in_words(error, model_id)
            raise

    def _keep(self, model_id: str, loaded: LoadedModel) -> None:
        self._loaded[model_id] = loaded
        while len(self._loaded) > KEPT_MODELS:
            del self._loaded[next(kept for kept in self._loaded if kept not in {self.default_id, model_id})]
        if model_id == self.default_id:
            self._was_ready, self._problem = True, None

    def _busy(self, model_id: str) -> Refusal:
        return retry_later(
            503, f"The model {model_id} {LOADING}.", "Ask again in some seconds.", _RETRY_SECONDS
        )


def _in_words(error: Exception, model_id: str) -> SightlineError:
    """Say why a model was not loaded; a defect's own words are for the log and not for clients."""
    if isinstance(error, SightlineError):
        return error
    return ModelError(
        f"The model {model_id} could not be loaded.", "The log of the service says why: ask who runs it."
    )


def _stamp(folder: Path) -> tuple[int, int]:
    """Tell one installation of a model from the next; a folder that is gone is unlike any."""
    try:
        status = (folder / CARD_FILE).stat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_ino)
