"""What a person should know about subsets and names before a training."""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import TYPE_CHECKING

from desktop_app.core.datasets.layout.advice import ADD_CLASS, EXPECTED, some
from desktop_app.core.datasets.layout.class_names import loose_key
from desktop_app.core.datasets.layout.name_kinds import is_neutral, is_size
from desktop_app.core.datasets.question import Choice, DatasetQuestion, Question
from desktop_app.core.datasets.report import PART_NAMES, DatasetError
from desktop_app.core.foundation.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop_app.core.datasets.answers import FolderMeaning
    from desktop_app.core.datasets.layout.candidates import Candidate
    from desktop_app.core.datasets.layout.class_names import ClassNames
    from desktop_app.core.datasets.layout.context import Context
    from desktop_app.core.datasets.layout.tree import Folder
    from desktop_app.core.datasets.report import Part

_MOST_COMPARED = 200
"""Names that only one subset has, up to which they are searched for typing errors."""

_NUMBER_BEHIND = re.compile(r"(?<=\w)[\W_]+(\d{1,2}|(19|20)\d\d[\W_]?\d\d([\W_]?\d\d)?)$")
_NEARLY_ALL = 0.7
"""Share of the classes whose names without numbers are those of others, too."""

_LIKE = 0.8
"""Similarity of two names (`difflib`) from which on one may be a typing error of the other."""


def check_parts(
    context: Context, where: Folder, found: Sequence[Candidate], numbers: dict[Folder, int]
) -> None:
    """Refuse or ask where the subsets cannot work together.

    Raises:
        DatasetError: There is only one class.
        DatasetQuestion: The training subset has one class, or another subset none of its classes.
    """
    classes: dict[Part | None, set[int]] = {}
    for candidate in found:
        if candidate.folder.total:
            classes.setdefault(candidate.part, set()).add(numbers[candidate.folder])
    everything = set().union(*classes.values()) if classes else set()
    parts = [part for part in classes if part is not None]
    if len(everything) < 2:
        if parts:
            _refuse_one_class(where, found)
        return
    train = classes.get("train", set())
    if not parts:
        return
    if len(train) < 2:
        raise _one_class_to_train(context, found)
    for part in parts:
        if part != "train" and not classes[part] & train:
            raise _other_classes(context, found, part)


def say_what_is_odd(
    context: Context, names: ClassNames, found: Sequence[Candidate], numbers: dict[Folder, int]
) -> None:
    """Warn of names that differ by a letter between subsets, and of dates."""
    for name in names.doubtful[:5]:
        context.warnings.append(
            f"'{printable(name)}' is a class of its own: several classes have nearly the same name."
        )
    for name, meant in [pair for pair in names.merged if not _same_to_the_eye(*pair)][:5]:
        context.warnings.append(f"'{printable(name)}' is taken for the class '{meant}'.")
    parts: dict[int, set[Part | None]] = {}
    for candidate in found:
        parts.setdefault(numbers[candidate.folder], set()).add(candidate.part)
    given = {part for own in parts.values() for part in own if part is not None}
    if len(given) > 1:
        context.warnings += _typing_errors(names, parts)
    called = [names.name(number) for number in parts]
    context.warnings += _numbered_alike(called)
    kinds: dict[str, Callable[[str], bool]] = {"dates, places or persons": _is_group, "sizes": is_size}
    for kind, is_one in kinds.items():
        if len(called) > 1 and all(map(is_one, called)):
            context.warnings.append(
                f"The classes are called like {kind} ({some(called, 3)}): is that what the pictures show?"
            )


def _numbered_alike(called: Sequence[str]) -> list[str]:
    """Say which classes differ only in a number or a date behind their names, where nearly all do."""
    alike: dict[str, list[str]] = {}
    for name in called:
        stem = _NUMBER_BEHIND.sub("", name)
        if stem != name:
            alike.setdefault(loose_key(stem), []).append(name)
    several = [names for names in alike.values() if len(names) > 1]
    if len(alike) < 2 or sum(map(len, several)) < _NEARLY_ALL * len(called):
        return []
    shown = some(several[0], 3)
    line = f"The classes differ only in the numbers behind their names, such as {shown}: "
    return [line + "if they are one, put their folders into a folder of that name."]


def _same_to_the_eye(name: str, other: str) -> bool:
    return unicodedata.normalize("NFC", name) == unicodedata.normalize("NFC", other)


def _is_group(name: str) -> bool:
    return len(name) > 3 and is_neutral(name)


def _typing_errors(names: ClassNames, parts: dict[int, set[Part | None]]) -> list[str]:
    untrained = [number for number, own in parts.items() if "train" not in own]
    only_trained = [number for number, own in parts.items() if own == {"train"}]
    if not untrained or max(len(untrained), len(only_trained)) > _MOST_COMPARED:
        return []
    known = {names.name(number).casefold(): number for number in only_trained}
    found = []
    for number in untrained:
        close = difflib.get_close_matches(names.name(number).casefold(), known, 1, _LIKE)
        if close:
            part = next(part for part in ("validation", "test", None) if part in parts[number])
            where = PART_NAMES[part] if part else "other"
            found.append(
                f"'{names.name(number)}' in the {where} folder may be a typing error of "
                f"'{names.name(known[close[0]])}': they are two classes."
            )
    return found[:5]


