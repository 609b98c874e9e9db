"""Groups of pictures that look alike, for sorting pictures that nobody has sorted yet.

There are more groups than classes: a group that holds one class is sorted in one movement, a mixed one
picture by picture. Ward's method (1963) finds the groups in a sample, since it needs the distances of all
pairs; then every picture goes to the nearest group (Lloyd's algorithm on the unit sphere).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.features.vectors import unit_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

LEAST = 3
"""Pictures that make a group; fewer go to the rest."""
MOST_GROUPS = 60
_SAMPLE = 2500
"""Pictures of which all pairs are compared: 25 MB of distances."""
_AXES = 128
_CHUNK = 4096
_ROUNDS = 5
_TURNS = 6
_MARGIN = 32
"""Axes beside the wanted ones, so that these converge."""
_FARTHEST = 3.5
"""How far below the median of its group a cosine may be, in median absolute deviations."""
_SAME = 1e-6
"""Differences below are rounding."""
_SEED = 0


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Row numbers by group; each row is in one group, or in the rest.

    Attributes:
        groups: The rows of each group, int64, the most typical first; the largest group first.
        rest: Rows that fit nowhere, int64.
    """

    groups: tuple[NDArray[np.int64], ...]
    rest: NDArray[np.int64]


def group_rows(vectors: NDArray[np.float32], check: Callable[[], None] = lambda: None) -> Groups:
    """Group rows ``(N, F)`` by the directions of their features; equal rows give equal groups.

    Args:
        vectors: The features.
        check: Callback between steps; what it raises ends the work.
    """
    count = len(vectors)
    if count < LEAST:
        return Groups((), np.arange(count))
    points = _spread(vectors, check)
    sample = points
    if count > _SAMPLE:
        chosen = np.random.default_rng(_SEED).permutation(count)[:_SAMPLE]
        sample = points[np.sort(chosen)]
    found = _ward(sample, min(MOST_GROUPS, max(1, round(count**0.5))), check)
    centres = _centres(sample, found)
    labels = np.zeros(count, np.int64)
    for _ in range(_ROUNDS):
        check()
        labels = np.argmax(points @ centres.T, axis=1)
        centres = _centres(points, np.unique(labels, return_inverse=True)[1])
    return _listed(points, np.unique(labels, return_inverse=True)[1], centres)


