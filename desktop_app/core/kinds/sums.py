"""The probabilities of a model's classes, summed over everyday kinds."""

from __future__ import annotations

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
        self._belongs = np.zeros((len(self.names), len(class_ids)))
        for row, name in enumerate(self.names):
            self._belongs[row, found[name]] = 1

    def sums(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum over each kind: float64 ``(kinds,)`` for probabilities ``(classes,)``; a class counts once."""
        return np.minimum(self._belongs @ probabilities, 1.0)

    def choose(self, probabilities: NDArray[np.float64]) -> Kind | None:
        """Find the kind to read with a prediction.

        The most specific kind that is more likely than not, if it adds something to the most probable class;
        otherwise, or when none is likely, the most specific kind of that class.

        Args:
            probabilities: The calibrated probabilities, ``(classes,)``.

        Returns:
            The kind; None when the most probable class belongs to none.
        """
        sums = self.sums(probabilities)
        top = int(probabilities.argmax())
        share = float(probabilities[top])
        for place in np.flatnonzero(sums >= LIKELY_KIND):
            if reads_first(share, float(sums[place])):
                return self.kind(self.names[place], float(sums[place]), share)
            if self._belongs[place, top]:
                break
        own = np.flatnonzero(self._belongs[:, top])
        return self.kind(self.names[own[0]], float(sums[own[0]]), share) if len(own) else None

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
