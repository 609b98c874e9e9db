"""Which copies of a picture are skipped, when the folders put them into different subsets."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from desktop_app.core.datasets.report import Part


def clusters_of(roots: Sequence[int], pool: Iterable[int]) -> list[list[int]]:
    """Group equal pictures.

    Args:
        roots: First picture of the cluster of each picture.
        pool: Indices of pictures, ascending.

    Returns:
        The clusters, also those of a single picture, in the order of their first pictures.
    """
    found: dict[int, list[int]] = {}
    for number in pool:
        found.setdefault(roots[number], []).append(number)
    return list(found.values())


def superfluous(roots: Sequence[int], labels: Sequence[int], parts: Sequence[Part | None]) -> list[int]:
    """List the pictures to skip, so that no picture is in two subsets.

    The copies in the test subset stay, else those in the validation subset; except that a class's last
    training pictures stay, and then their copies are skipped.

    Args:
        roots: First picture that is the same or looks the same, for each picture.
        labels: Index of the class of each picture.
        parts: Subset of each picture; all None when the folders name none, and then nothing is skipped.

    Returns:
        Indices of pictures, cluster by cluster.
    """
    if not any(parts):
        return []
    training = Counter(label for label, part in zip(labels, parts, strict=True) if part == "train")
    result: list[int] = []
    for cluster in clusters_of(roots, range(len(parts))):
        held = {parts[number] for number in cluster}
        if len(held) < 2:
            continue
        lost = Counter(labels[number] for number in cluster if parts[number] == "train")
        spared = any(training[label] <= count for label, count in lost.items())
        keep: Part = "train" if spared else "test" if "test" in held else "validation"
        if not spared:
            training -= lost
        result += [number for number in cluster if parts[number] != keep]
    return result
