"""The models in memory: each is loaded once, however many use it."""

from __future__ import annotations

import gc
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, Self

from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.devices.memory import free_memory
from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import Cancelled
from desktop_app.core.inference.choice import AUTOMATIC

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.inference.choice import AnsweredBy, EngineChoice
    from desktop_app.core.library.store import Library


class Load(Protocol):
    """A function that loads a model; see `load_classifier`."""

    def __call__(
        self, model_id: str, library: Library, choice: EngineChoice, tell: Callable[[str], None], /
    ) -> Classifier:
        """Load it."""


KEPT_SHARE = 0.25
"""The share that unused models may take of the memory that would be free without them."""

SMALL_BYTES = 64 * 1024 * 1024
"""Unused models of this size together are kept, however little memory is free."""

_LOOK_SECONDS = 0.1
"""How often a thread that waits for a model checks whether it is still wanted."""


class Cancellable(Protocol):
    """The part of a `CancelToken` or a `BatchToken` that is needed here."""

    @property
    def cancelled(self) -> bool:
        """Whether the work should end."""


@dataclass(eq=False, slots=True)
class _Held:
    """A model that is loaded or being loaded.

    Attributes:
        model_id: The model's id in the library.
        stamp: The stamp of its files, before they were read.
        size: The bytes of its files, about what its weights take.
        choice: Which engine and numbers were wanted when it was loaded.
        tell: Callback for what is being done while it is loaded.
        users: The number of leases, and of threads that wait for the model.
        loaded: The event that is set once the loading has ended or failed.
        classifier: The loaded model; None until then, and if loading failed.
        error: The reason why it failed.
    """

    model_id: str
    stamp: tuple[int, int] | None
    size: int
    choice: EngineChoice
    tell: Callable[[str], None]
    users: int = 1
    loaded: threading.Event = field(default_factory=threading.Event)
    classifier: Classifier | None = None
    error: BaseException | None = None


class Lease:
    """One use of a model, which stays in memory until `release`; a context manager releases it at its end."""

    def __init__(self, classifier: Classifier, release: Callable[[], None]) -> None:
        """Take over a use that is counted already.

        Args:
            classifier: The loaded model.
            release: The function that ends the use.
        """
        self._classifier: Classifier | None = classifier
        self._release: Callable[[], None] | None = release

    @property
    def classifier(self) -> Classifier:
        """The model, which other users share."""
        assert self._classifier is not None, "released"
        return self._classifier

    def release(self) -> None:
        """End the use; later calls do nothing."""
        release, self._release = self._release, None
        self._classifier = None
        if release is not None:
            release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


