"""Splits pictures into training, validation and test."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.datasets.examine.duplicate_removal import clusters_of, superfluous
from desktop_app.core.datasets.examine.duplicates import join
from desktop_app.core.datasets.groups.grouping import groups_of
from desktop_app.core.datasets.report import PART_NAMES, PARTS, DatasetError, Example, Part
from desktop_app.core.datasets.splits.class_sets import leave_unlearnt, without_unlearnt
from desktop_app.core.datasets.splits.group_draw import deal_groups
from desktop_app.core.datasets.splits.group_notes import group_notes
from desktop_app.core.datasets.splits.label_draw import deal_label_sets
from desktop_app.core.datasets.splits.split_file import Split, SplitRow
from desktop_app.core.foundation.gc_pause import sorted_gently
from desktop_app.core.foundation.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop_app.core.datasets.decision import Action
    from desktop_app.core.datasets.groups.grouping import Grouping
    from desktop_app.core.datasets.report import DatasetReport

_ACTIONS: dict[Action, str] = {"relabel": "relabeled", "exclude": "excluded"}


def split_examples(report: DatasetReport, *, validation: float, test: float, seed: int) -> Split:
    """Put every picture into a subset.

    Subsets that the folders name are kept; without a validation subset, one is drawn from the training
    pictures. Where the folders name none, validation and test are drawn from all pictures. What is drawn
    follows from the seed and the paths inside the data folder alone, class by class in proportion; every
    class keeps a training picture, and a class of two to four pictures gives what it can. Classes for which
    the folders have no training pictures are left out, see `leave_unlearnt`. Where pictures have several
    labels, each label is in proportion as far as that goes, see `deal_label_sets`.

    Copies of a picture, exact or near, directly or by way of others, are never in two subsets. Where the
    folders put them into two, those in the test subset stay and the others are skipped, else those in the
    validation subset; except that a class's last training pictures stay, and then their copies are skipped.
    `Split.notes` lists both, and counts the user's corrections.

    Pictures that belong together by a rule (`Answers.groups`) are never on two sides of what is drawn; the
    numbers are then as near to the fractions as the groups allow. Groups that the folders put into several
    subsets stay there, and a note says so.

    Args:
        report: The report of the data set.
        validation: Fraction for validation, 0..1, of the pictures that it is drawn from.
        test: Fraction for test, 0..1; not used where the folders name subsets.
        seed: Any whole number.

    Returns:
        The split; rows by subset, then by class, then by path.

    Raises:
        DatasetError: The fractions leave nothing to train on, the corrections fewer than two classes, or
            fewer than two have training pictures.
    """
    _require_two(report)
    examples = tuple(report.examples)  # once: each access makes new ones
    own_parts = any(example.part is not None for example in examples)
    check_fractions(validation, test, own_parts=own_parts)
    draw = _Draw(report, examples, seed)
    notes = _corrections(report)
    names, sets = report.class_names, report.combinations
    labels = {label: label for label in range(len(report.example_names))}
    grouping = _grouping(report, examples)
    if grouping is not None:
        draw.join_groups(grouping)
    if own_parts:
        parts = [example.part for example in examples]
        _separate_copies(parts, draw, notes)
        if sets is None:
            labels, left_out = leave_unlearnt(draw.labels, parts, names, report.source)
            names = tuple(names[label] for label in labels)
        else:
            names, sets, left_out = without_unlearnt(draw.labels, parts, names, sets, report.source)
        notes += left_out
        if "validation" not in parts:
            pool = [index for index, part in enumerate(parts) if part == "train"]
            draw.deal(pool, parts, {"validation": validation})
    else:
        parts = ["train"] * len(examples)
        draw.deal(range(len(parts)), parts, {"validation": validation, "test": test})
    if grouping is not None:
        notes += group_notes(grouping, draw.labels, parts, report.example_names)
    rows = [
        SplitRow(example.path, labels[example.label], part)
        for example, part in zip(examples, parts, strict=True)
        if part is not None
    ]
    rows = sorted_gently(rows, lambda row: (PARTS.index(row.part), row.label, os.fsencode(row.path)))
    notes += _missing(rows, names, sets, test_wanted=own_parts or test > 0)
    return Split(report.folder, names, tuple(rows), tuple(notes), sets)


def _grouping(report: DatasetReport, examples: Sequence[Example]) -> Grouping | None:
    """The groups that were decided on; None without any."""
    rule = report.answers.groups if report.answers is not None else None
    if rule is None or rule.kind == "none":
        return None
    return groups_of([example.path for example in examples], report.class_folders, report.folder, rule)


def _require_two(report: DatasetReport) -> None:
    """Refuse a data set whose corrections leave fewer than two classes.

    Raises:
        DatasetError: They do.
    """
    if report.uncorrected is not None and len(report.classes) < 2:
        names = report.class_names
        left = f"only the class {names[0]}" if names else "no pictures"
        raise DatasetError(
            f"Your corrections leave {left} in {printable(str(report.source))}.",
            "Take some back in the Train pane, or train without corrections.",
        )


def _corrections(report: DatasetReport) -> list[str]:
    """Say how many pictures the user relabeled or excluded; empty when there is none."""
    if not report.corrected:
        return []
    actions = Counter(decision.action for decision in report.decisions.values())
    what = [f"{actions[action]:,} {word}" for action, word in _ACTIONS.items() if actions[action]]
    return [f"{counted(report.corrected, 'correction')} applied: {', '.join(what)}."]


def check_fractions(validation: float, test: float, *, own_parts: bool) -> None:
    """Refuse what leaves nothing to train on.

    Args:
        validation: Fraction for validation, see `split_examples`.
        test: Fraction for test, see `split_examples`.
        own_parts: Whether the folders name subsets.

    Raises:
        DatasetError: The fractions are too large together.
    """
    if not (0 <= validation < 1 and 0 <= test < 1) or (not own_parts and validation + test >= 1):
        raise DatasetError(
            f"Validation {validation:g} and test {test:g} leave nothing to train on.",
            "Choose fractions from 0 that are below 1 together.",
        )


def class_weights(labels: Sequence[int] | NDArray[np.int64], class_count: int) -> NDArray[np.float32]:
    """Weigh classes so that each counts the same in training, however many pictures it has.

    Args:
        labels: Labels of the training pictures, each 0..``class_count`` - 1.
        class_count: Number of classes.

    Returns:
        float32 ``(class_count,)``: n / (k n_c) for the n pictures of k classes that are not empty (King and
        Zeng, "Logistic Regression in Rare Events Data", Political Analysis 2001); the mean weight of the
        pictures is 1, the weight of an empty class 0.
    """
    counts = np.bincount(np.asarray(labels, np.int64), minlength=class_count)
    filled = counts > 0
    weights = np.zeros(class_count, np.float32)
    weights[filled] = counts.sum() / (filled.sum() * counts[filled])
    return weights


MOST_POSITIVE_WEIGHT = 100.0
"""A label that one picture in a thousand has would else outweigh everything."""


def positive_weights(counts: NDArray[np.int64], pictures: int) -> NDArray[np.float32]:
    """Weigh the pictures that have a label so that they count as much as those without it.

    Args:
        counts: Number of training pictures that have each label, ``(labels,)``.
        pictures: Number of all training pictures.

    Returns:
        float32 ``(labels,)``: those without over those with it, as in PyTorch's documentation of
        BCEWithLogitsLoss, at most `MOST_POSITIVE_WEIGHT`; 1 for a label that no picture has.
    """
    without = pictures - counts
    weights = np.where(counts > 0, without / np.maximum(counts, 1), 1.0)
    return np.clip(weights, 1 / MOST_POSITIVE_WEIGHT, MOST_POSITIVE_WEIGHT).astype(np.float32)


class _Draw:
    """The order in which pictures are drawn, and which of them go together."""

    def __init__(self, report: DatasetReport, examples: Sequence[Example], seed: int) -> None:
        self.labels = [example.label for example in examples]
        self.keys = [_key(example, report.folder, seed) for example in examples]
        index = {example.path: number for number, example in enumerate(examples)}
        pairs = [
            (index[group.paths[0]], index[path]) for group in report.duplicates for path in group.paths[1:]
        ]
        one, other = np.array(pairs, np.int64).reshape(-1, 2).T
        self._copies = join(np.arange(len(index)), one, other)
        self.roots: list[int] = self._copies.tolist()
        self._groups: list[int] | None = None
        self._sets = report.combinations

    def join_groups(self, grouping: Grouping) -> None:
        """Draw groups from now on, each with the copies of its pictures."""
        everyone = np.arange(len(self._copies))
        self._groups = join(self._copies, everyone, grouping.roots).tolist()

    def clusters(self, pool: Iterable[int]) -> list[list[int]]:
        """Group the copies in a pool, in the order of drawing."""
        return sorted_gently(
            clusters_of(self.roots, pool), lambda cluster: min(self.keys[number] for number in cluster)
        )

    def deal(self, pool: Iterable[int], parts: list[Part | None], fractions: dict[Part, float]) -> None:
        """Move pictures of a pool from training to other subsets.

        Args:
            pool: Indices of pictures in training.
            parts: Subsets of all pictures; changed in place.
            fractions: Fraction of each class of the pool for each subset to fill.
        """
        pool = list(pool)
        if self._sets is not None:
            sets = [self._sets[label] for label in self.labels]
            for number, part in deal_label_sets(self._units(pool), sets, fractions).items():
                parts[number] = part
            return
        counts = Counter(self.labels[number] for number in pool)
        left = {label: quotas(count, fractions) for label, count in counts.items()}
        if self._groups is not None:
            for number, part in deal_groups(self._units(pool), self.labels, left).items():
                parts[number] = part
            return
        for cluster in self.clusters(pool):
            wanted = Counter(self.labels[number] for number in cluster)
            for part in reversed(PARTS):
                if all(left[label].get(part, 0) >= count for label, count in wanted.items()):
                    for number in cluster:
                        parts[number] = part
                    for label, count in wanted.items():
                        left[label][part] -= count
                    break

    def _units(self, pool: Sequence[int]) -> list[list[int]]:
        """What is drawn as a whole: groups, or copies."""
        if self._groups is None:
            return self.clusters(pool)
        return sorted_gently(clusters_of(self._groups, pool), self._key_of_group)

    def _key_of_group(self, group: Sequence[int]) -> bytes:
        """A group's position in the draw, in which its size has no part: large ones do not come first."""
        return hashlib.blake2b(b"".join(sorted(self.keys[number] for number in group))).digest()


