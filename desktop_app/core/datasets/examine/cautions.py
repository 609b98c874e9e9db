"""What a person should know about a data set as a whole, in sentences."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from desktop_app.core.datasets.report import ClassSummary, DuplicateGroup

LARGEST_IMBALANCE = 3
"""Largest class over smallest, from which on the difference is worth a warning."""

FEW_PICTURES = 5
_MOST_NAMES = 5

_UNEVEN = 0.4
"""Difference between the shares of two classes, from which on a model can tell them by the kind of file."""


def all_warnings(
    classes: Sequence[ClassSummary],
    duplicates: Sequence[DuplicateGroup],
    *,
    own_parts: bool,
    several: bool = False,
) -> Iterator[str]:
    """Phrase what may harm a training; skipped files have their own list.

    Args:
        classes: Classes with at least one picture each.
        duplicates: All groups of duplicates.
        own_parts: Whether the folders name subsets.
        several: Whether these are labels of which a picture may have several at once.
    """
    what = "label" if several else "class"
    few = [f"{entry.name} ({entry.total})" for entry in classes if entry.total < FEW_PICTURES]
    if few:
        yield f"Fewer than {FEW_PICTURES} pictures in {_classes(few, what)}: too few to train on."
    if own_parts:
        untrained = [entry.name for entry in classes if not entry.train]
        if untrained:
            yield f"No training pictures in {_classes(untrained, what)}."
    if classes:
        yield from _imbalance(classes)
    yield from _duplicates(duplicates, "with different labels" if several else "in different classes")


def about_empty(names: Sequence[str]) -> str:
    """Say which classes have no usable pictures."""
    return f"No usable pictures in {_classes(names)}: skipped."


def about_depths(names: Sequence[str], labels: Sequence[int], deep: Collection[int]) -> Iterator[str]:
    """Say when some pictures have 8 bits and others more, as exports beside an instrument's own files.

    Args:
        names: Names of the classes.
        labels: Class of each picture.
        deep: Indices of the pictures of more than 8 bits.
    """
    if not deep or len(deep) == len(labels):
        return
    totals, deeper = Counter(labels), Counter(labels[index] for index in deep)
    few = len(labels) - len(deep)
    yield (
        f"{counted(len(deep), 'picture has', 'pictures have')} more than 8 bits, {few:,} "
        f"{'has' if few == 1 else 'have'} 8: the same scene may be brighter in one kind than in the other."
    )
    shares = {label: deeper[label] / total for label, total in totals.items()}
    most, least = max(shares, key=lambda label: shares[label]), min(shares, key=lambda label: shares[label])
    if shares[most] - shares[least] > _UNEVEN:
        yield (
            f"{names[most]} has mostly pictures of more than 8 bits, {names[least]} mostly others: a model "
            "may learn that instead of what they show. Save all of them in the same way."
        )


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


def _duplicates(groups: Sequence[DuplicateGroup], where: str) -> Iterator[str]:
    in_classes = {path for group in groups if len(group.classes) > 1 for path in group.paths}
    if in_classes:
        names = sorted({name for group in groups if len(group.classes) > 1 for name in group.classes})
        yield (
            f"{counted(len(in_classes), 'picture')} are the same, or look the same, {where} "
            f"({_some(names)}): at least one is mislabeled."
        )
    gone = sum(len(group.left_out) for group in groups)
    if gone:
        yield (
            f"{counted(gone, 'copy is', 'copies are')} skipped: the same picture is in another split, "
            "and a test must not contain training pictures."
        )


def _classes(names: Sequence[str], what: str = "class") -> str:
    plural = {"class": "classes", "label": "labels"}[what]
    return f"the {plural if len(names) > 1 else what} {_some(names)}"


def _some(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more:,} more" if more > 0 else "")
