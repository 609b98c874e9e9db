"""Draws a split of pictures with several labels, each label in proportion."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from desktop_app.core.datasets.report import PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop_app.core.datasets.report import Part


def deal_label_sets(
    clusters: Sequence[Sequence[int]], sets: Sequence[Sequence[int]], fractions: Mapping[Part, float]
) -> dict[int, Part]:
    """Choose the subsets of pictures with several labels by iterative stratification.

    The label with the fewest pictures left is dealt first: each of its clusters goes where most pictures of
    that label are still wanted, and takes its other labels along. So rare labels, which chance could leave
    out of a subset, are in proportion (Sechidis, Tsoumakas and Vlahavas, "On the Stratification of
    Multi-label Data", ECML PKDD 2011). Pictures without labels fill up what is left.

    Args:
        clusters: Indices of pictures that stay together, cluster by cluster, in the order of drawing.
        sets: Labels of each picture.
        fractions: Fraction for each subset besides training; together below 1.

    Returns:
        The subset of each picture that leaves training.
    """
    return _Draw(clusters, sets, fractions).dealt()


class _Draw:
    """What is still wanted of each label in each subset, and which clusters are dealt."""

    def __init__(
        self,
        clusters: Sequence[Sequence[int]],
        sets: Sequence[Sequence[int]],
        fractions: Mapping[Part, float],
    ) -> None:
        self._clusters = clusters
        self._counts = [
            Counter(label for number in cluster for label in sets[number]) for cluster in clusters
        ]
        self._order: list[Part] = [part for part in PARTS if part == "train" or fractions.get(part)]
        share = {part: fractions.get(part, 0.0) for part in self._order}
        share["train"] = 1 - sum(share.values())
        self._left: Counter[int] = Counter()
        self._holders: defaultdict[int, list[int]] = defaultdict(list)
        for index, own in enumerate(self._counts):
            self._left.update(own)
            for label in own:
                self._holders[label].append(index)
        size = sum(map(len, clusters))
        self._room = {part: share[part] * size for part in self._order}
        self._wanted = {
            (label, part): share[part] * count for label, count in self._left.items() for part in self._order
        }
        self._chosen: dict[int, Part] = {}

    def dealt(self) -> dict[int, Part]:
        """Deal all clusters, and list the pictures that leave training."""
        waiting = set(self._holders)
        while waiting:
            label = min(waiting, key=lambda entry: (self._left[entry], entry))
            waiting.remove(label)
            for index in self._holders[label]:
                self._give(index, label)
        for index in range(len(self._clusters)):
            self._give(index, None)
        return {
            number: part
            for index, part in self._chosen.items()
            if part != "train"
            for number in self._clusters[index]
        }

    def _give(self, index: int, label: int | None) -> None:
        """Deal a cluster, unless it is dealt, for the sake of a label: where it is wanted most.

        Of equally wanting subsets the one with more room takes it, then training.
        """
        if index in self._chosen:
            return
        wanted = {part: 0.0 if label is None else self._wanted[label, part] for part in self._order}
        part = max(self._order, key=lambda part: (wanted[part], self._room[part]))
        self._chosen[index] = part
        self._room[part] -= len(self._clusters[index])
        for own, count in self._counts[index].items():
            self._wanted[own, part] -= count
            self._left[own] -= count