def _spread(vectors: NDArray[np.float32], check: Callable[[], None]) -> NDArray[np.float32]:
    """Project onto the main axes of what differs, halfway to equal variance; rows of length 1.

    What all pictures have in common makes every cosine large; without it the kinds come apart.
    """
    unit = unit_rows(vectors)
    chosen = np.random.default_rng(_SEED).permutation(len(unit))[: 2 * _SAMPLE]
    sample = unit[np.sort(chosen)]
    mean = sample.mean(axis=0)
    centred = sample - mean
    if np.abs(centred).max() < _SAME:
        return unit
    check()
    variances, axes = _main_axes(centred, min(_AXES, max(2, len(sample) // 4), sample.shape[1]))
    large = variances > max(variances[0], 0) * 1e-6
    scaled = np.asarray(axes[:, large] / variances[large] ** 0.25, np.float32)
    points = np.empty((len(unit), scaled.shape[1]), np.float32)
    for start in range(0, len(unit), _CHUNK):
        check()
        points[start : start + _CHUNK] = (unit[start : start + _CHUNK] - mean) @ scaled
    return unit_rows(points)


def _main_axes(centred: NDArray[np.float32], count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Variances and axes ``(F, count)`` by subspace iteration: all eigenvectors take ten times as long."""
    products = (centred.T @ centred).astype(np.float64)
    width = min(count + _MARGIN, len(products))
    basis = np.random.default_rng(_SEED).standard_normal((len(products), width))
    for _ in range(_TURNS):
        basis = _orthonormal(products @ (products @ basis))
    variances, turned = np.linalg.eigh(basis.T @ products @ basis)
    return variances[::-1][:count], (basis @ turned)[:, ::-1][:, :count]


def _orthonormal(basis: NDArray[np.float64]) -> NDArray[np.float64]:
    """Make columns orthonormal, without those that others contain; QR takes seconds on busy cores."""
    basis = basis / np.maximum(np.linalg.norm(basis, axis=0), np.finfo(np.float64).tiny)
    lengths, turned = np.linalg.eigh(basis.T @ basis)
    kept = lengths > max(lengths[-1], 0) * 1e-12
    return np.asarray(basis @ (turned[:, kept] / np.sqrt(lengths[kept])), np.float64)


def _ward(points: NDArray[np.float32], groups: int, check: Callable[[], None]) -> NDArray[np.int64]:
    """Merge the pair whose union adds least variance, again and again, by chains of nearest neighbours.

    Returns:
        A group number for each point, 0..``groups`` - 1.
    """
    count = len(points)
    squares = np.einsum("ij,ij->i", points, points)
    distances = np.maximum(squares[:, None] + squares - 2 * (points @ points.T), 0)
    np.fill_diagonal(distances, np.inf)
    sizes = np.ones(count, np.float32)
    merges: list[tuple[float, int, int]] = []
    chain: list[int] = []
    for step in range(count - 1):
        if step % 100 == 0:
            check()
        if not chain:
            chain.append(int(np.argmax(sizes > 0)))
        while True:
            last = chain[-1]
            best = int(np.argmin(distances[last]))
            if len(chain) > 1 and distances[last, chain[-2]] <= distances[last, best]:
                break
            chain.append(best)
        first, second = chain.pop(), chain.pop()
        height = float(distances[first, second])
        merges.append((height, first, second))
        # Lance and Williams's update; a group that was merged into another has size 0 and is infinitely far.
        total = sizes[first] + sizes[second]
        row = (sizes[first] + sizes) * distances[first] + (sizes[second] + sizes) * distances[second]
        row = (row - sizes * height) / (total + sizes)
        row[[first, second]] = np.inf
        distances[first] = distances[:, first] = row
        distances[second] = distances[:, second] = np.inf
        sizes[first], sizes[second] = total, 0
    return _cut(merges, count, groups)


def _cut(merges: list[tuple[float, int, int]], count: int, groups: int) -> NDArray[np.int64]:
    """Carry out the merges of the smallest heights only, until as many groups are left."""
    parents = list(range(count))

    def root(place: int) -> int:
        while parents[place] != place:
            parents[place] = place = parents[parents[place]]
        return place

    for _, first, second in sorted(merges, key=lambda merge: merge[0])[: count - groups]:
        parents[root(second)] = root(first)
    return np.unique([root(place) for place in range(count)], return_inverse=True)[1]


def _centres(points: NDArray[np.float32], labels: NDArray[np.int64]) -> NDArray[np.float32]:
    """Mean directions of the groups, ``(G, D)``, whose numbers are 0..G - 1."""
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], np.arange(labels.max() + 1))
    return unit_rows(np.add.reduceat(points[order], starts, axis=0))


def _listed(points: NDArray[np.float32], labels: NDArray[np.int64], centres: NDArray[np.float32]) -> Groups:
    """List the rows of each group by their cosine to its centre; what is far off goes to the rest."""
    fits = np.einsum("ij,ij->i", points, centres[labels])
    groups, rest = [], []
    for label in range(len(centres)):
        rows = np.flatnonzero(labels == label)
        middle = np.median(fits[rows])
        spread = np.median(np.abs(fits[rows] - middle))
        near = fits[rows] >= middle - _FARTHEST * max(spread, 1e-3)
        if np.count_nonzero(near) < LEAST:
            near[:] = False
        rest.append(rows[~near])
        rows = rows[near]
        if len(rows):
            groups.append(rows[np.argsort(-fits[rows], kind="stable")])
    groups.sort(key=lambda rows: (-len(rows), int(rows[0])))
    return Groups(tuple(groups), np.sort(np.concatenate(rest)))
