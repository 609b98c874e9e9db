"""From the files of pictures to their results, with the network of this process."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np

from desktop_app.core.batch.job.job import COMMIT_ROWS
from desktop_app.core.batch.job.rows import Outcome, seen_text
from desktop_app.core.batch.run.decoding import read_or_reason
from desktop_app.core.classify.classifier import as_kept, chosen_outputs
from desktop_app.core.devices.parallel import parallel_for
from desktop_app.core.foundation.ahead import Ahead, InPlace
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.images.decoding.decode import read_seen
from desktop_app.core.images.decoding.limits import MEMORY_BYTES
from desktop_app.core.kinds.sums import kind_sums

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

    from desktop_app.core.batch.run.decoding import Decoded
    from desktop_app.core.classify.prediction import PartSeen
    from desktop_app.core.foundation.ahead import MakeExecutor
    from desktop_app.core.inference.choice import AnsweredBy
    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.networks.input_spec import Fit

BATCH_SIZE = 32
"""Pictures in one call of the network."""


class Answering(Protocol):
    """The methods that are needed of a `classifier.Classifier`."""

    card: ModelCard

    @property
    def by(self) -> AnsweredBy:
        """What computes: engine, numbers and device."""

    def outputs(self, prepared: Sequence[NDArray[np.uint8]], batch_size: int = ...) -> NDArray[np.float32]:
        """Run the network."""

    def probabilities(self, outputs: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Turn the network's outputs into calibrated probabilities, or amounts."""

    def distances(self, outputs: NDArray[np.floating[Any]]) -> list[float | None]:
        """Read from the outputs how far each picture is from the training pictures; None if unknown."""

    def parts(self, outputs: NDArray[np.floating[Any]]) -> list[PartSeen | None]:
        """Read from the outputs which part of each picture counts; None for the whole."""


class WaitingPictures(Protocol):
    """The pictures that wait to be classified, each taken once."""

    @property
    def complete(self) -> bool:
        """Whether no more will come than those that can be taken now."""

    def take(self, count: int) -> list[tuple[int, Path]]:
        """Take the next pictures, by number and path; fewer when there are no more at the moment."""


class Workers(Protocol):
    """Classifies pictures: the network of this process, or a cluster."""

    @property
    def pending(self) -> int:
        """Pictures that were taken and not returned."""

    def feed(self, waiting: WaitingPictures) -> None:
        """Take pictures, no more than are needed to be busy."""

    def take(self, waiting: WaitingPictures) -> list[Outcome]:
        """Return results that are ready soon; none if that takes longer.

        Args:
            waiting: The pictures to take more from meanwhile.

        Raises:
            ModelError: The network fails, whatever the picture.
            ClusterError: The cluster does not reply any more.
        """


