"""The predictions of a classifier."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from desktop_app.core.foundation.text import amount, percent
from desktop_app.core.kinds.tree import everyday_kinds, readable_name

if TYPE_CHECKING:
    from desktop_app.core.kinds.kind import Kind
    from desktop_app.core.networks.outputs import Task

NEAR_THRESHOLD = 1.5
"""Ratio of the odds of a probability and of its threshold below which it is doubtful whether a label is
right: from 40% to 60% for a threshold of 50%, and from 86% to 93% for one of 90%."""

NO_LABEL = "no label"
"""What is read where none of several labels reaches its threshold."""


@dataclass(frozen=True, slots=True)
class ScoredLabel:
    """One class with its rank and probability.

    Attributes:
        rank: The rank, from 1 for the most probable.
        class_id: The stable id; a WordNet synset id for ImageNet classes.
        label: The readable name.
        probability: The calibrated probability, 0..1.
        threshold: The probability from which on the label is right, where each is right or not by itself;
            None for one of several classes.
    """

    rank: int
    class_id: str
    label: str
    probability: float
    threshold: float | None = None

    @property
    def right(self) -> bool:
        """Whether the label reaches its threshold; never for one of several classes."""
        return self.threshold is not None and self.probability >= self.threshold

    @property
    def near(self) -> bool:
        """Whether the probability is so near to the threshold that it is doubtful on which side it is."""
        if self.threshold is None:
            return False
        odds = self.probability * (1 - self.threshold), self.threshold * (1 - self.probability)
        return max(odds) < NEAR_THRESHOLD * min(odds)

    @property
    def readable(self) -> str:
        """The label for the screen."""
        return readable_name(self.class_id, self.label)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that people count it among, the most specific first; only for classes of ImageNet."""
        return everyday_kinds(self.class_id)


class Amount(NamedTuple):
    """One of the numbers that a network estimates.

    Attributes:
        class_id: The stable id.
        name: The name of the amount.
        value: The number.
        unit: The unit; empty where it has none.
    """

    class_id: str
    name: str
    value: float
    unit: str = ""

    @property
    def readable(self) -> str:
        """The name for the screen."""
        return readable_name(self.class_id, self.name)

    @property
    def figure(self) -> str:
        """The number with its unit: "12.4 EUR"."""
        return f"{amount(self.value)} {self.unit}".rstrip()

    @property
    def words(self) -> str:
        """The amount with its name: "price 12.4 EUR"."""
        return f"{self.readable} {self.figure}"


class PartSeen(NamedTuple):
    """The part of a very long or very high picture that a prediction is about.

    Attributes:
        number: Number of the part, from 1, counted from the left or from the top.
        of: Number of parts.
        side: The side that is counted from, ``left`` or ``top``; empty if unknown.
    """

    number: int
    of: int
    side: str = ""

    @property
    def words(self) -> str:
        """The part in words: "part 3 of 8, from the left"."""
        return f"part {self.number} of {self.of}, from the {self.side or 'left or top'}"


class PlaneSeen(NamedTuple):
    """The plane of a file with several that a prediction is about: the first, as nobody has chosen.

    Attributes:
        of: Number of planes.
        word: What they are, in the plural: "pages", "frames".
    """

    of: int
    word: str

    @property
    def words(self) -> str:
        """The plane in words: "the first of 5 pages"."""
        return f"the first of {self.of:,} {self.word}"


