"""Deals pictures to the folds of a cross-validation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FOLDS = 5


def stratified_folds(
    labels: NDArray[np.int64], groups: Sequence[int] | NDArray[np.int64], *, count: int = FOLDS, seed: int = 0
) -> NDArray[np.int64]:
    """Deal pictures to folds so that each fold has its share of every class.

    Args:
        labels: Class of each picture, int64 ``(N,)``.
        groups: Number of each picture's group; the copies of a picture are one group and stay together.
        count: Number of folds.
        seed: Seed of the order in which groups are dealt.

    Returns:
        int64 ``(N,)``: each picture's fold, 0..``count`` - 1.
    """
    numbers = np.unique(np.asarray(groups, np.int64), return_inverse=True)[1]
    members: list[list[int]] = [[] for _ in range(int(numbers.max(initial=-1)) + 1)]
    for row, number in enumerate(numbers.tolist()):
        members[number].append(row)
    order = np.random.default_rng(seed).permutation(len(members))
    # Groups of several pictures first: single ones then even out what they leave.
    order = order[np.argsort([-len(members[number]) for number in order], kind="stable")]
    folds = np.zeros(len(labels), np.int64)
    dealt = np.zeros((count, int(labels.max(initial=-1)) + 1), np.int64)
    for number in order.tolist():
        rows = members[number]
        wanted = labels[rows]
        # The fold with the fewest of these classes; of equal ones the one with the fewest pictures.
        fold = int(np.lexsort((dealt.sum(axis=1), dealt[:, wanted].sum(axis=1)))[0])
        folds[rows] = fold
        np.add.at(dealt[fold], wanted, 1)
    return folds
