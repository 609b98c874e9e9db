"""The evaluation of a finished model on pictures that it was not trained on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from desktop_app.core.foundation.text import counted, plain_number


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of a finished model; each task adds its own details.

    Attributes:
        task: Kind of the `Task`.
        part: Split of the pictures: ``test``, or ``validation`` when there is no test split.
        pictures: Number of pictures.
        metrics: Metrics by their names.
    """

    task: str
    part: Literal["test", "validation"]
    pictures: int
    metrics: dict[str, float]

    @property
    def sentence(self) -> str:
        """How good the model is, as the beginning of a sentence."""
        figures = ", ".join(f"{name} {plain_number(value)}" for name, value in self.metrics.items())
        return f"{figures} on {counted(self.pictures, f'{self.part} picture')}"

    @property
    def tells_apart(self) -> bool:
        """Whether the model has learned to tell anything apart."""
        return True
