"""Pictures with several labels: one of them is learned, or all at once, as somebody decides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.datasets.annotations.labels_of_pictures import CONTRADICTION, NO_LABEL, SEVERAL
from desktop_app.core.datasets.labeling.naming import answer_of
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

KEY = "several-labels"
KEY_WITHOUT = "without-label"

ALL_OPTION = "--several-labels all"
FIRST_OPTION = "--several-labels first"
_MOST_NAMES = 5
_EXAMPLES = 4


def as_decided(source: LabelSource, answers: Answers) -> LabelSource:
    """Read the labels of a source as somebody decided, where pictures have several.

    Args:
        source: The labels as the files have them.
        answers: What was decided; without a decision nothing changes.

    Returns:
        The labels: the first of each picture; or a number for each combination of labels that occurs
        (`LabelSource.combinations`).
    """
    if answers.several == "first":
        return _first_of(source)
    if answers.several == "all":
        return _all_of(source, keep=answers.without_labels == "keep")
    return source


def _first_of(source: LabelSource) -> LabelSource:
    labels = source.labels.copy()
    for index, own in source.sets.items():
        labels[index] = own[0] if own else NO_LABEL
    return replace(source, labels=labels)


def _all_of(source: LabelSource, *, keep: bool) -> LabelSource:
    numbers: dict[tuple[int, ...], int] = {}
    labels = np.full(len(source.labels), NO_LABEL, np.int32)
    for index in np.flatnonzero(source.labels != NO_LABEL).tolist():
        own = source.sets.get(index) or ((int(source.labels[index]),) if source.labels[index] >= 0 else ())
        if own:
            key = tuple(sorted(own))
            labels[index] = numbers.setdefault(key, len(numbers))
    if keep:
        named = np.zeros(len(labels), np.bool_)
        for file in source.files:
            named |= file.rows.named
        without = named & (labels == NO_LABEL)
        if without.any():
            labels[without] = numbers.setdefault((), len(numbers))
    combinations = tuple(tuple(source.names[label] for label in own) for own in numbers)
    names = tuple(", ".join(map(printable, own)) or "no label" for own in combinations)
    return replace(source, names=names, labels=labels, combinations=combinations)


def which_of_several(source: LabelSource, around: Surroundings, answers: Answers) -> Question:
    """Ask what is learned of pictures with several labels.

    Args:
        source: Labels whose verdict is ``several``.
        around: The pictures.
        answers: What was decided before.
    """
    chosen = answers.changed(labels=answer_of(source, around.index.folder))
    everything = _all_of(source, keep=False)
    several = [index for index, own in source.sets.items() if len(own) > 1]
    pictures = tuple(around.index.pictures[index] for index in several[:_EXAMPLES])
    first = _first_of(source)
    single = ""
    if source.columns.one_hot:
        flag = f'--label-file "{printable(source.path.name)}#{printable(source.columns.titles[0])}"'
        single = f" To learn only whether one of them is there, name its column: {flag}."
    return Question(
        KEY,
        "What should be learned of them?",
        (
            Choice(
                f"All of them, several labels at once: {_counts(everything)}",
                ALL_OPTION,
                chosen.changed(several="all"),
                "Each label is right or wrong by itself; a picture may have any number of them.",
                pictures,
            ),
            Choice(
                f"One label of each picture, the first: {_counts(first)}",
                FIRST_OPTION,
                chosen.changed(several="first"),
                "The other labels of a picture are not used.",
                pictures,
            ),
        ),
        f"{about_several(source)}{single}",
        proposed=False,
    )


def about_several(source: LabelSource) -> str:
    """Say how many pictures have several labels, with an example."""
    count = int(np.isin(source.labels, (SEVERAL, CONTRADICTION)).sum())
    of = count + source.labeled
    examples = [
        (labels, file, row)
        for file, reading in zip(source.files, source.readings, strict=True)
        for labels, row in (
            *reading.several.values(),
            *(((one, other), row) for one, other, row in reading.contradictions.values()),
        )
    ]
    labels, file, row = examples[0]
    return (
        f"{source.named} gives {count:,} of {counted(of, 'picture')} several labels, such as "
        f"{_some([printable(label) for label in labels])} ({file.table.unit} {row:,})."
    )


def asking_without(layout: Layout, source: LabelSource, around: Surroundings, answers: Answers) -> Layout:
    """Ask what it means that a file names pictures without any label.

    Args:
        layout: The layout made of the labels.
        source: The labels, several at once.
        around: The pictures.
        answers: What was decided before.
    """
    if source.combinations is None or not source.without or answers.without_labels is not None:
        return layout
    named = np.zeros(len(source.labels), np.bool_)
    for file in source.files:
        named |= file.rows.named
    rows: Sequence[int] = np.flatnonzero(named & (source.labels == NO_LABEL))[:_EXAMPLES].tolist()
    pictures: tuple[Path, ...] = tuple(around.index.pictures[index] for index in rows)
    count = counted(source.without, "picture")
    question = Question(
        KEY_WITHOUT,
        "What do pictures without a label mean?",
        (
            Choice(
                "They show none of the labels",
                "--without-label keep",
                answers.changed(without_labels="keep"),
                f"{count} are used; for them no label is right.",
                pictures,
            ),
            Choice(
                "Nobody has looked at them yet",
                "--without-label skip",
                answers.changed(without_labels="skip"),
                f"{count} are skipped.",
                pictures,
            ),
        ),
        required=False,
        standing=f"{count} that {source.named} names without any label are skipped.",
        proposed=False,
    )
    return replace(layout, questions=(*layout.questions, question))


def none_at_once(labels_are: str) -> DatasetError:
    """What refuses "all labels at once" where no picture can have several.

    Args:
        labels_are: Where the labels come from: "the names of the folders".
    """
    return DatasetError(
        f"Several labels at once were asked for, but the labels are {labels_are}, one for each picture.",
        "Leave out --several-labels all (and add --ask-again if it was remembered), or name a table of "
        "labels with --label-file FILE#COLUMN.",
    )


def _counts(source: LabelSource) -> str:
    return _some([f"{printable(name)} ({count:,})" for name, count in source.counts()])


def _some(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more:,} more" if more > 0 else "")
