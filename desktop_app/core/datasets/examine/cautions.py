"""What a person should know about a data set as a whole, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.foundation.text import counted, printable
from desktop_app.core.images.decoding.fitting import THIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop_app.core.datasets.report import ClassSummary, DuplicateGroup

LARGEST_IMBALANCE = 3
"""Largest class over smallest, from which on the difference is worth a warning."""

FEW_PICTURES = 5
_MOST_NAMES = 5


def all_warnings(
    classes: Sequence[ClassSummary], duplicates: Sequence[DuplicateGroup], *, own_parts: bool
) -> Iterator[str]:
    """Phrase what may harm a training; skipped files have their own list.

    Args:
        classes: Classes with at least one picture each.
        duplicates: All groups of duplicates.
        own_parts: Whether the folders name subsets.
    """
    few = [f"{entry.name} ({entry.total})" for entry in classes if entry.total < FEW_PICTURES]
    if few:
        yield f"Fewer than {FEW_PICTURES} pictures in {_classes(few)}: too few to train on."
    if own_parts:
        untrained = [entry.name for entry in classes if not entry.train]
        if untrained:
            yield f"No training pictures in {_classes(untrained)}."
    if classes:
        yield from _imbalance(classes)
    yield from _duplicates(duplicates)


def about_empty(names: Sequence[str]) -> str:
    """Say which classes have no usable pictures."""
    return f"No usable pictures in {_classes(names)}: skipped."


def about_thin(widths: NDArray[np.int64], heights: NDArray[np.int64]) -> tuple[bool, list[str]]:
    """Look for very long or very high pictures.

    Args:
        widths: Widths of all pictures, in pixels.
        heights: Heights, likewise.

    Returns:
        Whether most are, and sentences for people.
    """
    ratios = np.maximum(widths / heights, heights / widths)
    thin = int((ratios >= THIN).sum())
    if 2 * thin > len(ratios):
        return True, []
    if not thin:
        return False, []
    some = f"{counted(thin, 'picture is', 'pictures are')} at least {THIN:g} times as long as wide"
    return False, [f"{some}: squashed to the shape of the others, they may not be recognizable."]


def about_blank(paths: Sequence[Path]) -> Iterator[str]:
    """Say which pictures show nothing."""
    if paths:
        names = [printable(f"{path.parent.name}/{path.name}") for path in paths]
        yield f"{counted(len(paths), 'picture shows', 'pictures show')} one colour only: {_some(names)}."


def _imbalance(classes: Sequence[ClassSummary]) -> Iterator[str]:
    largest = max(classes, key=lambda entry: entry.total)
    smallest = min(classes, key=lambda entry: entry.total)
    ratio = largest.total / max(smallest.total, 1)
    if ratio > LARGEST_IMBALANCE:
        times = f"{ratio:.1f}".removesuffix(".0")
        yield (
            f"{largest.name} has {times} times more pictures than {smallest.name} "
            f"({largest.total:,} and {smallest.total:,}). Turn on Balance classes."
        )


def _duplicates(groups: Sequence[DuplicateGroup]) -> Iterator[str]:
    in_classes = {path for group in groups if len(group.classes) > 1 for path in group.paths}
    if in_classes:
        names = sorted({name for group in groups if len(group.classes) > 1 for name in group.classes})
        yield (
            f"{counted(len(in_classes), 'picture')} are the same, or look the same, in different classes "
            f"({_some(names)}): at least one is mislabeled."
        )
    gone = sum(len(group.left_out) for group in groups)
    if gone:
        yield (
            f"{counted(gone, 'copy is', 'copies are')} skipped: the same picture is in another split, "
            "and a test must not contain training pictures."
        )


def _classes(names: Sequence[str]) -> str:
    return f"the class{'es' if len(names) > 1 else ''} {_some(names)}"


def _some(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more:,} more" if more > 0 else "")
