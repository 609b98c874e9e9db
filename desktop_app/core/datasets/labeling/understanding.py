"""From a folder to its classes: by the names of its folders, by files with labels, or by both."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from desktop_app.core.datasets.annotations.finding import Candidates, find_candidates
from desktop_app.core.datasets.annotations.label_source import LabelSource, distinct, sources_of
from desktop_app.core.datasets.labeling.beside_folders import beside_folders
from desktop_app.core.datasets.labeling.class_folders import (
    classes_by_folders,
)
from desktop_app.core.datasets.labeling.from_file import layout_from, with_labels
from desktop_app.core.datasets.labeling.label_questions import (
    refusal,
)
from desktop_app.core.datasets.labeling.listed_parts import with_listed_parts
from desktop_app.core.datasets.labeling.mask_answers import ignoring, masks_in, without_masks
from desktop_app.core.datasets.labeling.name_labels import ANSWER, layout_by_names
from desktop_app.core.datasets.labeling.naming import chosen_by
from desktop_app.core.datasets.labeling.several import (
    as_decided,
    asking_without,
    none_at_once,
    which_of_several,
)
from desktop_app.core.datasets.labeling.surroundings import Surroundings, survey
from desktop_app.core.datasets.labeling.without_folders import without_folders
from desktop_app.core.datasets.layout.recognition import recognise
from desktop_app.core.datasets.question import DatasetQuestion
from desktop_app.core.datasets.report import DatasetError
from desktop_app.core.foundation.text import printable
from desktop_app.core.images.sources import FileSource

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.datasets.answers import Answers
    from desktop_app.core.datasets.labeling.masks import Masks
    from desktop_app.core.datasets.layout.layout import Layout
    from desktop_app.core.foundation.cancellation import CancelToken

_FOLDERS = "the names of the folders"


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
    by_name = answers.labels == ANSWER
    chosen = chosen_by(answers.labels, folder) if answers.labels and not by_name else None
    by_folders = layout is not None and chosen is None and not by_name and not candidates.files
    if answers.labels == "" or by_folders:
        found = _require(layout, error)
        if answers.several == "all":
            raise none_at_once(_FOLDERS)
        return found
    hidden = masks.paths if masks is not None else frozenset()
    around = survey(
        folder, cancel, own, candidates=candidates, beside=layout is None, hidden=hidden, chosen=chosen
    )
    lost: tuple[str, ...] = ()
    if by_name:
        named_so = layout_by_names(around)
        if named_so is not None and answers.several == "all":
            raise none_at_once("the beginnings of the file names")
        if named_so is not None:
            return named_so
        lost = ("The names of the files were chosen for the labels, but do not begin with any.",)
    elif chosen is not None:
        named = sources_of(around.files, only=chosen)
        if named:
            return _chosen(named[0], around, layout, answers)
        lost = (f"{printable(chosen[0].name)} was chosen for the labels, but has none for these pictures.",)
    found = _undecided(around, layout, error, answers, cancel)
    return replace(found, warnings=(*lost, *found.warnings)) if lost else found


def _undecided(
    around: Surroundings,
    layout: Layout | None,
    error: DatasetError | None,
    answers: Answers,
    cancel: CancelToken,
) -> Layout:
    """Use the labels of files, and of folders, where no answer names any."""
    sources = distinct(sources_of(around.files))
    if layout is None:
        return without_folders(sources, around, answers, error, cancel)
    if answers.several != "all":
        return with_listed_parts(beside_folders(layout, sources, around, answers), around)
    several = next((source for source in sources if source.sets), None)
    if several is None:
        raise none_at_once(_FOLDERS)
    return _chosen(several, around, layout, answers)


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


def _chosen(source: LabelSource, around: Surroundings, layout: Layout | None, answers: Answers) -> Layout:
    """Use the labels that an answer names; class folders keep the pictures that have none there."""
    source = as_decided(source, answers)
    if source.verdict == "several":
        raise DatasetQuestion(which_of_several(source, around, answers))
    if source.verdict != "labels":
        refused = refusal([source], around, "", "")
        assert refused is not None
        raise refused
    if layout is not None and source.combinations is None:
        folders = classes_by_folders(layout, around.index.pictures)
        new = (source.labels >= 0) & (folders < 0)
        rest = (source.labels < 0) & (folders >= 0)
        if new.any() and rest.any() and set(source.names) & set(layout.classes):
            return with_labels(layout, source, around, new)
    return asking_without(layout_from(around.index.folder, source, around), source, around, answers)