def _refuse_one_class(where: Folder, found: Sequence[Candidate]) -> None:
    scopes = list(dict.fromkeys(_below(where, candidate.folder) for candidate in found))
    name = printable(found[0].name)
    raise DatasetError(
        f"{printable(str(where.path))} is split into {some([scope.name for scope in scopes])}, "
        f"but only one class was found ({name}).",
        f"{ADD_CLASS} {EXPECTED}",
    )


def _below(where: Folder, folder: Folder) -> Folder:
    """The folder directly in ``where`` that holds another."""
    while folder.parent is not None and folder.parent is not where:
        folder = folder.parent
    return folder


def _subsets(found: Sequence[Candidate]) -> dict[Folder, Part]:
    """The folders that hold the classes of each subset."""
    return {candidate.scope: candidate.part for candidate in found if candidate.part is not None}


def _one_class_to_train(context: Context, found: Sequence[Candidate]) -> DatasetQuestion:
    subsets = _subsets(found)
    trained = next(one.name for one in found if one.part == "train" and one.folder.total)
    outside = {one.name: one.folder for one in found if one.part != "train" and one.folder.total}
    others = [folder for folder, part in subsets.items() if part != "train"]
    trains = [folder for folder, part in subsets.items() if part == "train"]
    pooled: dict[Folder, FolderMeaning] = dict.fromkeys(_named_folders(context, others), "train")
    without: dict[Folder, FolderMeaning] = {
        **pooled,
        **dict.fromkeys(_named_folders(context, trains), "ignore"),
    }
    pictures = sum(one.folder.total for one in found)
    fewer = sum(one.folder.total for one in found if one.part != "train")
    samples = tuple(path for folder in outside.values() if (path := folder.first_picture()) is not None)[:6]
    names = context.names(pooled)
    choices = [
        Choice(
            f"All pictures, split again: {some(sorted({trained, *outside}))}",
            context.option(pooled),
            context.meaning_as(pooled),
            detail=f"{counted(pictures, 'picture')}; {printable(trained)} has most of them.",
            pictures=samples,
        )
    ]
    if len(outside) > 1:
        choices.append(
            Choice(
                f"Only those in {names}, split again: {some(sorted(outside))}",
                context.option(without),
                context.meaning_as(without),
                detail=f"{counted(fewer, 'picture')}.",
                pictures=samples,
            )
        )
    return DatasetQuestion(
        Question(
            "one-class",
            "Which pictures should be learned from?",
            tuple(choices),
            reason=f"The training folder has one class only ({printable(trained)}), as data for anomaly "
            "detection have (MVTec): a classifier trained on it could give no other label. "
            f"Other classes are in {names}: {some(sorted(outside))}.",
        )
    )


def _other_classes(context: Context, found: Sequence[Candidate], part: Part) -> DatasetQuestion:
    scopes = [folder for folder, own in _subsets(found).items() if own == part]
    folders = _named_folders(context, scopes)
    inside = sorted({one.name for one in found if one.part == part and one.folder.total})
    trained = sorted({one.name for one in found if one.part == "train" and one.folder.total})
    unlabeled: dict[Folder, FolderMeaning] = dict.fromkeys(folders, "unlabeled")
    pooled: dict[Folder, FolderMeaning] = dict.fromkeys(folders, "train")
    names = context.names(folders)
    shown = (folder.first_picture() for folder in folders)
    samples = tuple(path for path in shown if path is not None)[:6]
    return DatasetQuestion(
        Question(
            "other-classes",
            f"What are the folders in {names}?",
            (
                Choice(
                    "Not the classes to learn: leave these pictures out",
                    context.option(unlabeled),
                    context.meaning_as(unlabeled),
                    pictures=samples,
                ),
                Choice(
                    "More classes: learn them, too, and split all pictures again",
                    context.option(pooled),
                    context.meaning_as(pooled),
                    pictures=samples,
                ),
            ),
            reason=f"{names} has other classes ({some(inside)}) than the training folder ({some(trained)}), "
            "so no prediction for its pictures could be right.",
        )
    )


def _named_folders(context: Context, scopes: Sequence[Folder]) -> list[Folder]:
    """The outermost folders whose names make them subsets; the folders of the classes where none does."""
    found: dict[Folder, None] = {}
    for scope in scopes:
        outer = scope
        above: Folder | None = scope
        while above is not None and above.parent is not None:
            if context.guess(above).role is not None:
                outer = above
            above = above.parent
        found[outer] = None
    return list(found)