@dataclass(frozen=True, slots=True)
class Prediction:
    """The prediction for one picture.

    Attributes:
        labels: The most probable classes, best first; at least one. Where each label is right or not by
            itself, all of them; none where amounts are estimated.
        sure: Whether the best probability reaches the model's stored threshold; for several labels, whether
            none is near its own.
        kind: The broader kind of what the picture shows; None where the model's classes have none.
        distance: The distance to the training pictures, divided by the limit beyond which a picture is unlike
            them; None for a model that cannot tell.
        part: The part that it is about, in a very long or very high picture; None for the whole.
        plane: The plane that it is about, in a file with several of which nobody has chosen; None for others.
        squashed: Whether it is about a very long or very high picture, squashed beyond recognition.
        task: What the model's outputs are for.
        amounts: The numbers that the model estimates, in its order; none for labels.
    """

    labels: tuple[ScoredLabel, ...]
    sure: bool
    kind: Kind | None = None
    distance: float | None = None
    part: PartSeen | None = None
    plane: PlaneSeen | None = None
    squashed: bool = False
    task: Task = "classification"
    amounts: tuple[Amount, ...] = ()

    @property
    def top(self) -> ScoredLabel:
        """The most probable class or label; there is none where amounts are estimated."""
        return self.labels[0]

    @property
    def right(self) -> tuple[ScoredLabel, ...]:
        """The labels that reach their thresholds, the most probable first; none for one of several."""
        return tuple(entry for entry in self.labels if entry.right)

    @property
    def figure(self) -> float:
        """The number to sort pictures by: the highest probability, or the first amount."""
        return self.amounts[0].value if self.amounts else self.top.probability

    def looked_at(self, planes: int, plane_word: str, side: str, squashed: bool) -> Prediction:
        """The prediction, with what there is in the file beside what was seen; see `decode.Layout`.

        Args:
            planes: The number of planes in the file.
            plane_word: What they are, in the plural.
            side: The side from which the parts of a thin picture are counted.
            squashed: Whether a thin picture was squashed; no prediction is sure then.
        """
        return replace(
            self,
            sure=self.sure and not squashed,
            part=None if self.part is None else self.part._replace(side=side),
            plane=PlaneSeen(planes, plane_word) if planes > 1 else None,
            squashed=squashed,
        )

    @property
    def seen(self) -> str:
        """What of the file was seen, in words; empty where it was all of it."""
        squashed = ["squashed to the shape of others"] if self.squashed else []
        return ", ".join([seen.words for seen in (self.plane, self.part) if seen is not None] + squashed)

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

    @property
    def leading_kind(self) -> Kind | None:
        """The kind, where it is read before the most probable class; no class is right for what is unlike."""
        return self.kind if self.kind is not None and self.kind.first and not self.unlike else None

    @property
    def doubtful(self) -> bool:
        """Whether the picture is unlike any class, or neither the best one nor its kind is likely enough."""
        return self.unlike or (not self.sure and self.leading_kind is None)

    @property
    def name(self) -> str:
        """What is read first: the kind, the most probable class, or all that is right or estimated.

        A question mark stands behind what is in doubt.
        """
        if self.unlike:
            return "Unlike any class" if self.task == "classification" else "Unlike the training pictures"
        if self.leading_kind is not None:
            return self.leading_kind.name
        if self.task == "classification":
            return f"{self.top.readable}?" if self.doubtful else self.top.readable
        return self._findings if not self.squashed else f"{self._findings}?"

    @property
    def _findings(self) -> str:
        """The labels that are right, or the amounts."""
        if self.amounts:
            return ", ".join(each.words for each in self.amounts)
        found = ", ".join(f"{entry.readable}?" if entry.near else entry.readable for entry in self.right)
        return found or (NO_LABEL if self.sure else f"{NO_LABEL}?")

    @property
    def plain(self) -> str:
        """What is read first without a mark of doubt, for tables: "cat", "cat, outdoor", "price 12.4 EUR"."""
        if self.leading_kind is not None:
            return self.leading_kind.name
        if self.amounts:
            return ", ".join(each.words for each in self.amounts)
        if self.task == "classification":
            return self.top.readable
        return ", ".join(entry.readable for entry in self.right) or NO_LABEL

    @property
    def sentence(self) -> str:
        """What is read first and how probable it is, in words."""
        part = f" ({self.seen})" if self.seen else ""
        kind = self.leading_kind
        if kind is not None:
            return f"{kind.figure} ({kind.together}){part}"
        doubt = "not sure, perhaps " if self.doubtful and not self.amounts else ""
        if self.unlike:
            doubt = "unlike the training pictures, perhaps "
        return f"{doubt}{self._figures}{part}"

    @property
    def _figures(self) -> str:
        """What is read first, with its numbers."""
        if self.amounts:
            return ", ".join(each.words for each in self.amounts)
        if self.task == "classification":
            return f"{self.top.readable}, {percent(self.top.probability)}"
        found = ", ".join(f"{entry.readable} {percent(entry.probability)}" for entry in self.right)
        return found or f"{NO_LABEL} (most probable: {self.top.readable}, {percent(self.top.probability)})"

    @property
    def sentence_with_kind(self) -> str:
        """What is read first and how probable it is, and its kind where that is not read first."""
        kind = self.kind
        if kind is None or kind is self.leading_kind:
            return self.sentence
        return f"{self.sentence} ({kind.figure} for {kind.together})"
