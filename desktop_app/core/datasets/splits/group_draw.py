"""Draws a split of groups, such as patients, each of which goes to one subset as a whole."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from desktop_app.core.datasets.report import PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop_app.core.datasets.report import Part


def deal_groups(
    groups: Sequence[Sequence[int]], labels: Sequence[int], quotas: Mapping[int, Mapping[Part, int]]
) -> dict[int, Part]:
    """Choose the groups that leave training.

    A group goes where it brings the numbers of its classes nearest to what is wanted, as long as each of them
    keeps another group in training. Where a class gets nothing at all that way, its smallest group goes if
    half of each of its classes stays.

    Args:
        groups: Indices of pictures, group by group, in the order of drawing.
        labels: Label of each picture.
        quotas: Number of pictures wanted for each subset besides training, for each label.

    Returns:
        The subset of each picture that leaves training.
    """
    deal = _Deal(groups, labels, quotas)
    deal.nearest()
    deal.at_least_one()
    return {number: part for index, part in deal.chosen.items() for number in groups[index]}


class _Deal:
    """Which groups have left training so far, and how many pictures of each class stay."""

    def __init__(
        self,
        groups: Sequence[Sequence[int]],
        labels: Sequence[int],
        quotas: Mapping[int, Mapping[Part, int]],
    ) -> None:
        self.chosen: dict[int, Part] = {}
        self._counts = [Counter(labels[number] for number in group) for group in groups]
        self._total = Counter(labels[number] for group in groups for number in group)
        self._stay = self._total.copy()
        self._wanted = {(label, part): count for label, own in quotas.items() for part, count in own.items()}
        self._given: Counter[tuple[int, Part]] = Counter()

    def nearest(self) -> None:
        """Let each group go where it brings the numbers nearest to what is wanted."""
        for index in range(len(self._counts)):
            for part in reversed(PARTS):
                if self._is_nearer(index, part) and self._may_leave(index, 0):
                    self._give(index, part)
                    break

    def at_least_one(self) -> None:
        """Give classes that got nothing their smallest group."""
        for part in reversed(PARTS):
            for label in self._total:
                if self._wanted.get((label, part)) and not self._given[label, part]:
                    self._give_smallest(label, part)

    def _give_smallest(self, label: int, part: Part) -> None:
        able = [
            index
            for index, own in enumerate(self._counts)
            if label in own and index not in self.chosen and self._may_leave(index, 0.5)
        ]
        if able:
            self._give(min(able, key=lambda index: (self._counts[index].total(), index)), part)

    def _is_nearer(self, index: int, part: Part) -> bool:
        own = self._counts[index]
        if not any(self._wanted.get((label, part)) for label in own):
            return False
        missing = {label: self._wanted.get((label, part), 0) - self._given[label, part] for label in own}
        return sum(abs(missing[label] - count) - abs(missing[label]) for label, count in own.items()) <= 0

    def _may_leave(self, index: int, share: float) -> bool:
        """Whether enough of each of its classes stays: this share of it, and one picture at least."""
        own = self._counts[index]
        return all(
            self._stay[label] - count >= max(1, share * self._total[label]) for label, count in own.items()
        )

    def _give(self, index: int, part: Part) -> None:
        self.chosen[index] = part
        self._stay.subtract(self._counts[index])
        for label, count in self._counts[index].items():
            self._given[label, part] += count
