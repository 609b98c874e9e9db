"""From a folder to its classes: by the names of its folders, by files with labels, or by both."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.datasets.annotations.finding import UNREAD, Candidates, find_candidates
from desktop_app.core.datasets.annotations.label_source import LabelSource, distinct, sources_of
from desktop_app.core.datasets.boxes.box_set import CROPS_ADVICE, BoxesFound
from desktop_app.core.datasets.labeling.class_folders import (
    agreement,
    classes_by_folders,
    same_partition,
)
from desktop_app.core.datasets.labeling.from_file import layout_from, with_labels
from desktop_app.core.datasets.labeling.label_questions import (
    KEY,
    about_ambiguous,
    are_names_labels,
    refusal,
    which_labels,
)
from desktop_app.core.datasets.labeling.mask_answers import ignoring, masks_in, without_masks
from desktop_app.core.datasets.labeling.name_labels import ANSWER, layout_by_names
from desktop_app.core.datasets.labeling.naming import chosen_by
from desktop_app.core.datasets.labeling.surroundings import Surroundings, survey
from desktop_app.core.datasets.layout.recognition import recognise
from desktop_app.core.datasets.question import DatasetQuestion, Question
from desktop_app.core.datasets.report import DatasetError
from desktop_app.core.foundation.text import counted, printable
from desktop_app.core.images.sources import FileSource

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop_app.core.datasets.answers import Answers
    from desktop_app.core.datasets.boxes.box_set import BoxSet
    from desktop_app.core.datasets.labeling.masks import Masks
    from desktop_app.core.datasets.layout.layout import Layout
    from desktop_app.core.foundation.cancellation import CancelToken

_MOST_AGREEING = 0.5
"""Share of pictures named as their folder from which on a column is about the same classes."""


_TABLES = frozenset((".csv", ".tsv"))
_EXPECTED_TABLE = "A table of labels has a column with the names of the files, and one with a class for each."


def understand(folder: Path, cancel: CancelToken, answers: Answers) -> Layout:
    """Find the classes and subsets of a folder, wherever its labels stand.

    Class folders are used as `recognise` finds them. A file with labels is used where there are no class
    folders, or for the pictures outside of them. Where both disagree, or several files or columns may be
    meant, a question is asked.

    Args:
        folder: The data folder.
        cancel: Token checked at every file and row.
        answers: What was decided about it.

    Raises:
        DatasetError: Nothing can be learned; the sentence says what was found.
        DatasetQuestion: A question must be answered first.
        Cancelled: The user cancelled.
    """
    if not FileSource(folder).is_folder:
        return recognise(folder, cancel, answers)
    candidates = find_candidates(folder, cancel)
    masks = None if answers.masks or not candidates.masks else masks_in(folder, cancel)
    layout = _by_labels(folder, cancel, answers, candidates, masks)
    return layout if masks is None else without_masks(layout, masks, answers)


def _by_labels(
    folder: Path, cancel: CancelToken, answers: Answers, candidates: Candidates, masks: Masks | None
) -> Layout:
    """Find the classes and subsets of the pictures that are no masks."""
    own = answers if masks is None else ignoring(masks, folder, answers)
    layout, error = _by_folders(folder, cancel, own)
    if answers.labels == "":
        return _require(layout, error)
    by_name = answers.labels == ANSWER
    chosen = chosen_by(answers.labels, folder) if answers.labels and not by_name else None
    if layout is not None and chosen is None and not by_name and not candidates.files:
        return layout
    hidden = masks.paths if masks is not None else frozenset()
    around = survey(
        folder, cancel, own, candidates=candidates, beside=layout is None, hidden=hidden, chosen=chosen
    )
    lost: tuple[str, ...] = ()
    if by_name:
        named_so = layout_by_names(around)
        if named_so is not None:
            return named_so
        lost = ("The names of the files were chosen for the labels, but do not begin with any.",)
    elif chosen is not None:
        named = sources_of(around.files, only=chosen)
        if named:
            return _chosen(folder, named[0], around, layout)
        lost = (f"{printable(chosen[0].name)} was chosen for the labels, but has none for these pictures.",)
    sources = distinct(sources_of(around.files))
    if layout is None:
        found = _without_folders(sources, around, answers, error, cancel)
    else:
        found = _beside_folders(layout, sources, around, answers)
    return replace(found, warnings=(*lost, *found.warnings)) if lost else found


def _by_folders(
    folder: Path, cancel: CancelToken, answers: Answers
) -> tuple[Layout | None, DatasetError | None]:
    try:
        return recognise(folder, cancel, answers), None
    except DatasetError as error:
        return None, error


def _require(layout: Layout | None, error: DatasetError | None) -> Layout:
    if layout is not None:
        return layout
    assert error is not None
    raise error


def _chosen(folder: Path, source: LabelSource, around: Surroundings, layout: Layout | None) -> Layout:
    """Use the labels that an answer names; class folders keep the pictures that have none there."""
    if source.verdict != "labels":
        refused = refusal([source], around, "", "")
        assert refused is not None
        raise refused
    if layout is not None:
        folders = classes_by_folders(layout, around.index.pictures)
        new = (source.labels >= 0) & (folders < 0)
        rest = (source.labels < 0) & (folders >= 0)
        if new.any() and rest.any() and set(source.names) & set(layout.classes):
            return with_labels(layout, source, around, new)
    return layout_from(folder, source, around)


def _without_folders(
    sources: Sequence[LabelSource],
    around: Surroundings,
    answers: Answers,
    error: DatasetError | None,
    cancel: CancelToken,
) -> Layout:
    """Use the labels of the one file and column that have any."""
    good = [source for source in sources if source.verdict == "labels"]
    if any(source.verdict == "several" for source in sources):
        good = [source for source in good if source.evident]
    boxes = around.boxes(cancel)
    if not good:
        raise _nothing_usable(sources, around, boxes, error, answers)
    first, others = good[0], good[1:]
    layout = layout_from(around.index.folder, first, around)
    if not others and first.evident:
        return _noting(layout, boxes)
    if not others:
        reason = f"{first.named} has other columns, too, and this one is the only one with classes."
        raise DatasetQuestion(which_labels(good, around, answers, layout=None, reason=reason))
    same_file = all(other.files == first.files for other in others)
    if same_file and first.columns.called and not any(other.columns.called for other in others):
        standing = f"The labels are those of {first.columns.named} of {first.named}."
        question = which_labels(
            good, around, answers, layout=None, reason="Other columns have classes, too.", standing=standing
        )
        return _asking(_noting(layout, boxes), question, answers)
    what = "columns" if same_file else "files"
    raise DatasetQuestion(
        which_labels(good, around, answers, layout=None, reason=f"Several {what} may hold the labels.")
    )


def _nothing_usable(
    sources: Sequence[LabelSource],
    around: Surroundings,
    boxes: BoxSet | None,
    error: DatasetError | None,
    answers: Answers,
) -> DatasetError:
    """Say what was found instead of labels."""
    if boxes is not None:
        return BoxesFound(boxes.sentence, CROPS_ADVICE)
    refused = refusal(sources, around, "", "")
    if refused is not None:
        return refused
    assert error is not None
    if isinstance(error, DatasetQuestion):
        return error
    named_so = layout_by_names(around) if answers.labels is None else None
    if named_so is not None:
        return DatasetQuestion(are_names_labels(named_so, around, answers, error))
    return _with_hints(error, around)


def _with_hints(error: DatasetError, around: Surroundings) -> DatasetError:
    """Add what lies beside pictures without class folders, and may be what the user means."""
    advice = error.advice
    if around.submissions:
        name = printable(around.submissions[0].name)
        advice = f"{name} is an example of what a competition wants to get, without real labels. {advice}"
    if around.unread:
        path = around.unread[0]
        what = UNREAD[path.suffix.lower()]
        advice = f"If the labels are in {printable(path.name)}, {what}, save them as a CSV file. {advice}"
    if around.ambiguous:
        return DatasetError(about_ambiguous(around), f"Write the names with their folders. {advice}")
    tables = [path for path in around.candidates if path.suffix.lower() in _TABLES]
    if tables and len(around.index):
        text = f"{str(error).rstrip('.')}, and no labels of its pictures in {printable(tables[0].name)}."
        return DatasetError(text, f"{_EXPECTED_TABLE} {advice}")
    return DatasetError(str(error), advice) if advice != error.advice else error


def _beside_folders(
    layout: Layout, sources: Sequence[LabelSource], around: Surroundings, answers: Answers
) -> Layout:
    """Compare the labels of files with the class folders, and add those of pictures outside of them."""
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


def _noting(layout: Layout, boxes: BoxSet | None) -> Layout:
    """Say that there are boxes too, which are not used."""
    if boxes is None:
        return layout
    line = f"{boxes.sentence} Whole pictures are used; 'sightline crops' cuts out what is in the boxes."
    return replace(layout, warnings=(*layout.warnings, line))


def _asking(layout: Layout, question: Question, answers: Answers) -> Layout:
    if KEY in answers.settled:
        return layout
    return replace(layout, questions=(*layout.questions, question))
