"""What a split says about the groups in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from desktop_app.core.datasets.groups.questions import rule_words, torn_words
from desktop_app.core.datasets.report import PART_NAMES, PARTS
from desktop_app.core.foundation.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from desktop_app.core.datasets.groups.grouping import Grouping
    from desktop_app.core.datasets.report import Part

_MOST_NAMES = 5
_FEW = 3
"""Groups in a subset below which its accuracy says little about others."""


def group_notes(
    grouping: Grouping, labels: Sequence[int], parts: Sequence[Part | None], names: Sequence[str]
) -> Iterator[str]:
    """Say how many groups are in each subset, which are torn, and which classes have only one.

    Args:
        grouping: Groups of the pictures.
        labels: Label of each picture.
        parts: Subset of each picture in the split; None for one that is skipped.
        names: Names of the classes.
    """
    roots = grouping.roots.tolist()
    sizes = Counter(roots)
    held: defaultdict[int, set[Part]] = defaultdict(set)
    for root, part in zip(roots, parts, strict=True):
        if part is not None and sizes[root] > 1:
            held[root].add(part)
    whole = Counter(next(iter(found)) for found in held.values() if len(found) == 1)
    if whole:
        where = ", ".join(f"{whole[part]:,} {PART_NAMES[part]}" for part in PARTS if whole[part])
        yield f"{counted(whole.total(), 'group')} kept together: {where}."
    alone = Counter(part for root, part in zip(roots, parts, strict=True) if sizes[root] == 1)
    for part in PARTS[1:]:
        if whole[part] > 0 and whole[part] + alone[part] < _FEW:
            yield (
                f"Only {counted(whole[part], 'group')} in {PART_NAMES[part]}: its accuracy says little "
                "about other groups. A larger share, or more groups, makes it surer."
            )
    if torn := torn_words(grouping, parts):
        yield torn
    yield from rule_words(grouping)
    yield from _single(roots, labels, names)


def _single(roots: Sequence[int], labels: Sequence[int], names: Sequence[str]) -> Iterator[str]:
    """Name the classes whose pictures are all in one group, which stays in training when a split is drawn."""
    groups: defaultdict[int, set[int]] = defaultdict(set)
    sizes = Counter(labels)
    for root, label in zip(roots, labels, strict=True):
        groups[label].add(root)
    single = [names[label] for label in sorted(groups) if len(groups[label]) == 1 and sizes[label] > 1]
    if single:
        more = f" and {len(single) - _MOST_NAMES:,} more" if len(single) > _MOST_NAMES else ""
        some = ", ".join(single[:_MOST_NAMES])
        yield f"All pictures of {some}{more} are in one group, which cannot be divided."
