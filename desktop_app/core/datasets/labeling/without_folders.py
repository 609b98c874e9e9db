"""Files with labels where there are no class folders, and what is said where there are none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from desktop_app.core.datasets.annotations.finding import UNREAD
from desktop_app.core.datasets.boxes.box_set import CROPS_ADVICE, BoxesFound
from desktop_app.core.datasets.labeling.from_file import layout_from
from desktop_app.core.datasets.labeling.label_questions import (
    KEY,
    about_ambiguous,
    are_names_labels,
    refusal,
    which_labels,
)
from desktop_app.core.datasets.labeling.name_labels import layout_by_names
from desktop_app.core.datasets.labeling.several import (
    as_decided,
    asking_without,
    none_at_once,
    which_of_several,
)
from desktop_app.core.datasets.question import DatasetQuestion, Question
from desktop_app.core.datasets.report import DatasetError
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.datasets.annotations.label_source import LabelSource
    from desktop_app.core.datasets.answers import Answers
    from desktop_app.core.datasets.boxes.box_set import BoxSet
    from desktop_app.core.datasets.labeling.surroundings import Surroundings
    from desktop_app.core.datasets.layout.layout import Layout
    from desktop_app.core.foundation.cancellation import CancelToken

_TABLES = frozenset((".csv", ".tsv"))


def without_folders(
    sources: Sequence[LabelSource],
    around: Surroundings,
    answers: Answers,
    error: DatasetError | None,
    cancel: CancelToken,
) -> Layout:
    """Use the labels of the one file and column that have any.

    Args:
        sources: Labels of files.
        around: All pictures.
        answers: What was decided.
        error: What is wrong with the folders.
        cancel: Token checked at every file.

    Raises:
        DatasetQuestion: Several may be meant.
        DatasetError: There are none that can be learned.
        Cancelled: The user cancelled.
    """
    sources = [as_decided(source, answers) for source in sources]
    good = [source for source in sources if source.verdict == "labels"]
    if any(source.verdict == "several" for source in sources):
        good = [source for source in good if source.evident]
    if answers.several is not None:
        good = [source for source in good if source.sets] or good
    boxes = around.boxes(cancel)
    if not good:
        raise _nothing_usable(sources, around, boxes, error, answers)
    first, others = good[0], good[1:]
    layout = layout_from(around.index.folder, first, around)
    layout = asking_without(layout, first, around, answers)
    if not others and first.evident:
        return _noting(layout, boxes)
    if not others:
        named = first.columns.named
        reason = f"{named[0].upper()}{named[1:]} of {first.named} may say something else than what is shown."
        if first.doubt:
            doubt = printable(first.doubt)
            reason = f"Column {doubt} of {first.named} says how sure each label is: some may be wrong."
        raise DatasetQuestion(which_labels(good, around, answers, layout=None, reason=reason))
    same_file = all(other.files == first.files for other in others)
    if (
        same_file
        and first.columns.called
        and not first.doubt
        and not any(other.columns.called for other in others)
    ):
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
    several = next((source for source in sources if source.verdict == "several"), None)
    if boxes is not None:
        return BoxesFound(boxes.sentence, CROPS_ADVICE)
    if several is not None:
        return DatasetQuestion(which_of_several(several, around, answers))
    return _without_tables(sources, around, error, answers)


def _without_tables(
    sources: Sequence[LabelSource],
    around: Surroundings,
    error: DatasetError | None,
    answers: Answers,
) -> DatasetError:
    refused = refusal(sources, around, "", "")
    if refused is not None:
        return refused
    assert error is not None
    if isinstance(error, DatasetQuestion):
        return error
    named_so = layout_by_names(around) if answers.labels is None else None
    if named_so is not None and answers.several == "all":
        return none_at_once("the beginnings of the file names")
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
        return DatasetError(
            text,
            "A table of labels has a column with the names of the files, and one with a class for each. "
            f"{advice}",
        )
    return DatasetError(str(error), advice) if advice != error.advice else error


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
