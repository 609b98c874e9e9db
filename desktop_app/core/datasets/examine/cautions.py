"""What a person should know about a data set as a whole, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from desktop_app.core.datasets.examine.layout import Layout
    from desktop_app.core.datasets.report import ClassSummary, DuplicateGroup

LARGEST_IMBALANCE = 3
"""Largest class over smallest, from which on the difference is worth a warning."""

FEW_PICTURES = 5
_MOST_NAMES = 5


def all_warnings(
    classes: Sequence[ClassSummary],
    empty: Sequence[str],
    duplicates: Sequence[DuplicateGroup],
    layout: Layout,
) -> Iterator[str]:
    """Phrase what may spoil a training; files that are left out have their own list.

    Args:
        classes: With at least one picture each.
        empty: Names of classes without any.
        duplicates: All groups.
        layout: As recognised.
    """
    if empty:
        yield f"There is no usable picture in {_classes(empty)}: not trained on."
    few = [f"{entry.name} ({entry.total})" for entry in classes if entry.total < FEW_PICTURES]
    if few:
        yield f"Fewer than {FEW_PICTURES} pictures are in {_classes(few)}: too few to learn from."
    if layout.part_folders:
        untrained = [entry.name for entry in classes if not entry.train]
        if untrained:
            yield f"There is no training picture in {_classes(untrained)}."
    yield from _imbalance(classes)
    yield from _duplicates(duplicates)


def _imbalance(classes: Sequence[ClassSummary]) -> Iterator[str]:
    largest = max(classes, key=lambda entry: entry.total)
    smallest = min(classes, key=lambda entry: entry.total)
    ratio = largest.total / max(smallest.total, 1)
    if ratio > LARGEST_IMBALANCE:
        yield (
            f"The classes differ in size: {largest.name} has {ratio:.1f} times as many pictures as "
            f"{smallest.name} ({largest.total:,} and {smallest.total:,}). Class weights can even that out."
        )


def _duplicates(groups: Sequence[DuplicateGroup]) -> Iterator[str]:
    in_classes = {path for group in groups if len(group.classes) > 1 for path in group.paths}
    if in_classes:
        names = sorted({name for group in groups if len(group.classes) > 1 for name in group.classes})
        yield (
            f"{counted(len(in_classes), 'picture')} are the same, or look the same, in different classes "
            f"({_some(names)}): some of them must be in the wrong one."
        )
    gone = sum(len(group.left_out) for group in groups)
    if gone:
        yield (
            f"{counted(gone, 'copy is', 'copies are')} left out: the same picture is in another part, "
            "and nothing may be tested that was trained on."
        )


def _classes(names: Sequence[str]) -> str:
    return f"the class{'es' if len(names) > 1 else ''} {_some(names)}"


def _some(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more:,} more" if more > 0 else "")
