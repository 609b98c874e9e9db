"""A loaded model that classifies pictures."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from desktop_app.core.classify.naming import named, require_labels
from desktop_app.core.classify.prediction import PartSeen
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.kinds.sums import kind_sums
from desktop_app.core.networks.preprocessing import fit_to_input
from desktop_app.core.networks.readings import label_kind, read_outputs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import keras
    from numpy.typing import NDArray

    from desktop_app.core.classify.prediction import Prediction
    from desktop_app.core.inference.network import Network
    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.library.feature_bank import FeatureBank
    from desktop_app.core.networks.input_spec import Fit
    from desktop_app.core.networks.outputs import OutputKind, Task

BATCH_SIZE = 16
"""Pictures per call of the network when many are asked for, at most."""

MOST_VIEWS = 2
"""Views of a picture whose outputs are averaged, at most; more than these are parts of a thin one."""


class NotANumber(ModelError):
    """A network gave outputs that are no finite numbers."""


class Classifier:
    """Predicts what pictures show: classes, labels, amounts or features, as the card says.

    Size, preprocessing, class names and temperature come from the card alone. `warm_up` gets the network
    ready ahead of the first picture. After that, any number of threads may call it at once: nothing changes
    any more.

    What the network's numbers are follows from its last activation (`output_kind`), and what they mean from
    the card's task; `read_outputs` has the formulas.

    With a bank of the training pictures' features, the same call of the network also gives the features, and
    a picture that is far from all of the bank is called unlike anything the model was trained on.

    Attributes:
        card: The model's card.
        by: The engine that answers, its numbers and its device.
    """

    def __init__(self, card: ModelCard, network: Network, bank: FeatureBank | None = None) -> None:
        """Check that the network fits its card.

        Args:
            card: The model's card.
            network: The network, made with the bank's width where there is a bank.
            bank: Features of training pictures; None for a model without them.

        Raises:
            ModelError: The number of outputs differs from the number of classes.
            DamagedInstallation: The list of kinds cannot be read.
        """
        self.card = card
        self.by = network.by
        self._network = network
        self._bank = bank
        self._width = network.outputs
        self._check_outputs((None, network.outputs))
        self._kind = network.kind
        one_of_several = card.task == "classification"
        self._kinds = kind_sums([entry.class_id for entry in card.classes]) if one_of_several else None

    @classmethod
    def of_keras(
        cls,
        card: ModelCard,
        model: keras.Model,
        device: str,
        bank: FeatureBank | None = None,
        reason: str = "",
    ) -> Self:
        """Let TensorFlow answer.

        Args:
            card: The model's card.
            model: The network.
            device: Where it runs, in words.
            bank: Features of training pictures; None for a model without them.
            reason: The reason why OpenVINO does not answer, as a sentence.

        Raises:
            ModelError: The number of outputs differs from the number of classes, or that of features from the
                bank.
            DamagedInstallation: The list of kinds cannot be read.
        """
        from desktop_app.core.inference.tensorflow_network import TensorFlowNetwork

        _check_shape(card, tuple(model.output_shape))
        width = None if bank is None else bank.rows.shape[1]
        return cls(card, TensorFlowNetwork(card, model, device, width, reason), bank)

    @property
    def device(self) -> str:
        """Where the network runs, in words."""
        return self.by.device

    @property
    def width(self) -> int:
        """The number of the network's outputs for a picture."""
        return self._width

    @property
    def calls_at_once(self) -> int:
        """The number of threads that get the most answers together when each asks for one."""
        return self._network.calls_at_once

    @property
    def kind(self) -> OutputKind:
        """What the network's outputs mean, once `warm_up` has settled it."""
        return self._kind

    def warm_up(self) -> None:
        """Run the network once, so that the first prediction is quick.

        Raises:
            ModelError: The network does not run or its outputs are not finite numbers.
        """
        spec = self.card.input
        shape = (1, spec.height, spec.width, 3)
        noise = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
        outputs = [self._run(noise)]
        if self._kind == "unknown":
            outputs += [self._run(np.full(shape, value, np.uint8)) for value in (0, 255)]
            self.settle_kind(np.concatenate(outputs))

    def settle_kind(self, outputs: NDArray[np.floating[Any]]) -> None:
        """Decide by the outputs for a few pictures what they mean, where the network's layers do not tell."""
        if self._kind == "unknown":
            guess = label_kind if self.card.task == "multi-label" else _guess_kind
            self._kind = guess(outputs[:, : self._width])

    def prepare(self, image: NDArray[np.uint8], fit: Fit | None = None) -> NDArray[np.uint8]:
        """Bring an RGB uint8 ``(H, W, 3)`` picture to the network's size, as `fit_to_input` does."""
        return fit_to_input(image, self.card.input, fit)

    def predict(self, images: Sequence[NDArray[np.uint8]], *, top: int = 5) -> list[Prediction]:
        """Classify pictures of any size.

        Args:
            images: The pictures, RGB uint8 ``(H, W, 3)``.
            top: The number of classes to predict, at least 1; fewer if the model has fewer.

        Returns:
            One `Prediction` per picture, in order.

        Raises:
            ModelError: The network failed or gave an output that is not a number.
        """
        return self.predict_prepared([self.prepare(image) for image in images], top=top)

    def predict_prepared(self, prepared: Sequence[NDArray[np.uint8]], *, top: int = 5) -> list[Prediction]:
        """Classify pictures that `prepare` or `load_fitted` brought to the network's size; see `predict`."""
        outputs = self.outputs(prepared)
        rows = zip(self.probabilities(outputs), self.distances(outputs), self.parts(outputs), strict=True)
        return [self.prediction(row, top, distance, part) for row, distance, part in rows]

    def outputs(
        self, prepared: Sequence[NDArray[np.uint8]], batch_size: int = BATCH_SIZE
    ) -> NDArray[np.float32]:
        """Run the network, in batches, on pictures that `prepare` brought to its size.

        The outputs of a picture's views are averaged, as those of its mirror image are. Of the parts of a
        thin picture the one counts whose best class is most probable.

        Args:
            prepared: The pictures, RGB uint8 ``(height, width, 3)``, or several views of a picture together,
                ``(views, height, width, 3)``.
            batch_size: The number of pictures per call of the network, at most; fewer when their features
                are large.

        Returns:
            float32 ``(N, outputs)`` as the network gives them, for `probabilities`. With a bank there is one
            column more, for `distances`, and with a thin picture another two, for `parts`.

        Raises:
            ModelError: The network failed or gave an output that is not a number.
        """
        views = [view for picture in prepared for view in (picture if picture.ndim == 4 else [picture])]
        # All views of a single picture are computed as a single picture is, not as a batch.
        size, at_once = (batch_size, self._network.at_once) if len(prepared) > 1 else (1, 1)
        batches = [
            self._run(np.stack(part))
            for start in range(0, len(views), size)
            for part in _even_parts(views[start : start + size], at_once)
        ]
        columns = self._width + (self._bank is not None)
        outputs = np.concatenate(batches) if batches else np.empty((0, columns), np.float32)
        return outputs if len(views) == len(prepared) else self._together(outputs, prepared)

    def probabilities(
        self, outputs: NDArray[np.floating[Any]], temperature: float | None = None
    ) -> NDArray[np.float64]:
        """Turn the network's outputs into what they mean: calibrated probabilities for classes and labels.

        Args:
            outputs: The result of `outputs`.
            temperature: The temperature in place of the card's.

        Returns:
            float64 ``(N, classes)``: each row sums to 1 for one of several classes; probabilities of labels
            by themselves; amounts; or features of length 1, ``(N, outputs)``. See `read_outputs`.
        """
        values = outputs[:, : self._width].astype(np.float64)
        scale = temperature or self.card.calibration.temperature
        return read_outputs(values, self.card.task, self._kind, scale)

    def answers(self, pixels: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
        """What `probabilities` gives for prepared pictures, and how far they are from the training pictures.

        Args:
            pixels: RGB uint8 ``(N, height, width, 3)``.

        Returns:
            float64 ``(N, classes)``; and float64 ``(N,)`` as `distances` gives them, None without a bank.

        Raises:
            ModelError: The network failed or gave an output that is not a number.
        """
        outputs = self.outputs(list(pixels))
        distances = None if self._bank is None else outputs[:, self._width].astype(np.float64)
        return self.probabilities(outputs), distances

    def distances(self, outputs: NDArray[np.floating[Any]]) -> list[float | None]:
        """Read from `outputs` how far each picture is from the training pictures.

        Returns:
            For each picture the distance divided by the limit: above 1 it is unlike them. None for each where
            the model has no bank.
        """
        if self._bank is None:
            return [None] * len(outputs)
        return [float(distance) for distance in outputs[:, self._width]]

    def parts(self, outputs: NDArray[np.floating[Any]]) -> list[PartSeen | None]:
        """Read from `outputs` which part of each picture counts; None for those that were seen whole."""
        first = self._width + (self._bank is not None)
        if outputs.shape[1] == first:
            return [None] * len(outputs)
        return [PartSeen(int(row[0]), int(row[1])) if row[1] else None for row in outputs[:, first:]]

    def prediction(
        self,
        row: NDArray[np.float64],
        top: int = 5,
        distance: float | None = None,
        part: PartSeen | None = None,
    ) -> Prediction:
        """Name the best classes of one row of `probabilities`, at most ``top`` of them.

        Labels that are right or not by themselves are all named, and all amounts.

        Args:
            row: The probabilities or amounts, ``(classes,)``.
            top: The number of classes to name.
            distance: The picture's distance, as `distances` gives it.
            part: The part that it is about, as `parts` gives it.

        Raises:
            NotAClassifier: The model gives features.
        """
        require_labels(self.card)
        row = as_kept(row)
        chosen = chosen_outputs(row[None], self.card.task, top)[0]
        prediction = named(
            self.card,
            chosen.tolist(),
            row[chosen].tolist(),
            not_sure_below=self.card.calibration.not_sure_below,
            kind=self._kinds.choose(row) if self._kinds is not None else None,
            distance=distance,
        )
        return prediction if part is None else replace(prediction, part=part)

    def _run(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        outputs, *features = self._network.run(pixels)
        self._check_outputs(outputs.shape)
        if not all(np.isfinite(numbers).all() for numbers in (outputs, *features)):
            raise NotANumber(
                f"{self.card.name} gave an output that is not a number.",
                "Its weights are damaged: remove this model and import it again.",
            )
        if self._bank is not None:
            outputs = np.column_stack([outputs, self._bank.distances(features[0])])
        return np.asarray(outputs, np.float32)

    def _together(
        self, outputs: NDArray[np.float32], prepared: Sequence[NDArray[np.uint8]]
    ) -> NDArray[np.float32]:
        """Make one row for each picture of those of its views."""
        counts = [len(picture) if picture.ndim == 4 else 1 for picture in prepared]
        groups = np.split(outputs, np.cumsum(counts)[:-1])
        if self.card.task != "classification":
            return np.stack([self._combined(rows) for rows in groups])
        if max(counts) <= MOST_VIEWS:
            return np.stack([rows.mean(axis=0) for rows in groups])
        chosen = []
        for rows in groups:
            if len(rows) <= MOST_VIEWS:
                chosen.append(np.append(rows.mean(axis=0), (0, 0)))
                continue
            unlike = [distance is not None and distance > 1 for distance in self.distances(rows)]
            best = self.probabilities(rows).max(axis=1) - np.array(unlike)
            part = int(best.argmax())
            chosen.append(np.append(rows[part], (part + 1, len(rows))))
        return np.stack(chosen).astype(np.float32)

    def _combined(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Combine the outputs for views of a picture where they are not for one of several classes.

        Of the parts of a thin picture, each label counts in the one that shows it most; amounts and features
        are averaged.
        """
        if len(rows) <= MOST_VIEWS or self.card.task != "multi-label":
            return np.asarray(rows.mean(axis=0))
        combined = rows.max(axis=0)
        if self._bank is not None:
            combined[self._width] = rows[:, self._width].min()
        return np.asarray(combined)

    def _check_outputs(self, shape: tuple[int | None, ...]) -> None:
        _check_shape(self.card, shape)


def as_kept(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round probabilities to the 32 bits that batch jobs keep, so that they are the same anywhere."""
    return probabilities.astype(np.float32).astype(np.float64)


def chosen_outputs(rows: NDArray[np.float64], task: Task, top: int) -> NDArray[np.intp]:
    """Choose the outputs that a prediction names.

    Args:
        rows: Probabilities or amounts, ``(N, classes)``.
        task: What they are.
        top: The number of classes to name, where only one is right.

    Returns:
        Indices ``(N, named)``: the best classes, or all labels, the most probable first; of equal ones the
        first first. All amounts in their order.
    """
    if task == "regression":
        return np.tile(np.arange(rows.shape[1]), (len(rows), 1))
    count = rows.shape[1] if task == "multi-label" else max(1, top)
    return np.argsort(-rows, axis=1, kind="stable")[:, :count]


def _check_shape(card: ModelCard, shape: tuple[int | None, ...]) -> None:
    """Compare the shape of the network's outputs, ``(N, outputs)``, with the card."""
    classes = len(card.classes)
    if len(shape) == 2:
        one_of_two = card.task == "classification" and (shape[1], classes) == (1, 2)
        if shape[1] == classes or one_of_two or (card.task == "embedding" and shape[1]):
            return
    outputs = " x ".join(map(str, shape[1:]))
    raise ModelError(
        f"The model {card.name} has {outputs} outputs, but its card {classes} classes.",
        "Import the model again with the right labels.",
    )


def _even_parts(pictures: Sequence[NDArray[np.uint8]], most: int) -> Iterator[Sequence[NDArray[np.uint8]]]:
    """Cut a batch into parts of about the same size: a single picture is computed in another way."""
    count = math.ceil(len(pictures) / most)
    for number in range(count):
        yield pictures[len(pictures) * number // count : len(pictures) * (number + 1) // count]


def _guess_kind(outputs: NDArray[np.floating[Any]]) -> OutputKind:
    """Whether the outputs for a few pictures, ``(N, outputs)``, are all distributions."""
    if outputs.shape[1] == 1 or (outputs < 0).any():
        return "logits"
    return "softmax" if bool((abs(outputs.sum(axis=1) - 1) < 1e-2).all()) else "logits"
