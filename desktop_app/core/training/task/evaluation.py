"""What a finished model does on pictures that it was not trained on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from desktop_app.core.foundation.text import counted, plain_number


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of a finished model; each task adds what else can be seen.

    Attributes:
        task: Kind of the `Task`.
        part: ``test``, or ``validation`` when there is no test split.
        pictures: How many.
        metrics: By their names.
    """

    task: str
    part: Literal["test", "validation"]
    pictures: int
    metrics: dict[str, float]

    @property
    def sentence(self) -> str:
        """How good the model is, as the end of a sentence."""
        figures = ", ".join(f"{name} {plain_number(value)}" for name, value in self.metrics.items())
        return f"{figures} on {counted(self.pictures, f'{self.part} picture')}"
