"""What a person decides about the label of a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Action = Literal["relabel", "exclude", "keep"]
"""``relabel``: it belongs to another class; ``exclude``: it is not used; ``keep``: its label is right."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision about one picture; its file stays where it is.

    Attributes:
        action: What is done with the picture.
        label: Name of the class that it belongs to; empty unless it is relabeled.
    """

    action: Action
    label: str = ""


KEEP = Decision("keep")
EXCLUDE = Decision("exclude")


def relabel(label: str) -> Decision:
    """Put a picture into the class of this name."""
    return Decision("relabel", label)
