"""The work of a cluster's workers: classify a chunk of a shared folder with a model of their own library.

Dask sends the arguments of these functions to the workers, and their results back; what is in here is the
language that both sides speak, so they must have the same version of Sightline.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import os
import socket
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop_app import __version__
from desktop_app.core.batch.job.errors import ClusterError
from desktop_app.core.batch.run.answering import OwnNetwork
from desktop_app.core.foundation.ahead import InPlace
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.inference.choice import AUTOMATIC
from desktop_app.core.library.store import Library

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.batch.job.rows import Outcome
    from desktop_app.core.batch.run.answering import Answering
    from desktop_app.core.classify.prediction import PartSeen
    from desktop_app.core.foundation.ahead import MakeExecutor
    from desktop_app.core.inference.choice import EngineChoice
    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.networks.input_spec import Fit

MODELS_KEPT = 2
"""Models that a worker holds at the same time, for jobs that take turns."""


@dataclass(frozen=True, slots=True)
class ModelKey:
    """The model that is to classify.

    Attributes:
        model_id: The model's id in the library of each worker.
        name: The model's name, for sentences.
        weights_sha256: The digest of its weights.
        settings_sha256: The digest of whatever else in its card changes a prediction; see `model_key`.
    """

    model_id: str
    name: str
    weights_sha256: str
    settings_sha256: str


@dataclass(frozen=True, slots=True)
class Question:
    """The settings for every picture of a job.

    Attributes:
        model: The model that classifies.
        fit: The image fit.
        crop_share: The share of a picture that a crop keeps.
        top: The number of classes to keep for each picture.
        batch_size: The number of pictures in one call of the network.
        parallel: The number of pictures that a worker decodes at once; None for that of its cores.
        version: Sightline's version, which must be the worker's.
        choice: The engine and precision that were asked for; each worker decides by itself what fits it.
        make_executor: The factory of the threads that decode, in a worker; a function it finds by name.
    """

    model: ModelKey
    fit: Fit
    crop_share: float
    top: int
    batch_size: int
    parallel: int | None
    version: str = __version__
    choice: EngineChoice = AUTOMATIC
    make_executor: MakeExecutor = InPlace


@dataclass(frozen=True, slots=True)
class ChunkAnswer:
    """The results of a chunk.

    Attributes:
        outcomes: The outcome of each of its pictures.
        unseen: The numbers of the pictures whose files are not there for this worker.
        seconds: The time it took, without loading the model.
        computer: The name of the worker's computer.
        worker: Its address in the cluster.
    """

    outcomes: tuple[Outcome, ...]
    unseen: frozenset[int]
    seconds: float
    computer: str
    worker: str


@dataclass(frozen=True, slots=True)
class Member:
    """A scheduler or worker, as it sees itself.

    Attributes:
        computer: The name of its computer.
        sightline: The version of Sightline.
        dask: The version of dask.distributed.
        missing: Folders of those asked for that it does not see.
    """

    computer: str
    sightline: str
    dask: str
    missing: tuple[str, ...]


def introduce(folders: Sequence[str] = ()) -> Member:
    """Say who this is, and which of some folders are not to be seen from here."""
    missing = tuple(folder for folder in folders if not os.path.isdir(folder))  # noqa: PTH112 - see below
    return Member(socket.gethostname(), __version__, importlib.metadata.version("distributed"), missing)


def model_key(card: ModelCard) -> ModelKey:
    """Name a model by what its answers depend on: another one must not answer in its place."""
    fields = {"architecture", "classes", "input", "calibration", "bank", "task", "outputs"}
    decisive = card.model_dump_json(include=fields)
    digest = hashlib.sha256(decisive.encode()).hexdigest()
    return ModelKey(card.id, card.name, card.weights_sha256, digest)


def answer_chunk(question: Question, pictures: Sequence[tuple[int, Path]]) -> ChunkAnswer:
    """Answer some pictures; runs in a worker.

    Args:
        question: The same for the whole job.
        pictures: Number and path of each.

    Raises:
        ClusterError: This worker has not the model or not the version, or its network does not answer.
    """
    computer = socket.gethostname()
    if question.version != __version__:
        raise other_version(f"The worker on {computer}", __version__, question.version)
    try:
        classifier = _classifier_for(question.model, question.choice)
        started = time.perf_counter()
        outcomes = _answer(question, classifier, pictures)
    except ClusterError:
        raise
    except SightlineError as error:
        raise ClusterError(f"The worker on {computer} cannot classify: {error}", error.advice) from error
    paths = dict(pictures)
    failed = [outcome.number for outcome in outcomes if outcome.reason]
    # The methods of paths raise where a folder above is closed to this user, which is the same here.
    unseen = frozenset(number for number in failed if not os.path.exists(paths[number]))  # noqa: PTH110
    return ChunkAnswer(tuple(outcomes), unseen, time.perf_counter() - started, computer, _own_address())


def _own_address() -> str:
    """The address of the worker that this runs in; empty when it is none."""
    from distributed import get_worker

    try:
        return str(get_worker().address)
    except ValueError:
        return ""


def other_version(who: str, theirs: str, ours: str) -> ClusterError:
    """Say that a part of the cluster has another version of Sightline."""
    return ClusterError(
        f"{who} has Sightline {theirs}, this computer {ours}.",
        "Install the same version everywhere, and start the scheduler and the workers again.",
    )


class _Chunk:
    """The pictures of a chunk, as `WaitingPictures`."""

    complete = True

    def __init__(self, pictures: Sequence[tuple[int, Path]]) -> None:
        self._pictures = deque(pictures)

    def take(self, count: int) -> list[tuple[int, Path]]:
        return [self._pictures.popleft() for _ in range(min(count, len(self._pictures)))]


def _answer(question: Question, classifier: Answering, pictures: Sequence[tuple[int, Path]]) -> list[Outcome]:
    chunk = _Chunk(pictures)
    outcomes: list[Outcome] = []
    with OwnNetwork(
        classifier,
        fit=question.fit,
        crop_share=question.crop_share,
        top=question.top,
        batch_size=question.batch_size,
        parallel=question.parallel,
        make_executor=question.make_executor,
    ) as network:
        network.feed(chunk)
        while network.pending:
            outcomes += network.take(chunk)
            network.feed(chunk)
    return outcomes


class _SharedClassifier:
    """Lets one thread at a time run the network, when a worker has several."""

    def __init__(self, classifier: Answering) -> None:
        self._classifier = classifier
        self._running = threading.Lock()
        self.card = classifier.card
        self.by = classifier.by

    def outputs(self, prepared: Sequence[NDArray[np.uint8]], batch_size: int = 1) -> NDArray[np.float32]:
        with self._running:
            return self._classifier.outputs(prepared, batch_size)

    def probabilities(self, outputs: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        return self._classifier.probabilities(outputs)

    def distances(self, outputs: NDArray[np.floating[Any]]) -> list[float | None]:
        return self._classifier.distances(outputs)

    def parts(self, outputs: NDArray[np.floating[Any]]) -> list[PartSeen | None]:
        return self._classifier.parts(outputs)


_loading = threading.Lock()


def _classifier_for(wanted: ModelKey, choice: EngineChoice) -> Answering:
    """The model in this process; the first chunk loads it, the others that come meanwhile wait."""
    with _loading:
        return _load(wanted, choice)


@functools.lru_cache(maxsize=MODELS_KEPT)
def _load(wanted: ModelKey, choice: EngineChoice) -> Answering:
    """Load a model of this worker's library.

    Raises:
        ModelError: It is not there, or cannot be loaded.
        ClusterError: It is another one of the same name.
    """
    from desktop_app.core.classify.loader import load_classifier

    library = Library.default()
    card = library.get(wanted.model_id).card
    if card is not None:
        found = model_key(card)
        if found.weights_sha256 != wanted.weights_sha256:
            raise _other_model("other weights for", wanted)
        if found.settings_sha256 != wanted.settings_sha256:
            raise _other_model("another card for", wanted)
    return _SharedClassifier(load_classifier(wanted.model_id, library, choice))


def _other_model(what: str, wanted: ModelKey) -> ClusterError:
    return ClusterError(
        f"The worker on {socket.gethostname()} has {what} the model {wanted.name} ({wanted.model_id}).",
        f"Write it to a file here ('sightline models export {wanted.model_id} FILE'), and import that there.",
    )
