"""What a classifier answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScoredLabel:
    """One class with its place and probability.

    Attributes:
        rank: From 1, the most probable.
        class_id: Stable id; a WordNet synset id for ImageNet classes.
        label: Readable name.
        probability: 0..1, calibrated.
    """

    rank: int
    class_id: str
    label: str
    probability: float

    @property
    def readable(self) -> str:
        """The label for the screen: published names have underscores for spaces."""
        return self.label.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Prediction:
    """The answer for one picture.

    Attributes:
        labels: The most probable classes, best first; at least one.
        sure: False when the best probability is below the model's stored threshold.
    """

    labels: tuple[ScoredLabel, ...]
    sure: bool

    @property
    def top(self) -> ScoredLabel:
        """The most probable class."""
        return self.labels[0]
