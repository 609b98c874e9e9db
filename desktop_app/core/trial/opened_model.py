"""A model on trial, opened: it answers for the same pictures in whichever way it gets them."""

from __future__ import annotations

import contextlib
import copy
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.classify.classifier import Classifier, NotANumber
from desktop_app.core.classify.pixel_trial import statistics_clue
from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import ModelError, SightlineError, UnreadableImage
from desktop_app.core.foundation.text import printable
from desktop_app.core.images.load import load_fitted
from desktop_app.core.images.sources import FileSource
from desktop_app.core.library.exchange.importing import describe
from desktop_app.core.library.exchange.installing import Wishes
from desktop_app.core.library.exchange.sources import WEIGHTS_FILES, Source, inspect_kept, keep, open_source
from desktop_app.core.library.store import Library
from desktop_app.core.networks.pixels import pixel_choices
from desktop_app.core.networks.preprocessing import laid_out, preprocess

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import keras
    from numpy.typing import NDArray

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.inference.choice import AnsweredBy
    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.library.pixel_choices import Clue
    from desktop_app.core.networks.input_spec import InputSpec
    from desktop_app.core.networks.outputs import OutputKind
    from desktop_app.core.networks.pixels import Preprocessing
    from desktop_app.core.trial.messages import Best, TrialInput, TrialSubject


class OpenedModel:
    """A clean copy of a model from elsewhere, loaded once.

    Attributes:
        card: The card that it would get, with numbers for names.
    """

    def __init__(self, subject: TrialSubject, folder: Path, cancel: CancelToken = NEVER) -> None:
        """Inspect, copy and load it.

        Args:
            subject: The model.
            folder: An empty folder for what is made of it; it stays as long as this object.
            cancel: Token checked while copying.

        Raises:
            ModelError: It is refused or cannot be loaded.
            StorageError: It cannot be read, or the folder cannot be written.
            EngineError: The engine does not start.
            Cancelled: The user cancelled.
        """
        scratch = folder / "scratch"

        def make_scratch() -> Path:
            scratch.mkdir()
            return scratch

        if subject.kept is None:
            source = open_source(subject.path, make_scratch, cancel)
        else:  # whose name says nothing: "model.tflite" could be an export of another program
            source = Source(subject.kept, subject.path, inspect_kept(subject.kept, subject.path))
        self.card = _unnamed(subject, source)
        self._copy = folder / WEIGHTS_FILES[source.format]
        keep(source, self._copy, cancel)
        self._fitted: dict[tuple[Any, ...], list[NDArray[np.uint8]]] = {}
        self._network: keras.Model | None = None
        self._traced: _Traced | None = None
        if source.format == "keras":
            from desktop_app.core.library.inspection.keras.loading import load_checked_model

            self._network = load_checked_model(self._copy)
            self._traced = _Traced(self.card, self._network)
        self._settle_kind()

    def best(self, given: TrialInput, pictures: Sequence[Path]) -> tuple[Best, ...] | None:
        """Answer for pictures.

        Args:
            given: How the network gets them.
            pictures: Their files.

        Returns:
            As of `TrialAnswers`.

        Raises:
            UnreadableImage: One of the pictures cannot be read; the sentence names it.
            ModelError: The network fails.
        """
        if self.card.task == "embedding":
            return ()
        card = self._card_with(given)
        fitted = self._fit(card.input, pictures)
        classifier = self._classifier(card)
        try:
            rows = classifier.outputs(fitted)
        except NotANumber:
            return None
        values = classifier.probabilities(rows)
        if not np.isfinite(values).all():
            return None
        if card.task == "regression":
            return tuple((0, float(row[0])) for row in values)
        return tuple((int(row.argmax()), float(row.max())) for row in values)

    def clue(self, given: TrialInput, pictures: Sequence[Path], leading: Preprocessing | None) -> Clue | None:
        """What the network itself says about its pixels; None where it says nothing.

        Args:
            given: How it gets pictures, apart from their pixel values.
            pictures: The files of photographs.
            leading: The pixel values that its file speaks for.
        """
        if self._network is None:
            return None
        card = self._card_with(given)
        views = [
            picture if picture.ndim == 4 else picture[None] for picture in self._fit(card.input, pictures)
        ]
        return statistics_clue(card, self._network, np.concatenate([view[:1] for view in views]), leading)

    def _settle_kind(self) -> None:
        """Decide once what the outputs are, where the layers do not tell: alike for all pixel values."""
        if self.card.task in ("embedding", "regression"):
            return
        spec = self.card.input
        classifier = self._classifier(self.card)
        if classifier.kind != "unknown":
            return
        shape = (2, spec.height, spec.width, 3)
        noise = list(np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8))
        seen = []
        choices = pixel_choices(spec.channels)
        for choice in choices if self._traced is not None else choices[:2]:  # each is compiled by OpenVINO
            with contextlib.suppress(NotANumber):
                tried = self.card.changed(input=spec.model_dump() | {"preprocessing": choice})
                seen.append(self._classifier(tried).outputs(noise))
        if seen:
            classifier.settle_kind(np.concatenate(seen))
            self.card = self.card.changed(outputs=classifier.kind)

    def _card_with(self, given: TrialInput) -> ModelCard:
        spec = self.card.input
        return self.card.changed(input=spec.model_dump() | given.changes(spec.channels))

    def _classifier(self, card: ModelCard) -> Classifier:
        if self._traced is not None:
            return Classifier(card, self._traced.given(card))
        from desktop_app.core.classify.foreign import foreign_classifier

        return foreign_classifier(card, self._copy)

    def _fit(self, spec: InputSpec, pictures: Sequence[Path]) -> list[NDArray[np.uint8]]:
        key = (spec.fitting(), tuple(pictures))
        if key not in self._fitted:
            if len(self._fitted) > 20:
                self._fitted.clear()
            self._fitted[key] = [_read(path, spec) for path in pictures]
        return self._fitted[key]


