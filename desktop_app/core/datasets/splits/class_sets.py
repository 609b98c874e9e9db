"""Classes that a network cannot learn, since they have no training pictures: left out, and said."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from desktop_app.core.datasets.report import PART_NAMES, PARTS, DatasetError
from desktop_app.core.foundation.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.datasets.report import Part

_MOST_NAMES = 5


def leave_unlearnt(
    labels: Sequence[int], parts: list[Part | None], names: Sequence[str], source: Path
) -> tuple[dict[int, int], list[str]]:
    """Take pictures of classes without training pictures out of the other splits.

    A network has an output for each class that it learns. Scored against other labels it would be wrong on
    every picture, and the best epoch would be chosen by chance.

    Args:
        labels: Class of each picture.
        parts: Split of each picture; those that are left out become None.
        names: Names of the classes.
        source: What the user chose, for the sentence about too few classes.

    Returns:
        The label that each learnt class gets, by its label so far, and a sentence for each split.

    Raises:
        DatasetError: Fewer than two classes have training pictures.
    """
    learnt = sorted({label for label, part in zip(labels, parts, strict=True) if part == "train"})
    if len(learnt) < 2:
        which = f"Only the class {names[learnt[0]]} has" if learnt else "No class has"
        raise DatasetError(
            f"{which} training pictures in {printable(str(source))}.",
            "Put training pictures of two classes or more into the training folder.",
        )
    new_labels = {label: number for number, label in enumerate(learnt)}
    left_out: dict[Part, Counter[int]] = {part: Counter() for part in PARTS}
    for number, (label, part) in enumerate(zip(labels, parts, strict=True)):
        if part is not None and label not in new_labels:
            left_out[part][label] += 1
            parts[number] = None
    used = set(parts)
    return new_labels, [
        _note(part, found, names, empty=part not in used) for part, found in left_out.items() if found
    ]


def without_unlearnt(
    numbers: Sequence[int],
    parts: Sequence[Part | None],
    names: Sequence[str],
    sets: Sequence[tuple[int, ...]],
    source: Path,
) -> tuple[tuple[str, ...], tuple[tuple[int, ...], ...], list[str]]:
    """Leave out labels without training pictures, where a picture may have several: its others stay.

    Args:
        numbers: Combination of labels of each picture.
        parts: Split of each picture.
        names: Names of the labels.
        sets: Labels of each combination.
        source: What the user chose, for the sentence about too few labels.

    Returns:
        The names that are left, the labels of each combination among them, and a sentence about the others.

    Raises:
        DatasetError: Fewer than two labels have training pictures.
    """
    trained = {number for number, part in zip(numbers, parts, strict=True) if part == "train"}
    learnt = sorted({label for number in trained for label in sets[number]})
    if len(learnt) < 2:
        which = f"Only the label {names[learnt[0]]} has" if learnt else "No label has"
        raise DatasetError(
            f"{which} training pictures in {printable(str(source))}.",
            "Put training pictures of two labels or more into the training split.",
        )
    new = {label: number for number, label in enumerate(learnt)}
    gone = [name for label, name in enumerate(names) if label not in new]
    notes = []
    if gone:
        more = f" and {counted(len(gone) - _MOST_NAMES, 'more label')}" if len(gone) > _MOST_NAMES else ""
        notes.append(f"No training pictures of {', '.join(gone[:_MOST_NAMES])}{more}: not learned.")
    return (
        tuple(names[label] for label in learnt),
        tuple(tuple(new[label] for label in own if label in new) for own in sets),
        notes,
    )


def _note(part: Part, found: Counter[int], names: Sequence[str], *, empty: bool) -> str:
    some = [f"{names[label]} ({counted(found[label], 'picture')})" for label in sorted(found)[:_MOST_NAMES]]
    more = len(found) - _MOST_NAMES
    if more > 0:
        rest = sum(found.values()) - sum(found[label] for label in sorted(found)[:_MOST_NAMES])
        some.append(f"{counted(more, 'more class', 'more classes')} ({counted(rest, 'picture')})")
    split = PART_NAMES[part]
    count = counted(len(found), "class", "classes")
    which = f"which {'is' if len(found) == 1 else 'are'} not scored: {', '.join(some)}"
    sentence = f"The {split} split has {count} without training pictures, {which}."
    if empty and part == "validation":
        sentence += " Nothing is left of it: validation pictures are drawn from the training split instead."
    elif empty:
        sentence += " Nothing is left of it: the accuracy is that on the validation pictures."
    return sentence
