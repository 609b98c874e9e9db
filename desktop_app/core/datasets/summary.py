"""From what an examination found to the report that a person reads."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.datasets.cautions import all_warnings
from desktop_app.core.datasets.examples import Examples
from desktop_app.core.datasets.layout import EXPECTED, Layout, describe
from desktop_app.core.datasets.report import (
    PARTS,
    ClassSummary,
    DatasetError,
    DatasetReport,
    DuplicateGroup,
    Example,
)
from desktop_app.core.images.sources import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop_app.core.datasets.findings import Findings
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
) -> DatasetReport:
    """Put everything together.

    Args:
        data: What the user chose.
        layout: As recognised.
        findings: About all files.
        exact: int64 ``(N,)``: for each picture the first one with the same bytes.
        alike: int64 ``(N,)``: for each picture the first one that looks the same.
        seconds: That the examination took.

    Raises:
        DatasetError: Fewer than two classes have a usable picture.
    """
    used = sorted(set(findings.labels))
    names = tuple(findings.class_names[label] for label in used)
    _require_two(data, names, findings)
    new_label = {label: number for number, label in enumerate(used)}
    examples = tuple(
        Example(path, new_label[label], part)
        for path, label, part in zip(findings.paths, findings.labels, findings.parts, strict=True)
    )
    classes = tuple(_class_summaries(names, examples, [findings.left_out[label] for label in used]))
    duplicates = tuple(_duplicate_groups(examples, names, exact, alike))
    empty = tuple(name for name in findings.class_names if name not in set(names))
    problems = tuple(findings.problems)
    widths, heights = np.asarray(findings.widths), np.asarray(findings.heights)
    return DatasetReport(
        source=data,
        folder=layout.folder,
        layout=describe(len(names), layout.part_folders),
        classes=classes,
        examples=Examples(examples),
        problems=problems,
        duplicates=duplicates,
        warnings=(*layout.warnings, *all_warnings(classes, empty, duplicates, layout)),
        smallest=(int(widths.min()), int(heights.min())),
        median=(int(np.median(widths)), int(np.median(heights))),
        largest=(int(widths.max()), int(heights.max())),
        modes=dict(findings.modes.most_common()),
        seconds=seconds,
    )


def _require_two(data: Path, names: tuple[str, ...], findings: Findings) -> None:
    if len(names) >= 2:
        return
    some = f"of one class only, {names[0]}" if names else "of no class"
    reason = f"{printable(str(data))} has usable pictures {some}"
    if findings.problems:
        first = findings.problems[0]
        reason += (
            f"; {len(findings.problems):,} left out, such as {printable(first.path.name)}: {first.reason}"
        )
    else:
        reason += "."
    raise DatasetError(reason, f"At least two classes are needed to tell apart. {EXPECTED}")


def _class_summaries(
    names: tuple[str, ...], examples: tuple[Example, ...], left_out: list[int]
) -> Iterator[ClassSummary]:
    counts = Counter((example.label, example.part or "train") for example in examples)
    samples: list[list[Path]] = [[] for _ in names]
    for example in examples:
        if len(samples[example.label]) < SAMPLES:
            samples[example.label].append(example.path)
    for label, name in enumerate(names):
        train, validation, test = (counts[label, part] for part in PARTS)
        yield ClassSummary(name, train, validation, test, left_out[label], tuple(samples[label]))


def _duplicate_groups(
    examples: tuple[Example, ...],
    names: tuple[str, ...],
    exact: NDArray[np.int64],
    alike: NDArray[np.int64],
) -> list[DuplicateGroup]:
    """List the groups, those across classes first, then those across parts, else in the pictures' order.

    A group of pictures that look the same has all their exact copies in it, too.
    """
    groups: list[DuplicateGroup] = []
    for roots, kind in ((exact, "exact"), (alike, "near")):
        order = np.argsort(roots, kind="stable").tolist()
        for _, members in groupby(order, key=roots.__getitem__):
            group = list(members)
            if len(group) < 2 or (kind == "near" and len({int(exact[member]) for member in group}) < 2):
                continue
            chosen = [examples[member] for member in group]
            labels = sorted({example.label for example in chosen})
            parts: set[Part] = {example.part for example in chosen if example.part is not None}
            groups.append(
                DuplicateGroup(
                    "exact" if kind == "exact" else "near",
                    tuple(example.path for example in chosen),
                    tuple(names[label] for label in labels),
                    tuple(part for part in PARTS if part in parts),
                )
            )
    return sorted(groups, key=lambda group: (len(group.classes) < 2, len(group.parts) < 2))