class OwnNetwork:
    """Classifies whole batches with the network of this process, while the next pictures are decoded.

    A context manager, which stops the decoding at its end.
    """

    def __init__(
        self,
        classifier: Answering,
        *,
        fit: Fit,
        crop_share: float,
        top: int,
        batch_size: int = BATCH_SIZE,
        parallel: int | None = None,
        make_executor: MakeExecutor = InPlace,
    ) -> None:
        """Begin no work yet.

        Args:
            classifier: The loaded model.
            fit: The image fit.
            crop_share: The share of a picture that a crop keeps.
            top: The number of classes to keep for each picture.
            batch_size: The number of pictures in one call of the network.
            parallel: The number of pictures to decode at the same time; that of the cores by default.
            make_executor: The factory of the threads that decode.
        """
        self._classifier = classifier
        self._top = top
        self._batch_size = batch_size
        self._task = classifier.card.task
        one_of_several = self._task == "classification"
        class_ids = [entry.class_id for entry in classifier.card.classes]
        self._kinds = kind_sums(class_ids) if one_of_several else None
        size = classifier.card.input
        fitting = size.fitting(fit)._replace(crop_share=crop_share)
        self._decoding = Ahead(
            make_executor,
            parallel or parallel_for(MEMORY_BYTES),
            partial(read_or_reason, prepare=partial(read_seen, fitting=fitting)),
            depth=2 * batch_size,
        )

    def __enter__(self) -> Self:
        self._decoding.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._decoding.__exit__(kind, error, trace)

    @property
    def pending(self) -> int:
        """Pictures that are being decoded, or wait for the network."""
        return self._decoding.pending

    def feed(self, waiting: WaitingPictures) -> None:
        """Feed the decoder until after the next batch."""
        missing = 4 * self._batch_size - self._decoding.pending
        if missing > 0:
            pictures = waiting.take(missing)
            if pictures:
                self._decoding.add(pictures)

    def take(self, waiting: WaitingPictures) -> list[Outcome]:
        """Classify the next full batch, in the order given.

        Raises:
            ModelError: The network fails for each of several pictures.
        """
        return self._answer(self._collect(waiting))

    def _collect(self, waiting: WaitingPictures) -> list[Decoded]:
        """Collect a full batch of readable pictures, and the unreadable ones between them."""
        taken: list[Decoded] = []
        readable = 0
        while self._decoding.pending and readable < self._batch_size and len(taken) < COMMIT_ROWS:
            more = [done.result() for done in self._decoding.take(self._batch_size - readable)]
            taken += more
            readable += sum(picture.pixels is not None for picture in more)
            if not self._decoding.pending:
                self.feed(waiting)
        return taken

    def _answer(self, pictures: list[Decoded]) -> list[Outcome]:
        readable = [picture for picture in pictures if picture.pixels is not None]
        outcomes = {
            picture.number: Outcome(picture.number, reason=picture.reason)
            for picture in pictures
            if picture.pixels is None
        }
        outcomes |= {outcome.number: outcome for outcome in self._classify(readable)}
        return [outcomes[picture.number] for picture in pictures]

    def _classify(self, pictures: Sequence[Decoded]) -> list[Outcome]:
        """Run the network; if it fails, find out by which picture.

        Raises:
            ModelError: It fails for each of several pictures.
        """
        if not pictures:
            return []
        try:
            return self._run_network(pictures)
        except ModelError as error:
            if len(pictures) == 1:
                return [Outcome(pictures[0].number, reason=error.reason.sentence)]
            outcomes = [outcome for picture in pictures for outcome in self._classify([picture])]
            if all(outcome.reason for outcome in outcomes):
                raise
            return outcomes

    def _run_network(self, pictures: Sequence[Decoded]) -> list[Outcome]:
        started = time.perf_counter()
        pixels = [picture.pixels for picture in pictures if picture.pixels is not None]
        outputs = self._classifier.outputs(pixels, self._batch_size)
        probabilities = as_kept(self._classifier.probabilities(outputs))
        best = (
            best_classes(probabilities, self._top)
            if self._task == "classification"
            else chosen_outputs(probabilities, self._task, self._top)
        )
        chosen = np.take_along_axis(probabilities, best, axis=1)
        distances = self._classifier.distances(outputs)
        parts = self._classifier.parts(outputs)
        each = (time.perf_counter() - started) / len(pictures)
        kinds = self._kinds.choose_each(probabilities) if self._kinds is not None else [None] * len(pictures)
        return [
            Outcome(
                picture.number,
                classes,
                values,
                picture.seconds + each,
                kind=kind.name if kind is not None else "",
                kind_probability=kind.probability if kind is not None else 0.0,
                distance=distance,
                seen=seen_text(part, picture.layout),
                by=self._classifier.by,
            )
            for picture, classes, values, kind, distance, part in zip(
                pictures, best.tolist(), chosen.tolist(), kinds, distances, parts, strict=True
            )
        ]


def best_classes(probabilities: NDArray[np.float64], top: int) -> NDArray[np.intp]:
    """Find the most probable classes of each picture without sorting all of them.

    Args:
        probabilities: float64 ``(pictures, classes)``.
        top: The number of classes to find, at least 1; fewer if there are fewer.

    Returns:
        Indices ``(pictures, top)``, the most probable first; of equal ones the first first.
    """
    count, classes = probabilities.shape
    if top >= classes:
        return np.argsort(-probabilities, axis=1, kind="stable")
    least = np.partition(probabilities, classes - top, axis=1)[:, classes - top, np.newaxis]
    rows, found = np.nonzero(probabilities >= least)
    clear = np.bincount(rows, minlength=count) == top  # not where the last place is shared
    best = np.empty((count, top), np.intp)
    chosen = found[clear[rows]].reshape(-1, top)
    order = np.argsort(-np.take_along_axis(probabilities[clear], chosen, axis=1), axis=1, kind="stable")
    best[clear] = np.take_along_axis(chosen, order, axis=1)
    best[~clear] = np.argsort(-probabilities[~clear], axis=1, kind="stable")[:, :top]
    return best
