"""A measured figure beside what it is measured against, and the goal that it has to reach."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Goal:
    """A bound on a figure: on its ratio where it is measured against something, else on its median.

    Attributes:
        limit: The bound itself still meets the goal.
        at_least: Whether it is a lower bound.
    """

    limit: float
    at_least: bool = False

    def met(self, value: float) -> bool:
        """Whether a value reaches the goal."""
        return value >= self.limit if self.at_least else value <= self.limit


@dataclass(frozen=True)
class Figure:
    """One line of the report.

    Attributes:
        what: What was measured, in words.
        against: What it was measured against; empty where the goal bounds the figure itself.
        unit: The unit of the samples.
        own: One sample a round; empty when nothing could be measured.
        other: The samples of what it is compared with, from the same rounds; empty without one.
        goal: None for a figure that only informs.
        note: What a reader must know to understand it.
        missing: Why it was not measured, as a sentence; empty when it was.
        digits: Behind the point of the samples.
    """

    what: str
    against: str = ""
    unit: str = "s"
    own: tuple[float, ...] = ()
    other: tuple[float, ...] = ()
    goal: Goal | None = None
    note: str = ""
    missing: str = ""
    digits: int = 2

    @property
    def median(self) -> float | None:
        """The median of the own samples; None when nothing was measured."""
        return statistics.median(self.own) if self.own else None

    @property
    def other_median(self) -> float | None:
        """The median of what it is compared with; None without one."""
        return statistics.median(self.other) if self.other else None

    @property
    def ratio(self) -> float | None:
        """Own median over the other one; None without one of them."""
        if self.median is None or not self.other_median:
            return None
        return self.median / self.other_median

    @property
    def ratio_spread(self) -> tuple[float, float] | None:
        """The lowest and the highest ratio of one round, of which each has both samples."""
        if len(self.own) != len(self.other) or not self.own or not all(self.other):
            return None
        ratios = [own / other for own, other in zip(self.own, self.other, strict=True)]
        return min(ratios), max(ratios)

    @property
    def value(self) -> float | None:
        """What the goal is about: the ratio, or the median of a figure that stands alone."""
        return self.ratio if self.against else self.median

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None without a goal or a value."""
        if self.goal is None or self.value is None:
            return None
        return self.goal.met(self.value)

    def as_record(self) -> dict[str, Any]:
        """Everything, for a JSON file: the samples, and what follows from them."""
        return asdict(self) | {
            "median": self.median,
            "other_median": self.other_median,
            "ratio": self.ratio,
            "ratio_spread": self.ratio_spread,
            "met": self.met,
        }

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Figure:
        """Make a figure of what `as_record` gave; what follows from the samples is computed again."""
        fields = {name: record[name] for name in cls.__dataclass_fields__}
        goal = fields.pop("goal")
        own, other = (tuple(fields.pop(name)) for name in ("own", "other"))
        return cls(**fields, own=own, other=other, goal=Goal(**goal) if goal else None)
