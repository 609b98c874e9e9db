"""The probabilities of a model's classes, summed over everyday kinds."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.kinds.kind import LIKELY_KIND, Kind, reads_first
from desktop_app.core.kinds.tree import is_synset, kind_tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class KindSums:
    """The everyday kinds that a model can tell apart; each with two of its classes at least, and not all.

    Attributes:
        names: The kinds, the most specific first.
    """

    def __init__(self, class_ids: Sequence[str], members: dict[str, frozenset[str]]) -> None:
        """Find the kinds.

        Args:
            class_ids: The ids of the model's classes, in the order of its outputs.
            members: The ids of the classes of each kind.
        """
        places = {entry: place for place, entry in enumerate(class_ids)}
        found = {
            name: [places[entry] for entry in classes & places.keys()] for name, classes in members.items()
        }
        self._sizes = {name: len(inside) for name, inside in found.items()}
        several = [name for name, size in self._sizes.items() if 1 < size < len(class_ids)]
        self.names = tuple(sorted(several, key=self._sizes.__getitem__))
        members_of = [sorted(found[name]) for name in self.names]
        self._members = np.array(list(chain.from_iterable(members_of)), np.intp)
        self._starts = np.cumsum([0, *map(len, members_of)], dtype=np.intp)[:-1]
        self._of_class: list[list[int]] = [[] for _ in class_ids]
        for number, inside in enumerate(members_of):
            for place in inside:
                self._of_class[place].append(number)

    def sums(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum over each kind; a class counts once.

        The sums of a row are the same to the last bit, whatever rows are beside it.

        Args:
            probabilities: float64 ``(classes,)`` or ``(pictures, classes)``.

        Returns:
            float64 ``(kinds,)`` or ``(pictures, kinds)``.
        """
        members = probabilities[..., self._members]
        return np.minimum(np.add.reduceat(members, self._starts, axis=-1), 1.0)

    def choose(self, probabilities: NDArray[np.float64]) -> Kind | None:
        """Find the kind to read with a prediction, see `choose_each`.

        Args:
            probabilities: The calibrated probabilities, ``(classes,)``.
        """
        return self.choose_each(probabilities[np.newaxis])[0]

    def choose_each(self, probabilities: NDArray[np.float64]) -> list[Kind | None]:
        """Find the kind to read with each of several predictions.

        The most specific kind that is more likely than not, if it adds something to the most probable class;
        otherwise, or when none is likely, the most specific kind of that class.

        Args:
            probabilities: The calibrated probabilities, ``(pictures, classes)``.

        Returns:
            The kind of each; None where the most probable class belongs to none.
        """
        sums = self.sums(probabilities)
        tops = probabilities.argmax(axis=1)
        shares = probabilities[np.arange(len(tops)), tops]
        likely: list[list[int]] = [[] for _ in tops]
        for row, number in zip(*(places.tolist() for places in np.nonzero(sums >= LIKELY_KIND)), strict=True):
            likely[row].append(number)
        return [
            self._choose(row, top, share, numbers)
            for row, top, share, numbers in zip(sums, tops.tolist(), shares.tolist(), likely, strict=True)
        ]

    def _choose(self, sums: NDArray[np.float64], top: int, share: float, likely: list[int]) -> Kind | None:
        """Find the kind to read with a prediction.

        Args:
            sums: The sums of the kinds, ``(kinds,)``.
            top: The most probable class.
            share: Its probability.
            likely: The kinds that are more likely than not, the most specific first.
        """
        own = self._of_class[top]
        for number in likely:
            if reads_first(share, float(sums[number])):
                return self.kind(self.names[number], float(sums[number]), share)
            if number in own:
                break
        return self.kind(self.names[own[0]], float(sums[own[0]]), share) if own else None

    def kind(self, name: str, together: float, top: float) -> Kind | None:
        """Describe a kind that `choose` found; None when there is no such kind any more.

        Args:
            name: The name of the kind.
            together: The probability of all its classes.
            top: The probability of the most probable class.
        """
        if name not in self._sizes:
            return None
        return Kind(name, together, self._sizes[name], first=reads_first(top, together))


def kind_sums(class_ids: Sequence[str]) -> KindSums | None:
    """Find the kinds of a model whose classes are synsets of ImageNet; None for any other model.

    Raises:
        DamagedInstallation: The tree is needed and cannot be read.
    """
    if not all(map(is_synset, class_ids)):
        return None
    tree = kind_tree()
    if not all(entry in tree.names for entry in class_ids):
        return None
    sums = KindSums(class_ids, tree.members)
    return sums if sums.names else None
