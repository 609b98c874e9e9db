"""A metric: one figure by which a network is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from desktop_app.core.foundation.text import percentage

VALIDATION = "val_"
"""Prefix of the name of a metric that was measured on the validation split."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure that is measured after every epoch.

    Attributes:
        name: Name in files and events, and of the Keras metric; ``val_`` before it for the validation split.
        label: Name for people, within a sentence: "accuracy".
        higher_is_better: Whether higher values are better.
        format: Form of the value in texts; a percentage is 0..1.
    """

    name: str
    label: str
    higher_is_better: bool
    format: Literal["number", "percent"] = "number"

    @property
    def title(self) -> str:
        """The label at the beginning of a line."""
        return self.label[:1].upper() + self.label[1:]

    def text(self, value: float) -> str:
        """Write a value for people: "75.0 %", "0.5213"."""
        return percentage(value) if self.format == "percent" else f"{value:.4f}"

    @property
    def best(self) -> str:
        """What the best value is, as part of a sentence: "the highest"."""
        return "the highest" if self.higher_is_better else "the lowest"

    def merit(self, value: float) -> float:
        """The value as a number that is larger for better values."""
        return value if self.higher_is_better else -value


LOSS = Metric("loss", "loss", higher_is_better=False)
"""The loss, a metric of every task."""
