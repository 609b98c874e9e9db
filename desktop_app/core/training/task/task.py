"""What a network learns, as data: the rest of a training is not tied to one kind of prediction."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop_app.core.training.task.metric import LOSS, VALIDATION, Metric

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import Literal, Protocol

    import keras
    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.networks.outputs import Output
    from desktop_app.core.training.settings.hyperparameters import Hyperparameters
    from desktop_app.core.training.task.evaluation import Evaluation

    Predicted = tuple[NDArray[np.float64], NDArray[Any]]

    class Evaluate(Protocol):
        """Compares predictions with the truth."""

        def __call__(
            self,
            predictions: Iterable[NDArray[np.float64]],
            truth: NDArray[Any],
            *,
            part: Literal["test", "validation"],
            classes: Sequence[str],
            paths: Sequence[Path],
            validation: Evaluation | None = None,
        ) -> Evaluation:
            """See `classification_evaluation.evaluate` and `multi_label_evaluation.evaluate`."""
            ...


@dataclass(frozen=True, slots=True)
class Task:
    """Something that a network can learn to do.

    Attributes:
        kind: Kind in files; see `catalogue`.
        name: Name for people.
        metrics: All possible metrics, the loss first, in the order of the columns of ``metrics.csv``.
        headline: Name of the metric that is shown beside the loss, in curves, in lists and during training.
        best: Names of metrics, the decisive one first: the epoch with the best figures on the validation
            split is kept, of equal ones the first. Without that split the lowest training loss decides.
        metrics_for: Function from the number of classes to its metrics, with labels that suit them.
        compile: Function that gives a network its optimiser, loss and metrics for a number of classes.
        predictions: Function from the network's outputs ``(N, outputs)`` to what is evaluated ``(N, ...)``.
        evaluate: Function that compares predictions, which come in batches, with the truth.
        card: Function from the names of the classes, the evaluation, that of the validation split, and
            predictions and truth of some validation pictures to fields of a `ModelCard`.
        to_document: Function from an evaluation to values for JSON.
        from_document: Function back from these values; raises a ValueError for anything else.
        output: What its networks end in.
        unbalanced: The same task with another headline and another best epoch, for classes that are out of
            balance; None where that makes no difference.
    """

    kind: str
    name: str
    metrics: tuple[Metric, ...]
    headline: str
    best: tuple[str, ...]
    metrics_for: Callable[[int], tuple[Metric, ...]]
    compile: Callable[[keras.Model, keras.optimizers.Optimizer, Hyperparameters, int], None]
    predictions: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    evaluate: Evaluate
    card: Callable[[Sequence[str], Evaluation | None, Evaluation | None, Predicted | None], dict[str, Any]]
    to_document: Callable[[Any], dict[str, Any]]
    from_document: Callable[[dict[str, Any]], Evaluation]
    output: Output = "softmax"
    unbalanced: Task | None = None

    @property
    def several(self) -> bool:
        """Whether a picture may have several labels at once."""
        return self.output == "sigmoid"

    @property
    def noun(self) -> tuple[str, str]:
        """What one output is called, and several."""
        return ("label", "labels") if self.several else ("class", "classes")

    @property
    def shown(self) -> Metric:
        """The metric that is shown beside the loss."""
        return self.metric(self.headline)

    @property
    def live(self) -> tuple[str, ...]:
        """Names of the metrics that are shown during training."""
        return (LOSS.name, self.headline)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all figures of an epoch: on the training split, then on the validation split."""
        names = tuple(metric.name for metric in self.metrics if metric.each_epoch)
        return (*names, *(f"{VALIDATION}{name}" for name in names))

    def metric(self, name: str) -> Metric:
        """Find a metric by its name."""
        return next(metric for metric in self.metrics if metric.name == name)

    def merit(self, figures: Mapping[str, float]) -> tuple[float, ...]:
        """How good an epoch is, to be compared with other epochs: larger is better.

        An epoch with a validation is better than one without.
        """
        validated = [figures.get(f"{VALIDATION}{name}") for name in self.best]
        known = [value for value in validated if value is not None]
        if len(known) < len(validated):
            return (-math.inf, LOSS.merit(figures[LOSS.name]))
        return tuple(self.metric(name).merit(value) for name, value in zip(self.best, known, strict=True))

    def why_best(self, *, validated: bool, by: str = "") -> str:
        """Say how the best epoch is chosen, as part of a sentence.

        Args:
            validated: Whether there is a validation split.
            by: Name of the metric that decided; the first of `best` by default.
        """
        if not validated:
            return f"{LOSS.best} training {LOSS.label}"
        first = self.metric(by or self.best[0])
        return f"{first.best} validation {first.label}"
