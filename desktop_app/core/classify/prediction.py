"""The predictions of a classifier."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScoredLabel:
    """One class with its rank and probability.

    Attributes:
        rank: The rank, from 1 for the most probable.
        class_id: The stable id; a WordNet synset id for ImageNet classes.
        label: The readable name.
        probability: The calibrated probability, 0..1.
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
    """The prediction for one picture.

    Attributes:
        labels: The most probable classes, best first; at least one.
        sure: Whether the best probability reaches the model's stored threshold.
    """

    labels: tuple[ScoredLabel, ...]
    sure: bool

    @property
    def top(self) -> ScoredLabel:
        """The most probable class."""
        return self.labels[0]
