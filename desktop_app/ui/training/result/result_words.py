"""What an evaluation says about a model, in words and with a confidence interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import counted, percent
from desktop_app.core.training.records.intervals import wilson_interval

if TYPE_CHECKING:
    from desktop_app.core.training.records.result import TrainingResult
    from desktop_app.core.training.task.classification_evaluation import ClassificationEvaluation
    from desktop_app.core.training.task.multi_label_evaluation import MultiLabelEvaluation

_MUCH = 0.2
"""Least difference of the accuracy on training pictures and on new ones that is reported as overfitting."""
_WIDE = 0.02
"""From this width on an interval is written in whole percent."""
BY_CLASS = (
    "Balanced accuracy: the mean over the classes of the share that is found.\n"
    "Macro F1: the mean over the classes of the harmonic mean of precision and recall.\n"
    "In both every class counts the same, however few pictures it has."
)
BY_LABEL = (
    "Macro F1: the mean over the labels of the harmonic mean of precision and recall.\n"
    "Micro F1: the same over all answers at once, in which frequent labels count more.\n"
    "Mean AUC: how often a picture with a label has a higher probability of it than one without."
)
_CLEAR = 0.1
"""Lead over guessing that counts as better than guessing, unless it was measured on very few pictures."""


def outcome(result: TrainingResult) -> str:
    """How good the model of a run is, in a few words; its name where there is no evaluation."""
    evaluation = result.evaluation
    if evaluation is None:
        return result.name
    words = evaluation.sentence
    return words[:1].upper() + words[1:]


def basis(evaluation: ClassificationEvaluation) -> str:
    """What the accuracy was measured on, as words behind the figure."""
    what = "balanced accuracy" if evaluation.confusion.out_of_balance else "accuracy"
    if evaluation.part == "test":
        return f"{what} on {counted(evaluation.pictures, 'new picture')}"
    pictures = counted(evaluation.pictures, "validation picture")
    return f"{what} on {pictures}, which also chose the best epoch"


def headline(evaluation: ClassificationEvaluation) -> str:
    """The figure that is shown largest: the balanced accuracy where the plain one hides small classes."""
    balanced = evaluation.confusion.out_of_balance
    return percent(evaluation.balanced_accuracy if balanced else evaluation.accuracy)


def by_class(evaluation: ClassificationEvaluation) -> str:
    """The figures beside the headline."""
    last = f"macro F1 {percent(evaluation.macro_f1)}"
    if evaluation.confusion.out_of_balance:
        return f"Accuracy {percent(evaluation.accuracy)}, {interval(evaluation)} · {last}"
    return f"Balanced accuracy {percent(evaluation.balanced_accuracy)} · {last}"


def interval(evaluation: ClassificationEvaluation) -> str:
    """The 95% confidence interval of the accuracy, as words behind the figure."""
    right = round(evaluation.accuracy * evaluation.pictures)
    low, high = wilson_interval(right, evaluation.pictures)
    digits = 0 if high - low >= _WIDE else 1
    return f"likely between {100 * low:.{digits}f}% and {100 * high:.{digits}f}%"


def caution(evaluation: ClassificationEvaluation, learned: float | None) -> str:
    """Why to be careful with a model, as sentences; empty when there is no reason.

    Args:
        evaluation: Evaluation on new pictures.
        learned: Accuracy on the training pictures, 0..1, if it is known.
    """
    if not evaluation.pictures or len(evaluation.confusion) < 2:
        return ""
    sentences = list(evaluation.shortcomings)
    if evaluation.confusion.only_answer is None:
        sentences += _compared_with_guessing(evaluation)
    if learned is not None and learned - evaluation.accuracy > _MUCH:
        sentences.append(
            f"Overfitting: {percent(learned)} on training pictures, {percent(evaluation.accuracy)} on "
            "new ones. Add pictures or augmentation."
        )
    return " ".join(sentences)


def _compared_with_guessing(evaluation: ClassificationEvaluation) -> list[str]:
    confusion = evaluation.confusion
    if confusion.out_of_balance:
        chance = 1 / int((confusion.pictures > 0).sum())
        guesses = evaluation.balanced_accuracy - chance < _CLEAR / 2
        return [f"About as good as guessing ({percent(chance)} balanced)."] if guesses else []
    chance = max(1 / len(confusion), int(confusion.pictures.max()) / evaluation.pictures)
    low, _high = wilson_interval(round(evaluation.accuracy * evaluation.pictures), evaluation.pictures)
    if low > chance:
        return []
    few = evaluation.accuracy - chance > _CLEAR
    what = "With so few pictures, this may be no better than" if few else "About as good as"
    return [f"{what} guessing ({percent(chance)})."]


def basis_of_labels(evaluation: MultiLabelEvaluation) -> str:
    """What the mean average precision was measured on, as words behind the figure."""
    new = evaluation.part == "test"
    pictures = counted(evaluation.pictures, "new picture" if new else "validation picture")
    return f"mean average precision on {pictures}{'' if new else ', which also chose the best epoch'}"


def label_figures(evaluation: MultiLabelEvaluation) -> str:
    """The figures beside the headline of several labels at once."""
    named = (("Macro F1", "macro_f1"), ("micro F1", "micro_f1"), ("mean AUC", "macro_auc"))
    known = [
        f"{word} {percent(evaluation.metrics[name])}" for word, name in named if name in evaluation.metrics
    ]
    return " · ".join([*known, f"all labels right on {percent(evaluation.metrics['exact_match'])}"])


def label_caution(evaluation: MultiLabelEvaluation, learned: float | None) -> str:
    """Why to be careful with a model that gives several labels; empty when there is no reason.

    Args:
        evaluation: Evaluation on new pictures.
        learned: Mean average precision on the training pictures, 0..1, if it is known.
    """
    sentences, now = list(evaluation.shortcomings), evaluation.metrics["mean_ap"]
    if learned is not None and learned - now > _MUCH:
        sentences.append(
            f"Overfitting: {percent(learned)} on training pictures, {percent(now)} on new ones. Add pictures "
            "or augmentation."
        )
    return " ".join(sentences)


def top_k(evaluation: ClassificationEvaluation) -> str:
    """How often the right class is among the k most likely; empty when the model has too few classes."""
    if evaluation.top_k is None:
        return ""
    return f"Top-{evaluation.k} accuracy: {percent(evaluation.top_k)}"
