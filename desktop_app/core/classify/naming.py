"""From a row of probabilities or amounts to a prediction, for a model and for a job with its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.classify.prediction import Amount, Prediction, ScoredLabel
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.label_thresholds import thresholds_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from desktop_app.core.kinds.kind import Kind
    from desktop_app.core.library.card import ClassLabel, ModelCard
    from desktop_app.core.networks.outputs import Task

    class Naming(Protocol):
        """What a model's card says about its outputs, and a job remembers."""

        @property
        def task(self) -> Task:
            """What they are for."""

        @property
        def classes(self) -> Sequence[ClassLabel]:
            """Their names."""

        @property
        def thresholds(self) -> Sequence[float]:
            """The probability from which on each label is right; empty for the usual one."""

        @property
        def units(self) -> Sequence[str]:
            """The unit of each amount; empty for none."""


class NotAClassifier(ModelError):
    """A model gives features of pictures, not labels."""


def require_labels(card: ModelCard) -> None:
    """Make sure that a model says something about a single picture.

    Raises:
        NotAClassifier: It only gives features, which say how alike pictures are.
    """
    if card.task == "embedding":
        raise NotAClassifier(
            f"{card.name} gives features, not labels: it can't classify pictures.",
            f"Use it to find similar pictures ('sightline similar PICTURE FOLDER --model {card.id}', or Find "
            "similar in the window), or choose another model.",
        )


def named(
    names: Naming,
    chosen: Sequence[int],
    values: Sequence[float],
    *,
    not_sure_below: float,
    kind: Kind | None = None,
    distance: float | None = None,
) -> Prediction:
    """Name outputs.

    Args:
        names: The names, thresholds and units.
        chosen: The indices of the outputs to name: the best classes or all labels, the most probable first;
            all amounts, in their order.
        values: Their probabilities (0..1) or amounts.
        not_sure_below: The top probability under which one of several classes is called "not sure".
        kind: The broader kind.
        distance: The distance to the training pictures, see `Prediction`.
    """
    pairs = [(names.classes[index], index, value) for index, value in zip(chosen, values, strict=True)]
    if names.task == "regression":
        units = tuple(names.units) or ("",) * len(names.classes)
        amounts = tuple(
            Amount(entry.class_id, entry.label, value, units[index]) for entry, index, value in pairs
        )
        return Prediction((), sure=True, distance=distance, task="regression", amounts=amounts)
    several = names.task == "multi-label"
    limits = thresholds_of(names) if several else ()
    labels = tuple(
        ScoredLabel(rank, entry.class_id, entry.label, value, limits[index] if several else None)
        for rank, (entry, index, value) in enumerate(pairs, start=1)
    )
    sure = not any(entry.near for entry in labels) if several else labels[0].probability >= not_sure_below
    return Prediction(labels, sure, kind, distance, task=names.task)
