"""What a network's numbers may be for: classes, labels, amounts or features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import counted
from desktop_app.core.library.inspection.containers.refusal import refuse

if TYPE_CHECKING:
    from collections.abc import Collection

    from desktop_app.core.library.inspection.result.training_settings import TrainingSettings
    from desktop_app.core.networks.outputs import Task

_ONE_CLASS = {
    "categorical_crossentropy", "sparse_categorical_crossentropy", "categorical_focal_crossentropy",
    "categorical_hinge", "kl_divergence",
}  # fmt: skip
"""Losses of networks that choose one class."""
_TWO_WAYS = {"binary_crossentropy", "binary_focal_crossentropy"}
"""Losses of networks that say yes or no, for each output by itself."""
_MARGINS = {"hinge", "squared_hinge"}
"""Losses of networks that say yes or no by a number's sign."""
_AMOUNTS = {
    "mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error", "huber", "log_cosh",
    "mean_squared_logarithmic_error", "root_mean_squared_error", "poisson", "huber_loss", "logcosh",
    "r2_score", "tweedie",
}  # fmt: skip
"""Losses and metrics of networks that estimate numbers."""
_LIKENESS = {"cosine_similarity", "triplet_loss", "contrastive_loss", "circle"}
"""Losses of networks whose outputs are compared with one another."""
_LOGITS = {"linear", "log_softmax"}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a network's outputs may be for.

    Attributes:
        tasks: What is plausible, the likeliest first; only one where the file leaves no doubt.
        reason: What was seen, or how the outputs are read, as a sentence; may be empty where all is clear.
    """

    tasks: tuple[Task, ...]
    reason: str = ""

    @property
    def decided(self) -> bool:
        """Whether the file leaves no doubt."""
        return len(self.tasks) == 1


CLASSES = Meaning(("classification",))


def meaning_of(outputs: int, activations: Collection[str], settings: TrainingSettings) -> Meaning:
    """Find out what a network's outputs may be for.

    Args:
        outputs: Number of its outputs.
        activations: Activations that they come from, as `endings.activations` names them.
        settings: Loss and metrics in the file.

    Raises:
        ModelError: They are the same for every picture.
    """
    loss, metrics = settings.loss, set(settings.metrics)
    if outputs == 1 and "softmax" in activations:
        refuse(
            "its one output ends in a softmax, which makes it 1 for every picture",
            "Train it with two outputs, or with a sigmoid instead.",
        )
    if loss in _ONE_CLASS:
        return CLASSES
    trained = f" (trained with {loss})" if loss else ""
    amounts = loss in _AMOUNTS or (loss not in _TWO_WAYS | _MARGINS and _only_amounts(metrics))
    if loss in _LIKENESS:
        return Meaning(("embedding", "regression"), f"It was trained with {loss}.")
    if "sigmoid" in activations:
        return _of_sigmoids(outputs, trained, amounts=amounts, settings=settings)
    if _LOGITS & set(activations):
        return _of_plain_numbers(outputs, activations, trained, amounts=amounts, settings=settings)
    if not activations:
        return _of_unknown(outputs, trained, amounts=amounts, settings=settings)
    other = sorted(set(activations) - {"softmax"})
    return _of_other(outputs, other[0], trained, amounts=amounts, loss=loss) if other else CLASSES


def _of_unknown(outputs: int, trained: str, *, amounts: bool, settings: TrainingSettings) -> Meaning:
    """What outputs may be for that are computed from something else than one activation, such as a mean."""
    reason = f"Its outputs are computed from more than one layer{trained}."
    if amounts and not _accuracy(set(settings.metrics)):
        return Meaning(("regression", "classification"), reason)
    if outputs > 1 and settings.loss in _TWO_WAYS:
        return Meaning(("multi-label", "classification"), reason)
    return CLASSES


def _of_other(outputs: int, activation: str, trained: str, *, amounts: bool, loss: str) -> Meaning:
    if outputs == 1 and loss in _MARGINS:
        return Meaning(
            ("classification",), f"It was trained with {loss}: its percentages order pictures, and no more."
        )
    if loss in _TWO_WAYS:
        return Meaning(("classification" if outputs == 1 else "multi-label",))
    if amounts:
        return Meaning(("regression",), f"It estimates {counted(outputs, 'number')}{trained}.")
    reason = f"Its outputs end in {activation}{trained}, as features do."
    return Meaning(("embedding", "regression", "classification"), reason)


def _of_sigmoids(outputs: int, trained: str, *, amounts: bool, settings: TrainingSettings) -> Meaning:
    metrics = set(settings.metrics)
    if outputs == 1:
        if amounts and not _accuracy(metrics):
            return Meaning(("regression", "classification"), f"Its one output lies between 0 and 1{trained}.")
        return CLASSES
    reason = f"Each of its {outputs} outputs is a sigmoid of its own{trained}."
    if settings.loss in _TWO_WAYS or "binary_accuracy" in metrics:
        return Meaning(("multi-label",), reason)
    if amounts:
        return Meaning(("regression", "multi-label", "classification"), reason)
    return Meaning(("multi-label", "classification", "regression"), reason)


def _of_plain_numbers(
    outputs: int, activations: Collection[str], trained: str, *, amounts: bool, settings: TrainingSettings
) -> Meaning:
    loss, metrics = settings.loss, set(settings.metrics)
    if outputs > 1 and (loss in _TWO_WAYS or "binary_accuracy" in metrics):
        return Meaning(("multi-label",), f"Each of its {outputs} numbers{trained} is a yes or no of its own.")
    if amounts:
        basis = trained or f" (measured with {', '.join(sorted(metrics & _AMOUNTS))})"
        return Meaning(("regression",), f"It estimates {counted(outputs, 'number')}{basis}.")
    if loss in _TWO_WAYS | _MARGINS or "linear" not in activations:
        return CLASSES
    if _accuracy(metrics):
        return Meaning(("classification",), "Its numbers are read as logits of the classes.")
    reason = "Its last layer has no activation, and its file names no loss that says what its numbers are."
    if outputs == 1:
        return Meaning(("regression", "classification"), reason)
    return Meaning(("classification", "regression", "embedding"), reason)


def _only_amounts(metrics: set[str]) -> bool:
    return bool(metrics & _AMOUNTS) and not _accuracy(metrics)


def _accuracy(metrics: set[str]) -> bool:
    return any("accuracy" in name or name in {"acc", "auc"} for name in metrics)
