"""Groups that the paths of a data set suggest."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.datasets.answers import GroupKind, GroupRule
from desktop_app.core.datasets.groups.grouping import Grouping, groups_of
from desktop_app.core.datasets.groups.name_fields import group_word, is_shared, repeating_field
from desktop_app.core.datasets.groups.subfolders import Names, folders_above, subfolders_of
from desktop_app.core.datasets.groups.table_columns import group_columns, word_of_title
from desktop_app.core.datasets.groups.times import bursts, time_in_name
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from desktop_app.core.datasets.groups.name_fields import NameField, Place
    from desktop_app.core.foundation.cancellation import CancelToken

_MOST_LEVELS = 3
_MOST_IN_FOLDERS = 0.8
"""Share of the pictures that must be in a folder of a level."""
_BURST_SECONDS = 10.0
_TIMED, _IN_BURSTS = 0.8, 0.3
"""Share of the names with a time, and of the pictures in a burst, from which on bursts are proposed."""
_SHOWN = 6
_MOST_COLUMNS = 3
_MOST_CLASSES = 100
"""Classes that are looked into one by one."""
_AROUND: dict[GroupKind, Callable[[Sequence[Path], Sequence[Path], Path], list[Names]]] = {
    "above": folders_above,
    "folder": subfolders_of,
}
_WHERE = {"above": "above the classes", "folder": "below the classes"}
_SAMPLE, _LEAST_SAMPLE, _RUNS = 20_000, 60, 10
"""Pictures to look at in all, and at least of each class and subset; and the runs they are taken from."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Groups that are likely meant.

    Attributes:
        rule: Rule that makes them.
        seen: What was seen: "Folders below the classes hold several pictures each, such as patient07".
        which: What belongs together: "the pictures of one patient".
        grouping: The groups.
        pictures: A few pictures of one group.
        sure: Whether the same name is the same group in all classes and subsets; numbers may begin again.
    """

    rule: GroupRule
    seen: str
    which: str
    grouping: Grouping
    pictures: tuple[Path, ...]
    sure: bool = True


def option_of(rule: GroupRule) -> str:
    """A rule as the command line takes it."""
    match rule.kind:
        case "folder" | "above":
            return f"--group {rule.kind}:{rule.level}"
        case "name":
            return f"--group {shlex.quote(f'name:{rule.pattern}')}"
        case "column":
            return f"--group {shlex.quote(f'column:{rule.column}')}"
        case "time":
            return f"--group time:{rule.seconds:g}"
        case _:
            return "--group none"


def proposals(
    paths: Sequence[Path], places: Sequence[Place], class_folders: Sequence[Path], folder: Path
) -> list[Proposal]:
    """Find what may name groups in the paths alone, the most likely first; one of each kind at most.

    Args:
        paths: Paths of all pictures.
        places: Label and subset of each.
        class_folders: Folders that stand for a class.
        folder: Data folder.
    """
    found = []
    chosen = _sample(places)
    some, where = [paths[number] for number in chosen], [places[number] for number in chosen]
    for kind, around in _AROUND.items():
        if level := _level(around(some, class_folders, folder), where):
            rule = GroupRule(kind=kind, level=level)
            found.append(_by_folder(rule, paths, class_folders, folder))
    names = [path.name for path in some]
    if sum(time_in_name(name) is not None for name in names) >= _TIMED * len(names):
        found += _by_time(paths)
    elif field := repeating_field(names, where) or _in_one_class(names, where):
        found.append(_by_name(field, paths, class_folders, folder))
    return found


def by_columns(
    paths: Sequence[Path],
    places: Sequence[Place],
    class_folders: Sequence[Path],
    folder: Path,
    cancel: CancelToken,
) -> list[Proposal]:
    """Find columns of tables beside the pictures that name groups, the closest ties first.

    Args:
        paths: Paths of all pictures.
        places: Label and subset of each.
        class_folders: Folders that stand for a class.
        folder: Data folder.
        cancel: Token checked at every file and row.

    Raises:
        Cancelled: The user cancelled.
    """
    found = []
    labels = [label for label, _part in places]
    for column in group_columns(paths, labels, class_folders, folder, cancel)[:_MOST_COLUMNS]:
        rule = GroupRule(kind="column", column=column)
        grouping = groups_of(paths, class_folders, folder, rule, cancel.check)
        pictures = tuple(paths[number] for number in _first_group(grouping))
        seen = f"Column {printable(column)} of a table beside the pictures repeats"
        which = f"the pictures of one {word_of_title(column)}"
        found.append(Proposal(rule, seen, which, grouping, pictures))
    return found


def _in_one_class(names: Sequence[str], places: Sequence[Place]) -> NameField | None:
    """What names say by a word, such as "person12", in one class only: others are named in another way."""
    labels = sorted({label for label, _part in places})
    for label in labels if len(labels) <= _MOST_CLASSES else ():
        own = [number for number, place in enumerate(places) if place[0] == label]
        field = repeating_field([names[number] for number in own], [places[number] for number in own])
        if field is not None and field.word:
            return field
    return None


def _sample(places: Sequence[Place]) -> list[int]:
    """Choose pictures that show how all are named: for each class and subset some runs of neighbours."""
    blocks = []
    start = 0
    for _place, members in groupby(places):
        size = sum(1 for _ in members)
        blocks.append(range(start, start + size))
        start += size
    most = max(_LEAST_SAMPLE, _SAMPLE // max(len(blocks), 1))
    chosen: list[int] = []
    for block in blocks:
        if len(block) <= most:
            chosen += block
            continue
        run = most // _RUNS
        for number in range(_RUNS):
            first = number * (len(block) - run) // (_RUNS - 1)
            chosen += block[first : first + run]
    return chosen


def _level(inside: Sequence[tuple[str, ...]], places: Sequence[Place]) -> int:
    """The first level whose folders hold several pictures each, and are several; 0 for none."""
    for level in range(1, _MOST_LEVELS + 1):
        if sum(len(folders) >= level for folders in inside) < _MOST_IN_FOLDERS * len(inside):
            return 0
        joined = {folders: "/".join(folders[:level]) for folders in set(inside)}
        if is_shared([joined[folders] for folders in inside], places):
            return level
    return 0


def _by_folder(
    rule: GroupRule, paths: Sequence[Path], class_folders: Sequence[Path], folder: Path
) -> Proposal:
    grouping = groups_of(paths, class_folders, folder, rule)
    pictures = tuple(paths[number] for number in _first_group(grouping))
    inside = _AROUND[rule.kind](pictures[:1], class_folders, folder)[0][: rule.level]
    example = printable("/".join(inside))
    seen = f"Folders {_WHERE[rule.kind]} hold several pictures each, such as {example}"
    which = f"the pictures of one {group_word(inside[-1]) or 'folder'}"
    return Proposal(rule, seen, which, grouping, pictures, not inside[-1].isdecimal())


def _by_name(
    field: NameField, paths: Sequence[Path], class_folders: Sequence[Path], folder: Path
) -> Proposal:
    rule = GroupRule(kind="name", pattern=field.pattern)
    grouping = groups_of(paths, class_folders, folder, rule)
    pictures = tuple(paths[number] for number in _first_group(grouping))
    example = printable(field.example)
    seen = f"File names share a part, such as {example} in {printable(pictures[0].name)}"
    found = re.search(field.pattern, pictures[0].name)
    if found is None or found.group(1) != field.example:
        seen = f"File names share a part, such as {example}"
    which = (
        f"the pictures of one {field.word}" if field.word else f"pictures that share a name like {example}"
    )
    return Proposal(rule, seen, which, grouping, pictures, bool(field.word))


def _by_time(paths: Sequence[Path]) -> list[Proposal]:
    times = [time_in_name(path.name) for path in paths]
    grouping = Grouping(bursts(times, _BURST_SECONDS), sum(time is None for time in times))
    if len(grouping.sizes) < 2 or int(grouping.sizes.sum()) < _IN_BURSTS * len(times):
        return []
    pictures = tuple(paths[number] for number in _first_group(grouping))
    names = " and ".join(printable(path.name) for path in pictures[:2])
    seen = f"File names say that pictures were taken within {_BURST_SECONDS:g} s, such as {names}"
    rule = GroupRule(kind="time", seconds=_BURST_SECONDS)
    return [Proposal(rule, seen, "the pictures of one burst", grouping, pictures)]


def _first_group(grouping: Grouping) -> list[int]:
    """A few pictures of the first group of several."""
    values, counts = np.unique(grouping.roots, return_counts=True)
    several = values[counts > 1]
    members: list[int] = np.flatnonzero(grouping.roots == several[0]).tolist() if len(several) else [0]
    return members[:_SHOWN]
