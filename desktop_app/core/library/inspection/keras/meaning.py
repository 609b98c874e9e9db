"""Whether a network's numbers mean one class of several: Sightline shows nothing else as classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import counted
from desktop_app.core.library.inspection.containers.refusal import refuse

if TYPE_CHECKING:
    from collections.abc import Collection

    from desktop_app.core.library.inspection.keras.training_settings import TrainingSettings

_ONE_CLASS = {
    "categorical_crossentropy", "sparse_categorical_crossentropy", "categorical_focal_crossentropy",
    "categorical_hinge", "kl_divergence",
}  # fmt: skip
"""Losses of networks that choose one class."""
_TWO_WAYS = {"binary_crossentropy", "binary_focal_crossentropy"}
"""Losses of networks that say yes or no, for each output by itself."""
_AMOUNTS = {
    "mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error", "huber", "log_cosh",
    "mean_squared_logarithmic_error", "root_mean_squared_error", "poisson", "huber_loss", "logcosh",
    "r2_score", "cosine_similarity",
}  # fmt: skip
"""Losses and metrics of networks that estimate numbers."""
_LOGITS = {"linear", "log_softmax"}

_SEVERAL_ADVICE = (
    "Models with several labels at once are not supported yet. If exactly one label is right for each "
    "picture, train it with softmax and categorical_crossentropy."
)
_AMOUNT_ADVICE = "Sightline shows classes only: choose a classifier."


def check_meaning(outputs: int, activations: Collection[str], settings: TrainingSettings) -> str:
    """Refuse a network whose outputs are not classes of which one is right.

    Args:
        outputs: Number of its outputs.
        activations: Activations that they come from, as `endings.activations` names them.
        settings: Loss and metrics in the file.

    Returns:
        How the outputs are read where the file leaves that open, as a sentence; else nothing.

    Raises:
        ModelError: They are several labels at once, amounts, features, or always the same.
    """
    loss, metrics = settings.loss, set(settings.metrics)
    trained = f" (trained with {loss})" if loss else ""
    amounts = loss in _AMOUNTS or (loss not in _ONE_CLASS | _TWO_WAYS and _only_amounts(metrics))
    if outputs == 1 and "softmax" in activations:
        refuse(
            "its one output ends in a softmax, which makes it 1 for every picture",
            "Train it with two outputs, or with a sigmoid instead.",
        )
    if "sigmoid" in activations and outputs > 1 and loss not in _ONE_CLASS:
        refuse(
            f"each of its {outputs} outputs is a sigmoid of its own{trained}, so several labels can be right "
            "at once",
            _SEVERAL_ADVICE,
        )
    if outputs == 1 and "sigmoid" in activations and amounts and not _accuracy(metrics):
        refuse(
            f"its one output, from 0 to 1{trained}, may be an amount or say which of two classes it is",
            "If it chooses between two classes, compile it with binary_crossentropy and save it again.",
        )
    if _LOGITS & set(activations):
        if outputs > 1 and (loss in _TWO_WAYS or "binary_accuracy" in metrics) and loss not in _ONE_CLASS:
            refuse(
                f"it gives {outputs} numbers{trained}, each a yes or no of its own, so several labels can be "
                "right at once",
                _SEVERAL_ADVICE,
            )
        if amounts:
            basis = trained or f" (measured with {', '.join(sorted(metrics & _AMOUNTS))})"
            refuse(f"it estimates {counted(outputs, 'number')}{basis} and names no class", _AMOUNT_ADVICE)
        if outputs == 1 and loss not in _TWO_WAYS and not _accuracy(metrics):
            refuse(
                "its one output has no activation, and its file names no loss that says whether it is an "
                "amount or which of two classes",
                "If it chooses between two classes, compile it with BinaryCrossentropy(from_logits=True) and "
                "save it again.",
            )
        if "linear" in activations and loss not in _ONE_CLASS | _TWO_WAYS:
            return "Its last layer has no activation, and its numbers are read as logits of the classes."
        return ""
    other = sorted(set(activations) - {"softmax", "sigmoid"})
    if other and loss not in _ONE_CLASS | _TWO_WAYS:
        refuse(
            f"its outputs end in {other[0]}{trained}, so they are features or amounts rather than classes",
            "Choose a whole classifier, with softmax or without an activation at its end.",
        )
    return ""


def _only_amounts(metrics: set[str]) -> bool:
    return bool(metrics & _AMOUNTS) and not _accuracy(metrics)


def _accuracy(metrics: set[str]) -> bool:
    return any("accuracy" in name or name in {"acc", "auc"} for name in metrics)
