"""Which level of folders holds the classes: seen from their names, or asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from desktop_app.core.datasets.layout.advice import EXPECTED, some
from desktop_app.core.datasets.layout.candidates import Candidate
from desktop_app.core.datasets.layout.class_names import loose_key
from desktop_app.core.datasets.layout.name_kinds import is_neutral, is_number, is_structural
from desktop_app.core.datasets.layout.numbering import number_classes
from desktop_app.core.datasets.layout.parts import unwrapped
from desktop_app.core.datasets.question import Choice, DatasetQuestion, Question
from desktop_app.core.datasets.report import DatasetError
from desktop_app.core.foundation.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.datasets.answers import FolderMeaning
    from desktop_app.core.datasets.layout.context import Context
    from desktop_app.core.datasets.layout.tree import Folder

_MOST_LEVELS = 16
_MOST_CHOICES = 6
_MOST_FLAT = 4
"""Folders without folders in them, up to which leaving them out is offered."""

_REPEATED = 0.6
"""Share of distinct names among the folders below, up to which the same names are in every folder."""

_NEARLY_ALL = 0.9
_LONGEST_GRADE = 2
"""Digits of numbers that may be classes, such as those of grades and digits, below others."""

Verdict = Literal["here", "below", "ask"]


def class_level(context: Context, found: list[Candidate], where: Folder) -> list[Candidate]:
    """Go down to the folders that are the classes.

    Folders of one name in every folder, such as those of species in each camera's, are classes; dates,
    numbers, patients and the like below are not.

    Args:
        context: The answers.
        found: The folders that may be classes.
        where: The folder that holds everything.

    Raises:
        DatasetQuestion: The names leave it open.
        DatasetError: There are no folders on the level that was chosen.
    """
    chosen = context.answers.classes_at
    if chosen is not None:
        for level in range(2, chosen + 1):
            below = _below(context, found)
            if below is None:
                raise DatasetError(
                    f"{printable(str(where.path))} has no folders on level {level}.",
                    f"Choose a lower level than {chosen}, or none. {EXPECTED}",
                )
            _say_uneven(context, found, below, level)
            found = below
        return found
    for level in range(1, _MOST_LEVELS + 1):
        verdict = _judge(context, found)
        below = _below(context, found) if verdict != "here" else None
        if below is None:
            break
        if verdict == "ask" and _sorts_twice(context, found) and _judge(context, below) == "below":
            verdict = "below"
        if verdict == "ask":
            raise _ask(context, found, level, where)
        found = below
    return found


def _say_uneven(context: Context, found: list[Candidate], below: list[Candidate], level: int) -> None:
    """Say which folders have none on the level that was chosen, perhaps for other data than these."""
    upper = {one.folder for one in found}
    stay = [one.folder for one in below if one.folder in upper and one.folder.total]
    if stay:
        one = len(stay) == 1
        are = (
            "has no folders on level {}: it is a class itself"
            if one
            else ("have no folders on level {}: they are classes themselves")
        )
        context.warnings.append(f"{context.names(stay)} {are.format(level)}.")


def _sorts_twice(context: Context, found: list[Candidate]) -> bool:
    """Whether names on this level and on the next say where and when: those of cameras and of days."""
    seen = _evidence(context, found)
    where = all(is_neutral(name) for name in seen.top_names) and not seen.own_pictures
    return where and len(seen.deep) == len(seen.tops) and all(is_neutral(name) for name in seen.names)


@dataclass
class _Evidence:
    """What is in the folders that may be classes, by their names."""

    tops: dict[int, set[str]] = field(default_factory=dict)
    top_names: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    own_pictures: int = 0
    chains: bool = True

    @property
    def deep(self) -> list[set[str]]:
        """The names in each that has folders in it."""
        return [below for below in self.tops.values() if below]


def _judge(context: Context, found: list[Candidate]) -> Verdict:
    seen = _evidence(context, found)
    deep = seen.deep
    if not deep:
        return "here"
    neutral = all(is_neutral(name) for name in seen.top_names)
    total = sum(len(below) for below in deep)
    distinct = len(set().union(*deep))
    if seen.chains and not neutral and distinct in {1, total}:
        return "here"  # one folder in each: whichever gives the name, the classes are the same
    if all(is_structural(name) for name in seen.names):
        counted_alike = (
            len(deep) == len(seen.tops) > 1
            and all(is_number(name) and len(name) <= _LONGEST_GRADE for name in seen.names)
            and len(deep[0]) > 1
            and all(below == deep[0] for below in deep)
        )
        return "ask" if neutral or counted_alike else "here"
    everywhere = len(deep) >= _NEARLY_ALL * len(seen.tops) and not seen.own_pictures
    repeated = len(deep) > 1 and distinct > 1 and distinct <= _REPEATED * total
    return "below" if neutral and everywhere and repeated else "ask"


def _evidence(context: Context, found: list[Candidate]) -> _Evidence:
    seen = _Evidence()
    _names, numbers = number_classes(found)
    for candidate in found:
        if not candidate.folder.total:
            continue
        inner = unwrapped(context, candidate.folder)
        kids = context.class_kids(inner)
        below = seen.tops.setdefault(numbers[candidate.folder], set())
        below.update(loose_key(kid.name) for kid in kids)
        seen.top_names.add(candidate.name)
        seen.names.update(kid.name for kid in kids)
        if kids:
            seen.own_pictures += inner.pictures
            seen.chains &= all(_ends_here(context, kid) for kid in kids)
    seen.chains &= all(len(below) <= 1 for below in seen.tops.values()) and not seen.own_pictures
    return seen


def _ends_here(context: Context, folder: Folder) -> bool:
    """Whether no folders below one may be classes, but for the only one in each."""
    inner = unwrapped(context, folder)
    kids = context.class_kids(inner)
    if len(kids) == 1 and not inner.pictures:
        return _ends_here(context, kids[0])
    return all(is_structural(kid.name) for kid in kids)


def _below(context: Context, found: list[Candidate]) -> list[Candidate] | None:
    """The folders one level below; a folder without folders in it stays. None where there are none."""
    below: list[Candidate] = []
    deeper = False
    for candidate in found:
        inner = unwrapped(context, candidate.folder)
        kids = context.class_kids(inner)
        deeper |= bool(kids)
        below += [Candidate(kid, candidate.part, inner, kid.name) for kid in kids] or [candidate]
    return below if deeper else None


def _ask(context: Context, found: list[Candidate], level: int, where: Folder) -> DatasetQuestion:
    inner = [unwrapped(context, candidate.folder) for candidate in found]
    deep = [candidate.folder for candidate, folder in zip(found, inner, strict=True) if folder.filled]
    names = dict.fromkeys(kid.name for folder in inner for kid in context.class_kids(folder))
    seen = _evidence(context, found)
    repeated = len(set().union(*seen.deep)) < sum(map(len, seen.deep))
    everywhere = len(seen.deep) == len(seen.tops) and not seen.own_pictures
    choices: list[tuple[bool, int, Choice]] = []
    above: set[Folder] = set()
    current: list[Candidate] | None = found
    for number in range(level, _MOST_LEVELS + 1):
        if current is None:
            break
        choice = _choice(context, current, number)
        if choice is not None:
            plausible = not all(is_structural(one.name) or is_neutral(one.name) for one in current)
            uneven = everywhere and any(one.folder in above for one in current)
            choices.append((plausible and not uneven, number, choice))
        above = {one.folder for one in current}
        current = _below(context, current)
    if len(choices) > _MOST_CHOICES:  # those of a taxonomy: the kingdoms, and what is nearest to the species
        choices = [choices[0], *choices[1 - _MOST_CHOICES :]]
    choices.sort(key=lambda entry: (not entry[0], -entry[1] if everywhere else entry[1]))
    offered = [choice for _plausible, _number, choice in choices]
    flat = [one.folder for one in found if one.folder.total and one.folder not in set(deep)]
    if len(deep) == 1 and flat:
        again = {loose_key(kid.name) for kid in context.class_kids(unwrapped(context, deep[0]))}
        if again <= {loose_key(folder.name) for folder in flat}:  # the data set, or more of it, within itself
            offered.insert(0, _without(context, [deep[0]]))
        if len(flat) <= _MOST_FLAT:
            subsets = any(context.guess(kid).sure for kid in unwrapped(context, deep[0]).filled)
            offered.insert(0 if subsets else len(offered), _without(context, flat, deep[0]))
    elif len(found) <= _MOST_CHOICES:
        whole = [one.folder for one in found if _holds_subsets(context, one.folder)]
        rests = ([one.folder for one in found if one.folder is not folder] for folder in whole)
        offered[:0] = [_without(context, rest, folder) for rest, folder in zip(rests, whole, strict=True)]
    once = list({folder.name: folder for folder in deep}.values())
    shown, several = context.names(once, 4), len(once) > 1
    return DatasetQuestion(
        Question(
            "classes-at",
            "Which level holds the classes?",
            tuple(offered),
            reason=f"In {printable(str(where.path))}, {shown} {'hold' if several else 'holds'} folders "
            f"with pictures: {some(list(names), 4)}.",
            proposed=everywhere and repeated,
        )
    )


def _holds_subsets(context: Context, folder: Folder) -> bool:
    """Whether the folders in one, or in the only one in it, are subsets by their names."""
    kids = context.class_kids(folder)
    if len(kids) == 1 and not folder.pictures:
        return _holds_subsets(context, kids[0])
    return len(kids) > 1 and all(context.guess(kid).sure for kid in kids)


def _without(context: Context, rest: list[Folder], only: Folder | None = None) -> Choice:
    """The choice that leaves folders out.

    Args:
        context: The answers so far.
        rest: The folders.
        only: The only other one, which has folders in it; None for several.
    """
    ignored: dict[Folder, FolderMeaning] = dict.fromkeys(rest, "ignore")
    picture = (only or rest[0]).first_picture()
    left = sum(folder.total for folder in rest)
    return Choice(
        f"Without {context.names(rest)}" if only is None else f"Only the folders in '{context.name(only)}'",
        context.option(ignored),
        context.meaning_as(ignored),
        detail=f"{counted(left, 'picture')} not used."
        if only is None
        else f"{counted(only.total, 'picture')}; {context.names(rest)} not used.",
        pictures=() if picture is None else (picture,),
    )


def _choice(context: Context, found: Sequence[Candidate], level: int) -> Choice | None:
    """The choice of a level; None where it has one class only."""
    filled = [candidate for candidate in found if candidate.folder.total]
    _names, numbers = number_classes(filled)
    by_class: dict[int, Folder] = {}
    for candidate in filled:
        by_class.setdefault(numbers[candidate.folder], candidate.folder)
    if len(by_class) < 2:
        return None
    firsts = list(by_class.values())
    pictures = sum(candidate.folder.total for candidate in found)
    outside = sum(scope.pictures for scope in dict.fromkeys(candidate.scope for candidate in found))
    shown = (folder.first_picture() for folder in firsts[:6])
    classes = counted(len(by_class), "class", "classes")
    return Choice(
        f"Level {level}: {some([folder.name for folder in firsts], 4)}",
        f"--classes-at {level}",
        context.answers.changed(classes_at=level),
        detail=f"{classes}, {counted(pictures, 'picture')}"
        + (f"; {counted(outside, 'picture')} beside these folders not used." if outside else "."),
        pictures=tuple(path for path in shown if path is not None),
    )