def quotas(count: int, fractions: dict[Part, float]) -> dict[Part, int]:
    """Calculate how many pictures of a class go into each subset besides training.

    Args:
        count: Number of pictures of the class.
        fractions: Fraction for each subset; together below 1.

    Returns:
        Rounded numbers; at least one where half of the class still stays for training, and never all.
    """
    shares: dict[Part, int] = {part: int(count * fraction + 0.5) for part, fraction in fractions.items()}
    for part in PARTS:
        if fractions.get(part) and not shares[part] and 2 * (count - sum(shares.values()) - 1) >= count:
            shares[part] = 1
    for part in reversed(PARTS):
        if part in shares:
            shares[part] -= min(shares[part], max(0, sum(shares.values()) - (count - 1)))
    return shares


def _key(example: Example, folder: Path, seed: int) -> bytes:
    """A picture's position in the draw: random, but the same on every system and with every library."""
    path = example.path.relative_to(folder) if example.path.is_relative_to(folder) else example.path
    text = b"%d\0%b" % (seed, os.fsencode(path.as_posix()))
    return hashlib.blake2b(text, digest_size=16).digest()


def _separate_copies(parts: list[Part | None], draw: _Draw, notes: list[str]) -> None:
    """Skip copies of a picture in other subsets; changes ``parts`` and ``notes``."""
    left_out: Counter[Part] = Counter()
    for number in superfluous(draw.roots, draw.labels, parts):
        part = parts[number]
        assert part is not None
        left_out[part] += 1
        parts[number] = None
    for part in PARTS:
        if left_out[part]:
            count = counted(left_out[part], f"{PART_NAMES[part]} picture")
            verb = "are" if left_out[part] != 1 else "is"
            notes.append(f"{count} {verb} skipped, because the same picture is in another split.")


def _missing(
    rows: list[SplitRow],
    names: tuple[str, ...],
    sets: tuple[tuple[int, ...], ...] | None,
    *,
    test_wanted: bool,
) -> list[str]:
    """Say which classes a subset lacks, unless the subset is empty on purpose."""
    found = {(row.part, row.label) for row in rows}
    if sets is not None:
        found = {(part, own) for part, label in found for own in sets[label]}
    notes = []
    for part in PARTS:
        if part == "test" and not test_wanted:
            continue
        missing = [name for label, name in enumerate(names) if (part, label) not in found]
        if not missing or (len(missing) == len(names) and part != "train"):
            continue
        some = ", ".join(missing[:5]) + (f" and {len(missing) - 5:,} more" if len(missing) > 5 else "")
        notes.append(f"No {PART_NAMES[part]} pictures of {some}.")
    return notes
