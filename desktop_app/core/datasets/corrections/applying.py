"""A data set with a person's corrections: what changes in its report."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.datasets.examine.duplicates import join
from desktop_app.core.datasets.examine.examples import Examples
from desktop_app.core.datasets.examine.summary import judged, pictures_used
from desktop_app.core.datasets.layout.layout import describe
from desktop_app.core.datasets.report import PARTS, Example

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop_app.core.datasets.decision import Decision
    from desktop_app.core.datasets.report import DatasetReport


def corrected(
    report: DatasetReport, decisions: Mapping[Path, Decision], lost: Sequence[str] | None = None
) -> DatasetReport:
    """Apply decisions to a data set, in place of those that were applied before.

    Args:
        report: The data set, with or without corrections.
        decisions: All decisions, by path; classes are those of the folders.
        lost: Sentences about corrections that are not applied; by default those of the report.

    Returns:
        The data set with other labels and without the excluded pictures: counts, duplicates and warnings
        follow. A class that loses all its pictures is not in it.
    """
    base = report.uncorrected or report
    lost = report.lost if lost is None else tuple(lost)
    if not decisions:
        warnings = (*lost, *base.warnings)
        return replace(base, warnings=warnings, lost=lost, uncorrected=base) if lost else base
    if base.combinations is not None:
        return _without_excluded(base, base.combinations, decisions, lost)
    names = base.class_names
    given = [
        (example, _name_of(names[example.label], decisions.get(example.path))) for example in base.examples
    ]
    kept = [(example, name) for example, name in given if name is not None]
    used = {name for _example, name in kept}
    classes = tuple(name for name in names if name in used)
    label = {name: number for number, name in enumerate(classes)}
    examples = tuple(Example(example.path, label[name], example.part) for example, name in kept)
    order = sorted(range(len(examples)), key=lambda number: examples[number].label)
    examples = tuple(examples[number] for number in order)
    own_parts = any(example.part for example in base.examples)
    skipped = {entry.name: entry.left_out for entry in base.classes}
    summaries, duplicates, cautions = judged(
        classes,
        examples,
        [skipped.get(name, 0) for name in classes],
        _roots(base, [example.path for example in examples]),
        own_parts=own_parts,
    )
    parts = {example.part for example in base.examples}
    return replace(
        base,
        layout=describe(len(classes), tuple(part for part in PARTS if part in parts)),
        classes=summaries,
        examples=Examples(examples),
        duplicates=duplicates,
        warnings=(*lost, *base.notes, *cautions),
        decisions=dict(decisions),
        lost=lost,
        uncorrected=base,
    )


def _without_excluded(
    base: DatasetReport,
    combinations: tuple[tuple[int, ...], ...],
    decisions: Mapping[Path, Decision],
    lost: Sequence[str],
) -> DatasetReport:
    """Leave out the excluded pictures of a data set whose pictures have several labels at once."""
    kept = [
        example
        for example in base.examples
        if (decision := decisions.get(example.path)) is None or decision.action != "exclude"
    ]
    used = sorted({example.label for example in kept})
    left = sorted({label for number in used for label in combinations[number]})
    new = {label: number for number, label in enumerate(left)}
    place = {label: number for number, label in enumerate(used)}
    examples = tuple(Example(example.path, place[example.label], example.part) for example in kept)
    names = tuple(base.class_names[label] for label in left)
    sets = tuple(tuple(new[label] for label in combinations[number]) for number in used)
    summaries, duplicates, cautions = judged(
        names,
        examples,
        [0] * len(used),
        _roots(base, [example.path for example in examples]),
        own_parts=any(example.part for example in base.examples),
        combinations=sets,
    )
    skipped = {entry.name: entry.left_out for entry in base.classes}
    parts = {example.part for example in base.examples}
    return replace(
        base,
        layout=describe(len(names), tuple(part for part in PARTS if part in parts), several=True),
        classes=tuple(replace(entry, left_out=skipped[entry.name]) for entry in summaries),
        examples=Examples(examples),
        duplicates=duplicates,
        warnings=(*lost, *base.notes, *cautions),
        decisions=dict(decisions),
        lost=tuple(lost),
        uncorrected=base,
        combinations=sets,
        used=pictures_used(examples, duplicates),
    )


def _name_of(name: str, decision: Decision | None) -> str | None:
    """The class of a picture from now on; None when it is excluded."""
    if decision is None or decision.action == "keep":
        return name
    return decision.label if decision.action == "relabel" else None


def _roots(base: DatasetReport, paths: Sequence[Path]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First picture with the same bytes, and first one that looks the same, among those that are left."""
    index = {path: number for number, path in enumerate(paths)}
    exact: list[tuple[int, int]] = []
    near: list[tuple[int, int]] = []
    for group in base.duplicates:
        members = [index[path] for path in group.paths if path in index]
        pairs = [(members[0], other) for other in members[1:]]
        near += pairs
        if group.kind == "exact":
            exact += pairs
    alone = np.arange(len(paths))
    first, second = (join(alone, *np.array(pairs, np.int64).reshape(-1, 2).T) for pairs in (exact, near))
    return first, second