class ModelPool:
    """Loads each model once and shares it between its users; every method may be called from any thread.

    Models that nobody uses stay, the last used ones, for as long as there is plenty of memory. One whose
    files were replaced is loaded again for the next user; those who have a lease keep the old one.

    Attributes:
        library: The folder of the models.
    """

    def __init__(
        self,
        library: Library,
        *,
        load: Load = load_classifier,
        choice: EngineChoice = AUTOMATIC,
        free: Callable[[], int] = free_memory,
    ) -> None:
        """Load nothing yet.

        Args:
            library: The folder of the models.
            load: The loader of a model, by its id.
            choice: Which engine and numbers the user wants; `choose` changes it later.
            free: The function that returns the bytes of free memory; 0 if unknown: little is kept then.
        """
        self.library = library
        self._load = load
        self._choice = choice
        self._free = free
        self._lock = threading.Lock()
        self._held: dict[str, _Held] = {}  # the last used one comes last

    def acquire(
        self,
        model_id: str,
        cancel: Cancellable = NEVER,
        tell: Callable[[str], None] = lambda _sentence: None,
    ) -> Lease:
        """Use a model: share the one in memory, wait for whoever is loading it, or load it.

        Args:
            model_id: The model's id in the library.
            cancel: The token that ends waiting for another thread; loading itself cannot be interrupted.
            tell: Callback for what is being done, where this thread loads the model and that takes long.

        Raises:
            ModelError: The model is unknown, not installed, damaged or does not fit its card.
            EngineError: TensorFlow does not start.
            Cancelled: It was cancelled while another thread loaded the model.
        """
        while True:
            held, is_mine = self._join(model_id, tell)
            if is_mine:
                self._load_into(held)
            else:
                self._wait(held, cancel)
            if held.classifier is not None:
                return self._lease(held)
            if isinstance(held.error, Exception):
                raise held.error
            # Only the other thread was interrupted, as by Ctrl+C.

    def ready(self, model_id: str) -> Lease | None:
        """Use a model that is in memory; None when it is not, or its files were replaced."""
        with self._lock:
            held = self._current(model_id)
            if held is None or held.classifier is None:
                return None
            held.users += 1
        return self._lease(held)

    def is_loaded(self, model_id: str) -> bool:
        """Whether a model is in memory."""
        with self._lock:
            held = self._held.get(model_id)
            return held is not None and held.classifier is not None

    def answered_by(self, model_id: str) -> AnsweredBy | None:
        """What computes the answers of a model in memory; None when it is not there."""
        with self._lock:
            held = self._held.get(model_id)
            return None if held is None or held.classifier is None else held.classifier.by

    def is_loading(self, model_id: str) -> bool:
        """Whether a thread is loading a model now."""
        with self._lock:
            held = self._held.get(model_id)
            return held is not None and held.classifier is None

    def choose(self, choice: EngineChoice) -> None:
        """Take another engine or other numbers from now on; who has a lease keeps what it has."""
        with self._lock:
            self._choice = choice

    def forget(self, model_id: str) -> None:
        """Load a model again for its next user, since its files were replaced or removed."""
        with self._lock:
            self._held.pop(model_id, None)

    def _join(self, model_id: str, tell: Callable[[str], None]) -> tuple[_Held, bool]:
        """Count a further user of a model; True when this one has to load it.

        Raises:
            UnknownModel: There is none with this id.
        """
        with self._lock:
            held = self._current(model_id)
            if held is not None:
                held.users += 1
                return held, False
        size = self.library.get(model_id).bytes
        with self._lock:
            held = self._current(model_id)
            if held is not None:
                held.users += 1
                return held, False
            held = _Held(model_id, self.library.stamp(model_id), size, self._choice, tell)
            self._held[model_id] = held
            return held, True

    def _current(self, model_id: str) -> _Held | None:
        """Find a model whose files are still those that were read; one of other files is forgotten."""
        held = self._held.get(model_id)
        if held is None:
            return None
        if held.stamp != self.library.stamp(model_id) or held.choice != self._choice:
            del self._held[model_id]
            return None
        return held

    def _load_into(self, held: _Held) -> None:
        try:
            self._make_room()
            held.classifier = self._load(held.model_id, self.library, held.choice, held.tell)
        except BaseException as error:
            held.error = error
            with self._lock:
                self._remove(held)
            raise
        finally:
            held.loaded.set()

    def _wait(self, held: _Held, cancel: Cancellable) -> None:
        while not held.loaded.wait(_LOOK_SECONDS):
            if cancel.cancelled:
                self._end_use(held)
                raise Cancelled

    def _lease(self, held: _Held) -> Lease:
        assert held.classifier is not None
        return Lease(held.classifier, lambda: self._end_use(held))

    def _end_use(self, held: _Held) -> None:
        with self._lock:
            held.users -= 1
            if held.users or not self._remove(held):
                return
            self._held[held.model_id] = held
        self._make_room()

    def _remove(self, held: _Held) -> bool:
        """Take a model out; False when it was forgotten or replaced before."""
        if self._held.get(held.model_id) is not held:
            return False
        del self._held[held.model_id]
        return True

    def _make_room(self) -> None:
        """Drop unused models, the longest unused first, until the others take no more than `KEPT_SHARE`."""
        with self._lock:
            plenty = sum(held.size for held in self._unused()) <= SMALL_BYTES
        if not plenty and self._drop_unused(self._free()):
            gc.collect()  # layers and what they give refer to each other

    def _drop_unused(self, free: int) -> bool:
        """Return whether any was dropped."""
        with self._lock:
            unused = self._unused()
            kept = sum(held.size for held in unused)
            coming = sum(held.size for held in self._held.values() if not held.loaded.is_set())
            share = KEPT_SHARE * (free - coming + kept) if free else 0
            before = len(self._held)
            while kept > max(SMALL_BYTES, share):
                held = unused.pop(0)
                kept -= held.size
                held.classifier = None  # whoever ended the last use still has it in hand
                del self._held[held.model_id]
            return len(self._held) < before

    def _unused(self) -> list[_Held]:
        return [held for held in self._held.values() if not held.users]
