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
        distance: The distance to the training pictures, divided by the limit beyond which a picture is unlike
            them; None for a model that cannot tell.
    """

    labels: tuple[ScoredLabel, ...]
    sure: bool
    distance: float | None = None

    @property
    def top(self) -> ScoredLabel:
        """The most probable class."""
        return self.labels[0]

    @property
    def distance_sentence(self) -> str:
        """How far the picture is from the training pictures, in words; empty for a model that cannot tell."""
        if self.distance is None:
            return ""
        return f"Distance from the training pictures: {self.distance:.1f} times the limit"

    @property
    def unlike(self) -> bool:
        """Whether the picture is unlike anything the model was trained on, whatever the probabilities."""
        return self.distance is not None and self.distance > 1
