"""Mistakes about labels, as the grid of mistakes shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.training.task.multi_label_evaluation import MultiLabelEvaluation


@dataclass(frozen=True, slots=True)
class MistakeAboutLabel:
    """A picture that gets a label wrongly, or misses it; beside `Mistake`, with the same members.

    Attributes:
        path: Path of the picture.
        truth: What is right: "cat", "no cat".
        answer: What the model says: "missed", "given".
        probability: Probability of the label, 0..1.
        label: Index of the label.
    """

    path: Path
    truth: str
    answer: str
    probability: float
    label: int

    @property
    def words(self) -> str:
        """The mistake in words: "cat missed", "no cat, but given"."""
        return f"{self.truth} {self.answer}" if self.answer == "missed" else f"{self.truth}, but given"


def about_labels(evaluation: MultiLabelEvaluation) -> tuple[MistakeAboutLabel, ...]:
    """All mistakes of an evaluation, the most confident first."""
    items = []
    for mistake in evaluation.mistakes:
        name = evaluation.labels[mistake.label].name
        truth, answer = (name, "missed") if mistake.has else (f"no {name}", "given")
        items.append(MistakeAboutLabel(mistake.path, truth, answer, mistake.probability, mistake.label))
    return tuple(sorted(items, key=_sureness, reverse=True))


def _sureness(item: MistakeAboutLabel) -> float:
    return 1 - item.probability if item.answer == "missed" else item.probability
