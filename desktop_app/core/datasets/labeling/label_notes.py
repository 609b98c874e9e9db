"""What is to be said about labels in a file: where they come from, and what could not be used."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from desktop_app.core.datasets.annotations.labels_of_pictures import CONTRADICTION, SEVERAL
from desktop_app.core.datasets.report import PART_NAMES
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.foundation.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from desktop_app.core.datasets.annotations.label_source import LabelSource
    from desktop_app.core.datasets.layout.layout import UnlabeledFolder

_MOST_NAMES = 3


def notes(source: LabelSource, count: int, *, added: int | None = None) -> tuple[str, ...]:
    """Say where labels come from, and which rows could not be used.

    Args:
        source: The labels.
        count: Number of all pictures.
        added: Number of pictures that get their label from there, if class folders give the others.
    """
    where = f"Labels from {source.named}, {source.columns.named}"
    if added is None:
        first = f"{where}: {source.labeled:,} of {counted(count, 'picture')} have one."
    else:
        first = f"{where}, for {counted(added, 'picture')} outside the class folders."
    lines = [first]
    for file in source.files:
        name, unit, rows = printable(file.path.name), file.table.unit, file.rows
        if file.table.remark:
            lines.append(file.table.remark)
        if file.loose:
            lines.append(f"{name} writes the names of the pictures in another way; check a few labels.")
        if rows.missing:
            lines.append(
                f"Pictures of {name} that are not there: {_some(rows.missing, rows.missing_names, unit)}."
            )
        if rows.ambiguous:
            some = _some(rows.ambiguous, rows.ambiguous_names, unit)
            lines.append(f"Names in {name} that fit several pictures, so they were not used: {some}.")
    return (*lines, *_alike(source))


def reasons_of(source: LabelSource) -> Callable[[int], Reason]:
    """Make a function from the index of a picture without a label to the reason.

    Args:
        source: The labels.
    """
    name = printable(source.path.name)
    reasons: dict[int, Reason] = {}
    for file, reading in zip(source.files, source.readings, strict=True):
        own, unit = printable(file.path.name), file.table.unit
        for index, (one, other, row) in reading.contradictions.items():
            labels = f"'{printable(one)}' and, in {unit} {row:,}, '{printable(other)}'"
            reasons[index] = _contradiction(own, labels)
        for index, (several, row) in reading.several.items():
            shown = ", ".join(printable(label) for label in several[:_MOST_NAMES])
            reasons[index] = _several(own, f" in {unit} {row:,}: {shown}")
    others = {CONTRADICTION: _contradiction(name), SEVERAL: _several(name)}
    missing = Reason(f"{name} has no label for this picture.", "Add its row to use it.")

    def reason(index: int) -> Reason:
        return reasons.get(index) or others.get(int(source.labels[index]), missing)

    return reason


def about_unlabeled(entry: UnlabeledFolder, folder: Path) -> str:
    """Say that the pictures of a folder are not used.

    Args:
        entry: The folder.
        folder: The data folder.
    """
    part = f" ({PART_NAMES[entry.part]})" if entry.part else ""
    verb = "has" if entry.pictures == 1 else "have"
    return (
        f"{counted(entry.pictures, 'picture')} in '{inside_of(entry.path, folder)}'{part} {verb} no labels: "
        "not used, and no accuracy is measured on them."
    )


def inside_of(path: Path, folder: Path) -> str:
    """A path in the data folder, as sentences name it.

    Args:
        path: The path.
        folder: The data folder.
    """
    return printable(path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path))


def _contradiction(name: str, labels: str = "two different labels") -> Reason:
    return Reason(f"{name} contradicts itself: {labels}.", "Keep one row for the picture.")


def _several(name: str, where: str = "") -> Reason:
    return Reason(
        f"{name} gives this picture several labels{where}.",
        "Keep one, or check the data again with --several-labels all or first.",
    )


def _alike(source: LabelSource) -> Iterator[str]:
    """Say which labels differ only in upper and lower case or in spaces: they may be one class."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name, _count in source.counts():
        groups["".join(name.casefold().replace("_", " ").replace("-", " ").split())].append(name)
    some = [
        " and ".join(f"'{printable(name)}'" for name in group) for group in groups.values() if len(group) > 1
    ]
    if some:
        more = f", and {len(some) - _MOST_NAMES} more pairs" if len(some) > _MOST_NAMES else ""
        yield f"Different classes in {source.named}, though alike: {', '.join(some[:_MOST_NAMES])}{more}."


def _some(count: int, names: Sequence[tuple[str, int]], unit: str) -> str:
    example, row = names[0]
    return f"{count:,}, such as {printable(example)} in {unit} {row:,}"
