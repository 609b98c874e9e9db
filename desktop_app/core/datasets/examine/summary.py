"""From the findings of a check to the report that a person reads."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.datasets.answers import NO_ANSWERS, Answers
from desktop_app.core.datasets.examine.cautions import about_blank, about_depths, about_empty, all_warnings
from desktop_app.core.datasets.examine.duplicate_removal import superfluous
from desktop_app.core.datasets.examine.examples import Examples
from desktop_app.core.datasets.examine.pixel_questions import about_pixels
from desktop_app.core.datasets.examine.thin_question import about_thin
from desktop_app.core.datasets.groups.questions import find_groups
from desktop_app.core.datasets.layout.advice import ADD_CLASS, EXPECTED
from desktop_app.core.datasets.layout.layout import Layout, describe
from desktop_app.core.datasets.report import (
    PARTS,
    ClassSummary,
    DatasetError,
    DatasetReport,
    DuplicateGroup,
    Example,
    combination_names,
)
from desktop_app.core.foundation.cancellation import NEVER, CancelToken
from desktop_app.core.foundation.text import natural_key, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop_app.core.datasets.examine.findings import Findings
    from desktop_app.core.datasets.report import Part

SAMPLES = 6
"""Pictures of each class for thumbnails."""


def make_report(
    data: Path,
    layout: Layout,
    findings: Findings,
    exact: NDArray[np.int64],
    alike: NDArray[np.int64],
    *,
    seconds: float,
    answers: Answers = NO_ANSWERS,
    cancel: CancelToken = NEVER,
) -> DatasetReport:
    """Put everything together.

    Args:
        data: The folder or archive that the user chose.
        layout: Classes and subsets as recognised.
        findings: Findings on all files.
        exact: First picture with the same bytes for each picture, int64 ``(N,)``.
        alike: First picture that looks the same for each picture, int64 ``(N,)``.
        seconds: Duration of the check.
        answers: What was decided about how the data are read.
        cancel: Token checked at every file that is opened once more.

    Raises:
        DatasetError: Fewer than two classes have a usable picture.
        Cancelled: The user cancelled.
    """
    used = sorted(set(findings.labels))
    combinations = None
    if layout.combinations is None:
        names = tuple(findings.class_names[label] for label in used)
        every = findings.class_names
    else:
        found = [layout.combinations[label] for label in used]
        names = tuple(sorted({name for own in found for name in own}, key=natural_key))
        number = {name: index for index, name in enumerate(names)}
        combinations = tuple(tuple(sorted(number[name] for name in own)) for own in found)
        every = tuple(dict.fromkeys(name for own in layout.combinations for name in own))
    _require_two(data, names, findings, several=combinations is not None)
    new_label = {label: number for number, label in enumerate(used)}
    examples = tuple(
        Example(path, new_label[label], part)
        for path, label, part in zip(findings.paths, findings.labels, findings.parts, strict=True)
    )
    left_out = [findings.left_out[label] for label in used]
    classes, duplicates, warnings = judged(
        names, examples, left_out, (exact, alike), own_parts=bool(layout.parts), combinations=combinations
    )
    known = set(names)
    empty = tuple(name for name in every if name not in known)
    class_folders = tuple(entry.path for entry in layout.folders)
    groups = find_groups(examples, class_folders, layout.folder, answers, cancel)
    widths, heights = np.asarray(findings.widths), np.asarray(findings.heights)
    given = answers
    answers, shapes = about_thin(findings.paths, widths, heights, answers)
    pixels = about_pixels(findings.paths, findings.numbers, answers)
    notes = (
        *layout.warnings,
        *([about_empty(empty)] if empty else []),
        *about_blank([findings.paths[index] for index in findings.blank]),
        *about_depths(
            findings.class_names,
            findings.labels,
            [index for index, entry in findings.numbers.items() if entry.quantiles],
        ),
        *pixels.notes,
        *groups.warnings,
    )
    return DatasetReport(
        source=data,
        folder=layout.folder,
        layout=describe(len(names), layout.parts, several=combinations is not None),
        classes=classes,
        examples=Examples(examples),
        problems=tuple(findings.problems),
        duplicates=duplicates,
        warnings=(*notes, *warnings),
        smallest=(int(widths.min()), int(heights.min())),
        median=(int(np.median(widths)), int(np.median(heights))),
        largest=(int(widths.max()), int(heights.max())),
        modes=dict(findings.modes.most_common()),
        grey=findings.grey,
        seconds=seconds,
        notes=notes,
        facts=layout.facts,
        answers=pixels.answers,
        given=given,
        questions=(*layout.questions, *pixels.questions, *shapes, *groups.questions),
        numbers=pixels.numbers,
        class_folders=class_folders,
        combinations=combinations,
        used=pictures_used(examples, duplicates),
    )


def judged(
    names: tuple[str, ...],
    examples: tuple[Example, ...],
    left_out: Sequence[int],
    roots: tuple[NDArray[np.int64], NDArray[np.int64]],
    *,
    own_parts: bool,
    combinations: tuple[tuple[int, ...], ...] | None = None,
) -> tuple[tuple[ClassSummary, ...], tuple[DuplicateGroup, ...], tuple[str, ...]]:
    """Work out everything that depends on the labels.

    Args:
        names: Names of the classes.
        examples: All readable pictures.
        left_out: Number of files of each class that cannot be used.
        roots: First picture with the same bytes, and first one that looks the same, for each picture, int64
            ``(N,)``.
        own_parts: Whether the folders name subsets.
        combinations: Labels of each combination, where pictures have several at once; ``left_out`` is of
            these then.

    Returns:
        The classes, the groups of duplicates and the warnings about both.
    """
    labels = [example.label for example in examples]
    gone = frozenset(superfluous(roots[1].tolist(), labels, [example.part for example in examples]))
    members = tuple((label,) for label in range(len(names))) if combinations is None else combinations
    classes = tuple(_class_summaries(names, members, examples, left_out, gone))
    told = names if combinations is None else combination_names(names, combinations)
    duplicates = tuple(_duplicate_groups(examples, told, roots, gone))
    several = combinations is not None
    warnings = tuple(all_warnings(classes, duplicates, own_parts=own_parts, several=several))
    return classes, duplicates, warnings


def pictures_used(examples: Sequence[Example], duplicates: Sequence[DuplicateGroup]) -> dict[Part, int]:
    """Count the pictures of each subset, without copies that are skipped."""
    gone = {path for group in duplicates for path in group.left_out}
    return Counter(example.part or "train" for example in examples if example.path not in gone)


def _require_two(data: Path, names: tuple[str, ...], findings: Findings, *, several: bool) -> None:
    if len(names) >= 2:
        return
    name = printable(str(data))
    reason, advice = f"No usable pictures in {name}", EXPECTED
    if names:
        what = "label" if several else "class"
        reason = f"Only one {what} has usable pictures in {name} ({names[0]})"
        advice = "Two labels at least are needed." if several else f"{ADD_CLASS} {EXPECTED}"
    if findings.problems:
        first = findings.problems[0]
        example = printable(first.path.name)
        reason += f"; {len(findings.problems):,} skipped, such as {example}: {first.reason.text}"
    else:
        reason += "."
    raise DatasetError(reason, advice)


def _class_summaries(
    names: tuple[str, ...],
    members: tuple[tuple[int, ...], ...],
    examples: tuple[Example, ...],
    left_out: Sequence[int],
    gone: frozenset[int],
) -> Iterator[ClassSummary]:
    """Count the pictures of each class, or label.

    Args:
        names: Names of the classes or labels.
        members: Classes or labels that each `Example.label` stands for.
        examples: All readable pictures.
        left_out: Number of files that cannot be used, by `Example.label`.
        gone: Indices of the pictures that are skipped.
    """
    used = [example for number, example in enumerate(examples) if number not in gone]
    counts: Counter[tuple[int, Part]] = Counter()
    samples: list[list[Path]] = [[] for _ in names]
    for example in used:
        for label in members[example.label]:
            counts[label, example.part or "train"] += 1
            if len(samples[label]) < SAMPLES:
                samples[label].append(example.path)
    copies = Counter(label for number in gone for label in members[examples[number].label])
    skipped: Counter[int] = Counter()
    for own, count in zip(members, left_out, strict=True):
        skipped.update(dict.fromkeys(own, count))
    for label, name in enumerate(names):
        train, validation, test = (counts[label, part] for part in PARTS)
        yield ClassSummary(
            name, train, validation, test, skipped[label], tuple(samples[label]), copies[label]
        )


def _duplicate_groups(
    examples: tuple[Example, ...],
    names: tuple[str, ...],
    roots: tuple[NDArray[np.int64], NDArray[np.int64]],
    gone: frozenset[int],
) -> list[DuplicateGroup]:
    """List the groups, those across classes first, then those across subsets, else in the pictures' order.

    A group of pictures that look the same has all their exact copies in it, too.

    Args:
        examples: All readable pictures.
        names: Names of the classes.
        roots: First picture with the same bytes, and first one that looks the same, for each picture.
        gone: Indices of those that are skipped.
    """
    exact, alike = roots
    groups: list[DuplicateGroup] = []
    listed: set[int] = set()
    for firsts, kind in ((exact, "exact"), (alike, "near")):
        order = np.argsort(firsts, kind="stable").tolist()
        for _, members in groupby(order, key=firsts.__getitem__):
            group = list(members)
            if len(group) < 2 or (kind == "near" and len({int(exact[member]) for member in group}) < 2):
                continue
            kept = next((member for member in group if member not in gone), None)
            copies = [member for member in group if kept not in {None, member} and member not in listed]
            listed.update(copies)
            chosen = [examples[member] for member in group]
            labels = sorted({example.label for example in chosen})
            parts: set[Part] = {example.part for example in chosen if example.part is not None}
            groups.append(
                DuplicateGroup(
                    "exact" if kind == "exact" else "near",
                    tuple(example.path for example in chosen),
                    tuple(names[label] for label in labels),
                    tuple(part for part in PARTS if part in parts),
                    kept=examples[kept].path if kept is not None else None,
                    stays=examples[kept].part if kept is not None else None,
                    left_out=tuple(examples[member].path for member in copies if member in gone),
                    used=tuple(examples[member].path for member in copies if member not in gone),
                )
            )
    return sorted(groups, key=lambda group: (len(group.classes) < 2, len(group.parts) < 2))
