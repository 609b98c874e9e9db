"""What an evaluation says about a model, in words and with its margin of error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import counted, percentage
from desktop_app.core.training.records.intervals import wilson_interval

if TYPE_CHECKING:
    from desktop_app.core.training.records.result import TrainingResult
    from desktop_app.core.training.task.classification_evaluation import ClassificationEvaluation

_MUCH = 0.2
"""By so much training pictures are known better than new ones when a network has learned by heart."""
_CLEAR = 0.1
"""So much above guessing nobody takes for guessing, unless it was measured on very few pictures."""


def outcome(result: TrainingResult) -> str:
    """How good the model of a run is, in a few words; its name where that is not known."""
    evaluation = result.evaluation
    if evaluation is None:
        return result.name
    return evaluation.sentence


def basis(evaluation: ClassificationEvaluation) -> str:
    """What the accuracy was measured on."""
    where = (
        "of the test part, which the network never saw"
        if evaluation.part == "test"
        else "of the validation part, by which the best epoch was chosen"
    )
    return f"right on {counted(evaluation.pictures, 'picture')} {where}"


def interval(evaluation: ClassificationEvaluation) -> str:
    """The margin of error, as a sentence."""
    right = round(evaluation.accuracy * evaluation.pictures)
    low, high = wilson_interval(right, evaluation.pictures)
    return f"95\N{NO-BREAK SPACE}% interval: {percentage(low)} to {percentage(high)}"


def caution(evaluation: ClassificationEvaluation, learned: float | None) -> str:
    """What speaks against trusting a model; empty when nothing does.

    Args:
        evaluation: What it does on new pictures.
        learned: Its accuracy on the training pictures, 0..1, if that is known.
    """
    if not evaluation.pictures or len(evaluation.confusion) < 2:
        return ""
    sentences = []
    largest = max(sum(row) for row in evaluation.confusion) / evaluation.pictures
    chance = max(1 / len(evaluation.confusion), largest)
    low, _high = wilson_interval(round(evaluation.accuracy * evaluation.pictures), evaluation.pictures)
    if low <= chance:
        few = evaluation.accuracy - chance > _CLEAR
        what = "On so few pictures this cannot be told from" if few else "About as good as"
        sentences.append(f"{what} guessing ({percentage(chance)}).")
    if learned is not None and learned - evaluation.accuracy > _MUCH:
        sentences.append(
            f"It knows its training pictures much better ({percentage(learned)}) than new ones "
            f"({percentage(evaluation.accuracy)}): more pictures or more augmentation help."
        )
    return " ".join(sentences)


def top_k(evaluation: ClassificationEvaluation) -> str:
    """How often the right class is among the first; empty when that says nothing."""
    if evaluation.top_k is None:
        return ""
    return f"Among the first {evaluation.k} answers: {percentage(evaluation.top_k)}"
