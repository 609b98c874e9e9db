"""Whether masks of other pictures are used: skipped until somebody says that they are pictures, too."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from desktop_app.core.datasets.labeling.masks import Masks, find_masks
from desktop_app.core.datasets.labeling.surroundings import pictures_in
from desktop_app.core.datasets.question import Choice, Question
from desktop_app.core.datasets.stored_names import stored_name
from desktop_app.core.foundation.text import counted, printable

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.datasets.answers import Answers
    from desktop_app.core.datasets.layout.layout import Layout
    from desktop_app.core.foundation.cancellation import CancelToken

KEY = "masks"


def masks_in(folder: Path, cancel: CancelToken) -> Masks | None:
    """Find the masks among all pictures of a data set.

    Args:
        folder: The data folder.
        cancel: Token checked at every file.

    Raises:
        Cancelled: The user cancelled.
    """
    return find_masks(folder, pictures_in(folder, cancel), cancel)


def ignoring(masks: Masks, folder: Path, answers: Answers) -> Answers:
    """Have folders that hold nothing but masks ignored, unless something was decided about them.

    Args:
        masks: The masks.
        folder: The data folder.
        answers: What was decided.
    """
    ignored = {stored_name(path, folder): "ignore" for path in masks.folders}
    return answers.changed(folders={**ignored, **answers.folders})


def without_masks(layout: Layout, masks: Masks, answers: Answers) -> Layout:
    """Leave masks out, and ask about it unless that was answered.

    Args:
        layout: The classes and subsets.
        masks: The masks.
        answers: What was decided.
    """
    layout = replace(
        layout,
        masks=masks.paths,
        pictures=tuple(picture for picture in layout.pictures if picture.path not in masks.paths),
        problems=tuple(problem for problem in layout.problems if problem.path not in masks.paths),
    )
    if answers.masks is False:
        count = counted(len(masks.paths), "picture that is a mask", "pictures that are masks")
        return replace(layout, warnings=(*layout.warnings, f"{count} of others skipped."))
    return replace(layout, questions=(*layout.questions, _question(masks, answers)))


def _question(masks: Masks, answers: Answers) -> Question:
    count = counted(len(masks.paths), "picture")
    example, of = printable(masks.example.name), printable(masks.of.name)
    verb = "has" if len(masks.paths) == 1 else "have"
    return Question(
        KEY,
        "Are masks pictures to learn from?",
        (
            Choice(
                "No, skip them",
                "--masks skip",
                answers.changed(masks=False),
                pictures=(masks.of, masks.example),
            ),
            Choice("Yes, use them like any picture", "--masks use", answers.changed(masks=True)),
        ),
        f"{count} {verb} the name of another one and only a few colours, such as {example} for {of}.",
        required=False,
        standing=f"{count} that look like masks of others are skipped.",
    )
