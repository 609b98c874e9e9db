"""The probability from which on each label of a model is right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from desktop_app.core.foundation.errors import UsageError
from desktop_app.core.foundation.text import printable
from desktop_app.core.networks.outputs import DEFAULT_THRESHOLD, TASK_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop_app.core.library.card import ClassLabel, ModelCard

_SHOWN = 10


class Labelled(Protocol):
    """What has labels: a model's card, or a job that remembers it."""

    @property
    def classes(self) -> Sequence[ClassLabel]:
        """The labels."""

    @property
    def thresholds(self) -> Sequence[float]:
        """The threshold of each; empty for the usual one."""


def thresholds_of(labelled: Labelled) -> tuple[float, ...]:
    """The threshold of each label, 0..1."""
    return tuple(labelled.thresholds) or (DEFAULT_THRESHOLD,) * len(labelled.classes)


def changed_thresholds(card: ModelCard, changes: Mapping[str | None, float]) -> tuple[float, ...]:
    """Change some thresholds of a card.

    Args:
        card: The card.
        changes: The threshold (0..1) of labels, by their name or id; that under None is of all others.

    Returns:
        The threshold of each label.

    Raises:
        UsageError: The model gives no labels, has none of a name, or a threshold is out of range.
    """
    if card.task != "multi-label":
        raise UsageError(
            f"{card.name} gives {TASK_WORDS[card.task]}: it has no thresholds.",
            "Thresholds are for models that give several labels at once.",
        )
    for name, value in changes.items():
        if not 0 <= value <= 1:  # NaN included
            of = "" if name is None else f" of {printable(name)}"
            raise UsageError(
                f"The threshold{of} is {value:g}, not between 0 and 1.", "Give a number from 0 to 1."
            )
    places: dict[str, list[int]] = {}
    for place, entry in enumerate(card.classes):
        for name in {entry.class_id, entry.label, entry.readable}:
            places.setdefault(name, []).append(place)
    thresholds = list(thresholds_of(card))
    if None in changes:
        thresholds = [changes[None]] * len(thresholds)
    ids = {entry.class_id: place for place, entry in enumerate(card.classes)}
    for name, value in changes.items():
        if name is None:
            continue
        found = [ids[name]] if name in ids else places.get(name, [])
        if len(found) != 1:
            known = ", ".join(entry.class_id for entry in card.classes[:_SHOWN])
            more = ", …" if len(card.classes) > _SHOWN else ""
            what = "several labels" if found else "no label"
            raise UsageError(f"{card.name} has {what} '{printable(name)}'.", f"Its labels are {known}{more}.")
        thresholds[found[0]] = value
    return tuple(thresholds)
