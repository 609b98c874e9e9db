"""The predictions of a classifier."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from desktop_app.core.foundation.text import percent
from desktop_app.core.kinds.tree import everyday_kinds, readable_name

if TYPE_CHECKING:
    from desktop_app.core.kinds.kind import Kind


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
        """The label for the screen."""
        return readable_name(self.class_id, self.label)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that people count it among, the most specific first; only for classes of ImageNet."""
        return everyday_kinds(self.class_id)


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
        labels: The most probable classes, best first; at least one.
        sure: Whether the best probability reaches the model's stored threshold.
        kind: The broader kind of what the picture shows; None where the model's classes have none.
        distance: The distance to the training pictures, divided by the limit beyond which a picture is unlike
            them; None for a model that cannot tell.
        part: The part that it is about, in a very long or very high picture; None for the whole.
        plane: The plane that it is about, in a file with several of which nobody has chosen; None for others.
        squashed: Whether it is about a very long or very high picture, squashed beyond recognition.
    """

    labels: tuple[ScoredLabel, ...]
    sure: bool
    kind: Kind | None = None
    distance: float | None = None
    part: PartSeen | None = None
    plane: PlaneSeen | None = None
    squashed: bool = False

    @property
    def top(self) -> ScoredLabel:
        """The most probable class."""
        return self.labels[0]

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
        """What is read first: the kind or the most probable class; with a question mark in doubt."""
        if self.unlike:
            return "Unlike any class"
        if self.leading_kind is not None:
            return self.leading_kind.name
        return f"{self.top.readable}?" if self.doubtful else self.top.readable

    @property
    def sentence(self) -> str:
        """What is read first and how probable it is, in words."""
        part = f" ({self.seen})" if self.seen else ""
        kind = self.leading_kind
        if kind is not None:
            return f"{kind.figure} ({kind.together}){part}"
        doubt = "not sure, perhaps " if self.doubtful else ""
        if self.unlike:
            doubt = "unlike the training pictures, perhaps "
        return f"{doubt}{self.top.readable}, {percent(self.top.probability)}{part}"

    @property
    def sentence_with_kind(self) -> str:
        """What is read first and how probable it is, and its kind where that is not read first."""
        kind = self.kind
        if kind is None or kind is self.leading_kind:
            return self.sentence
        return f"{self.sentence} ({kind.figure} for {kind.together})"
