"""The broader kind of what a picture shows, and when it is read before the class."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.core.foundation.text import percent

SURE_CLASS = 0.8
"""Probability from which a class is sure enough to be read first, whatever its kind.

By EfficientNet-Lite0, calibrated on 60 photos of ImageNet, 46 of 48 classes as probable were right.
"""

LIKELY_KIND = 0.5
"""Sum from which a kind can be read first: it is more likely than not."""

GAIN = 0.1
"""How much more probable than its class a kind must be to be read first; else it says less for nothing.

Of 800 photos of cats and dogs, the same network read 710 rightly with these three values, as the kind or one
of its classes, 34 as a mammal or animal, and 53 wrongly; by its most probable class alone, 79 wrongly.
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind in everyday words, with the probability of all its classes together.

    Attributes:
        name: The kind, such as "cat".
        probability: The sum over its classes, 0..1.
        classes: The number of classes summed.
        first: Whether it is read first, since the most probable class alone is not sure.
    """

    name: str
    probability: float
    classes: int
    first: bool

    @property
    def figure(self) -> str:
        """The kind with its probability."""
        return f"{self.name}, {percent(self.probability)}"

    @property
    def together(self) -> str:
        """What was summed, in words."""
        return f"all {self.classes:,} kinds of {self.name} together"


def reads_first(top: float, together: float) -> bool:
    """Whether a kind is read before the most probable class.

    Args:
        top: The probability of the most probable class, 0..1.
        together: The probability of all classes of the kind, 0..1.
    """
    return top < SURE_CLASS and together >= max(LIKELY_KIND, top + GAIN)
