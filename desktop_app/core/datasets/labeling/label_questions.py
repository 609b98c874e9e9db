"""Questions about which labels are meant, and refusals where no file has labels that can be learned."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.datasets.labeling.name_labels import ANSWER
from desktop_app.core.datasets.labeling.naming import answer_of, option_of
from desktop_app.core.datasets.question import Choice, Question
from desktop_app.core.datasets.report import DatasetError
from desktop_app.core.foundation.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.datasets.annotations.label_source import LabelSource
    from desktop_app.core.datasets.answers import Answers
    from desktop_app.core.datasets.labeling.surroundings import Surroundings
    from desktop_app.core.datasets.layout.layout import Layout

KEY = "labels"

_MOST_NAMES = 5
_MOST_CHOICES = 8
_EXAMPLES = 4


def which_labels(
    sources: Sequence[LabelSource],
    around: Surroundings,
    answers: Answers,
    *,
    layout: Layout | None,
    reason: str,
    standing: str = "",
    folders_first: bool = False,
) -> Question:
    """Ask which labels are those to learn.

    Args:
        sources: Labels of files, the likeliest first.
        around: The pictures.
        answers: What was decided before.
        layout: The class folders; None without any.
        reason: What was seen that makes the question necessary.
        standing: How the data are read meanwhile; without it the question is required.
        folders_first: Whether the folders are the likeliest.
    """
    folder = around.index.folder
    choices = [
        Choice(
            f"{_sentence(source.columns.named)} of {source.named}: {_classes(source.counts())}",
            option_of(source, folder),
            answers.changed(labels=answer_of(source, folder)),
            f"{source.labeled:,} of {counted(len(around.index), 'picture')} have a label there.",
            _examples(source, around),
        )
        for source in sources[:_MOST_CHOICES]
    ]
    if layout is None and len(choices) == 1:
        choices.append(Choice("None of them", "--label-file none", answers.changed(labels="")))
    if layout is not None:
        names = [printable(name) for name in layout.classes]
        choice = Choice(
            f"The names of the folders: {_some(names)}",
            "--label-file none",
            answers.changed(labels=""),
            f"{counted(len(names), 'class', 'classes')}.",
        )
        choices.insert(0 if folders_first else len(choices), choice)
    return Question(
        KEY,
        "Which labels should be learned?",
        tuple(choices),
        reason,
        required=not standing,
        standing=standing,
    )


def about_ambiguous(around: Surroundings) -> str:
    """Say that the names in a table fit several pictures each.

    Args:
        around: The pictures and files; one of the files is such a table.
    """
    path, name = around.ambiguous[0]
    file = printable(path.name)
    return f"{file} may have labels, but its names fit several pictures, such as {printable(name)}."


def are_names_labels(layout: Layout, around: Surroundings, answers: Answers, error: DatasetError) -> Question:
    """Ask whether the beginnings of the names of the files are the labels.

    Args:
        layout: The classes by these names.
        around: The pictures.
        answers: What was decided before.
        error: What is wrong with the folders.
    """
    counts = Counter(layout.classes[picture.label] for picture in layout.pictures)
    first: dict[int, Path] = {}
    for picture in layout.pictures:
        first.setdefault(picture.label, picture.path)
    names = Choice(
        f"The beginnings of the file names: {_classes(counts.most_common())}",
        f"--label-file {ANSWER}",
        answers.changed(labels=ANSWER),
        f"{len(layout.pictures):,} of {counted(len(around.index), 'picture')} have one.",
        tuple(first.values())[:_EXAMPLES],
    )
    none = Choice("None: the pictures are not sorted yet", "--label-file none", answers.changed(labels=""))
    example = printable(layout.pictures[0].path.name)
    return Question(
        KEY,
        "What are the labels?",
        (names, none),
        f"{error} Their names seem to begin with a label, such as {example}.",
    )


def refusal(
    sources: Sequence[LabelSource], around: Surroundings, boxes: str, boxes_advice: str
) -> DatasetError | None:
    """Say why the labels of the files cannot be learned; None when they say nothing about the pictures.

    Args:
        sources: Labels of files, none of which can be used.
        around: The pictures.
        boxes: What was found of boxes around objects; empty without any.
        boxes_advice: What to do with boxes.
    """
    if boxes:
        return DatasetError(boxes, boxes_advice)
    one = next((source for source in sources if source.verdict == "one"), None)
    if one is not None:
        label = printable(one.counts()[0][0])
        return DatasetError(
            f"{one.named} gives all {counted(one.labeled, 'picture')} the same label, {label}.",
            "Two classes at least are needed.",
        )
    if around.problems:
        first = around.problems[0]
        return DatasetError(first.reason.text, first.reason.advice)
    return None


def _classes(counts: Sequence[tuple[str, int]]) -> str:
    return _some([f"{printable(name)} ({count:,})" for name, count in counts])


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _some(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more:,} more" if more > 0 else "")


def _examples(source: LabelSource, around: Surroundings) -> tuple[Path, ...]:
    """One picture of each of a few classes."""
    _labels, first = np.unique(source.labels, return_index=True)
    indices = [int(index) for index in first if source.labels[index] >= 0]
    return tuple(around.index.pictures[index] for index in indices[:_EXAMPLES])
