"""A metric: one figure by which a network is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from desktop_app.core.foundation.text import percent

VALIDATION = "val_"
"""Prefix of the name of a metric that was measured on the validation split."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure that is measured after every epoch, or of the finished model.

    Attributes:
        name: Name in files and events, and of the Keras metric; ``val_`` before it for the validation split.
        label: Name for people, within a sentence: "accuracy".
        higher_is_better: Whether higher values are better.
        format: Form of the value in texts; a percentage is 0..1.
        each_epoch: Whether it may be measured after every epoch, and not only of the finished model.
        word: Word behind the value where a bare value would be taken for another metric: "balanced".
    """

    name: str
    label: str
    higher_is_better: bool
    format: Literal["number", "percent"] = "number"
    each_epoch: bool = True
    word: str = ""

    @property
    def title(self) -> str:
        """The label at the beginning of a line."""
        return self.label[:1].upper() + self.label[1:]

    def text(self, value: float) -> str:
        """Write a value for people: "75.0%", "0.5213"."""
        return percent(value) if self.format == "percent" else f"{value:.4f}"

    def brief(self, value: float) -> str:
        """Write a value where there is no room for the label: "75.0%", "50.0% balanced"."""
        return f"{self.text(value)} {self.word}".rstrip()

    @property
    def best(self) -> str:
        """What the best value is, as part of a sentence: "the highest"."""
        return "the highest" if self.higher_is_better else "the lowest"

    def merit(self, value: float) -> float:
        """The value as a number that is larger for better values."""
        return value if self.higher_is_better else -value


LOSS = Metric("loss", "loss", higher_is_better=False)
"""The loss, a metric of every task."""