class _Traced:
    """A Keras network compiled once, for one picture after the other, whatever pixels it is given."""

    outputs: int
    kind: OutputKind
    by: AnsweredBy
    at_once = 1
    calls_at_once = 1

    def __init__(self, card: ModelCard, network: keras.Model) -> None:
        import tensorflow as tf

        from desktop_app.core.inference.tensorflow_network import TensorFlowNetwork, device_name

        whole = TensorFlowNetwork(card, network, device_name())
        self.outputs, self.kind, self.by = whole.outputs, whole.kind, whole.by
        self._name = card.name
        self._function = tf.function(lambda inputs: network(inputs, training=False), autograph=False)
        self.spec = card.input

    def given(self, card: ModelCard) -> _Traced:
        """The same network with the preparation of another card."""
        other = copy.copy(self)
        other.spec = card.input
        other.kind = card.outputs or self.kind
        return other

    def run(self, pixels: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """Compute the outputs; see `Network.run`."""
        import tensorflow as tf

        spec = self.spec
        inputs = laid_out(preprocess(pixels, spec.preprocessing, spec.channels, spec.grey), spec.layout)
        try:
            rows = [self._function(inputs[number : number + 1]).numpy() for number in range(len(pixels))]
        except (tf.errors.OpError, MemoryError, ValueError, TypeError) as error:
            reason = printable(str(error).strip().split("\n", 1)[0][:300].rstrip("."))
            raise ModelError(
                f"{self._name} cannot classify pictures: {reason or type(error).__name__}.",
                "This computer cannot run it, or its layers do not fit together: choose another model.",
            ) from error
        return [np.concatenate(rows).astype(np.float32)]


def _unnamed(subject: TrialSubject, source: Source) -> ModelCard:
    """The card of a model whose questions are still open: with numbers for names, and the likeliest task."""
    summary, described = source.summary, source.described
    task = subject.task or described.task or next(iter(summary.meaning.tasks), "classification")
    wanted = max(2, summary.outputs) if task == "classification" else summary.outputs
    wishes = Wishes(
        name=printable(subject.path.name)[:100],
        labels=None if task in ("embedding", "regression") else [str(number) for number in range(wanted)],
        preprocessing="none",
        task=task,
    )
    return describe(Library.default(), subject.path, source, wishes)


def _read(path: Path, spec: InputSpec) -> NDArray[np.uint8]:
    try:
        return load_fitted(FileSource(path), spec.fitting())
    except SightlineError as error:
        raise UnreadableImage(f"{printable(path.name)} cannot be read: {error}", error.advice) from error
