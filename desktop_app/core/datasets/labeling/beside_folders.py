"""Files with labels beside class folders: for pictures outside of them, or in contradiction to them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.datasets.labeling.class_folders import (
    agreement,
    classes_by_folders,
    same_partition,
)
from desktop_app.core.datasets.labeling.from_file import with_labels
from desktop_app.core.datasets.labeling.label_questions import (
    KEY,
    about_ambiguous,
    which_labels,
)
from desktop_app.core.datasets.question import DatasetQuestion
from desktop_app.core.foundation.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from desktop_app.core.datasets.annotations.label_source import LabelSource
    from desktop_app.core.datasets.answers import Answers
    from desktop_app.core.datasets.labeling.surroundings import Surroundings
    from desktop_app.core.datasets.layout.layout import Layout

_MOST_AGREEING = 0.5
"""Share of pictures named as their folder from which on a column is about the same classes."""


def beside_folders(
    layout: Layout, sources: Sequence[LabelSource], around: Surroundings, answers: Answers
) -> Layout:
    """Compare the labels of files with the class folders, and add those of pictures outside of them.

    Args:
        layout: The class folders.
        sources: Labels of files.
        around: All pictures.
        answers: What was decided.

    Raises:
        DatasetQuestion: A file and the folders disagree.
    """
    folders = classes_by_folders(layout, around.index.pictures)
    differing: list[LabelSource] = []
    for source in sources:
        given = source.labels >= 0
        both, new = given & (folders >= 0), given & (folders < 0)
        if source.verdict not in {"labels", "one"} or not given.any():
            continue
        agreeing = agreement(source, layout.classes, folders)
        if both.any() and agreeing < 1 and not _same(source, folders, both):
            if _is_about_classes(source, agreeing):
                differing.append(source)
        elif new.any():
            layout = _added(layout, source, around, new)
            folders = classes_by_folders(layout, around.index.pictures)
    if KEY in answers.settled:
        return layout
    if around.ambiguous and not differing:
        raise DatasetQuestion(
            which_labels([], around, answers, layout=layout, reason=about_ambiguous(around))
        )
    if not differing:
        return layout
    first = differing[0]
    share = agreement(first, layout.classes, folders)
    count = int(((first.labels >= 0) & (folders >= 0)).sum())
    other = count - round(share * count)
    reason = f"{first.named} gives {other:,} of {counted(count, 'picture')} another label than their folder."
    likely = [source for source in differing if source.verdict == "labels"]
    if not likely:
        return layout
    raise DatasetQuestion(
        which_labels(
            likely, around, answers, layout=layout, reason=reason, folders_first=share > _MOST_AGREEING
        )
    )


def _same(source: LabelSource, folders: NDArray[np.int32], both: NDArray[np.bool_]) -> bool:
    return same_partition(source.labels[both], folders[both])


def _is_about_classes(source: LabelSource, agreeing: float) -> bool:
    """Whether a column is meant for labels; a table may say many other things about pictures."""
    alone = len(source.files[0].columns.choices) == 1
    return (
        source.columns.called or agreeing > _MOST_AGREEING or (alone and not source.files[0].columns.titles)
    )


def _added(layout: Layout, source: LabelSource, around: Surroundings, new: NDArray[np.bool_]) -> Layout:
    """Add pictures outside the class folders, if their labels are names of classes."""
    known = np.array([name in layout.classes for name in source.names], np.bool_)
    share = float(known[source.labels[new]].mean())
    if share > _MOST_AGREEING:
        return with_labels(layout, source, around, new)
    count = counted(int(new.sum()), "picture")
    line = f"{source.named} has labels for {count}, but none is the name of a class: not used."
    return replace(layout, warnings=(*layout.warnings, line))
