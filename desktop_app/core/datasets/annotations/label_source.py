"""Labels of pictures from one file, or from several that are alike, such as one for each subset."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from desktop_app.core.datasets.annotations.header_words import is_index, names_doubt, names_other_things
from desktop_app.core.datasets.annotations.labels_of_pictures import (
    CONTRADICTION,
    NO_LABEL,
    NO_PART,
    SEVERAL,
    Reading,
)
from desktop_app.core.datasets.report import PARTS
from desktop_app.core.foundation.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop_app.core.datasets.annotations.columns import LabelColumns
    from desktop_app.core.datasets.annotations.label_file import LabelFile

Verdict = Literal["labels", "several", "one", "nothing"]
"""``several``: pictures have several labels; ``one``: all have the same; ``nothing``: hardly any has one."""

_MOST_SEVERAL = 0.01
"""Share of pictures with several labels in a cell up to which those pictures alone are skipped."""

_MOST_CONTRADICTIONS = 0.1
"""Share of pictures with several rows of different labels up to which those pictures alone are skipped."""


@dataclass(frozen=True, slots=True)
class LabelSource:
    """Labels by one choice of columns.

    Attributes:
        files: The files, which name different pictures.
        columns: The columns, as the first file has them.
        names: Labels by number, in the order of the rows.
        labels: Number of each picture's label, or a negative mark (`labels_of_pictures`), int32 ``(N,)``.
        parts: Subset of each picture as an index of `PARTS`, or -1, int8 ``(N,)``.
        readings: What each file says.
        sets: Numbers of all labels of each picture that has more than one, in the order of the files.
        combinations: Where pictures have several labels at once: the labels that each of ``names`` stands
            for. None where each picture has one.
        without: Number of pictures that a file names without any label.
    """

    files: tuple[LabelFile, ...]
    columns: LabelColumns
    names: tuple[str, ...]
    labels: NDArray[np.int32]
    parts: NDArray[np.int8]
    readings: tuple[Reading, ...]
    sets: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    combinations: tuple[tuple[str, ...], ...] | None = None
    without: int = 0

    @property
    def path(self) -> Path:
        """The first file."""
        return self.files[0].path

    @property
    def labeled(self) -> int:
        """Number of pictures with one label."""
        return int((self.labels >= 0).sum())

    @property
    def named(self) -> str:
        """The files as sentences name them: "labels.csv", "_classes.csv (3 files)"."""
        name = printable(self.path.name)
        return name if len(self.files) == 1 else f"{name} and {counted(len(self.files) - 1, 'file')} like it"

    @property
    def evident(self) -> bool:
        """Whether nothing else in the files could be meant: by the column's name, or for want of others."""
        columns = self.files[0].columns
        own = {columns.name, columns.part, *self.columns.indices}
        others = [
            title for index, title in enumerate(columns.titles) if index not in own and not is_index(title)
        ]
        aside = any(map(names_other_things, self.columns.titles))
        return not self.doubt and (self.columns.called or not (others or aside))

    @property
    def doubt(self) -> str:
        """Name of a column that says how sure the labels are, as some may be wrong; empty without one."""
        return next(filter(names_doubt, self.files[0].columns.titles), "")

    @property
    def verdict(self) -> Verdict:
        """Whether a network can learn these labels."""
        labeled, several = self.labeled, int((self.labels == SEVERAL).sum())
        contradictions = int((self.labels == CONTRADICTION).sum())
        marked = labeled + several + contradictions
        if several > _MOST_SEVERAL * marked or contradictions > _MOST_CONTRADICTIONS * marked:
            return "several"
        named = sum(int(file.rows.named.sum()) for file in self.files)
        if self.combinations is not None:
            return "labels" if len({name for names in self._present for name in names}) > 1 else "one"
        if not labeled or (self.columns.one_hot and 2 * labeled < named):
            return "nothing"
        return "labels" if len(np.unique(self.labels[self.labels >= 0])) > 1 else "one"

    @property
    def label_names(self) -> tuple[str, ...]:
        """The names of all labels, each once."""
        if self.combinations is None:
            return self.names
        return tuple(dict.fromkeys(name for own in self.combinations for name in own))

    @property
    def _present(self) -> list[tuple[str, ...]]:
        """The combinations of labels that pictures have."""
        assert self.combinations is not None
        return [self.combinations[label] for label in np.unique(self.labels[self.labels >= 0]).tolist()]

    def same_as(self, other: LabelSource) -> bool:
        """Whether both tell the same pictures apart, whatever they call the classes."""
        pairs = np.unique(np.stack([self.labels, other.labels]), axis=1)
        return all(len(np.unique(side)) == len(side) for side in pairs)

    def counts(self) -> list[tuple[str, int]]:
        """Labels with their numbers of pictures, the most frequent first."""
        numbers = np.bincount(self.labels[self.labels >= 0], minlength=len(self.names))
        if self.combinations is not None:
            found: Counter[str] = Counter()
            for names, count in zip(self.combinations, numbers.tolist(), strict=True):
                found.update(dict.fromkeys(names, count))
            return [entry for entry in found.most_common() if entry[1]]
        order = np.argsort(-numbers, kind="stable")
        return [(self.names[index], int(numbers[index])) for index in order if numbers[index]]


def sources_of(files: Sequence[LabelFile], only: tuple[Path, str] | None = None) -> list[LabelSource]:
    """Put files that are alike and name different pictures together, and list their choices of columns.

    Args:
        files: All files that name pictures.
        only: File and columns (`LabelColumns.key`, or nothing for the likeliest) that an answer names.

    Returns:
        The sources, those of outer files and the likeliest columns first.
    """
    found = []
    for group in _groups(files):
        if only is not None and only[0] not in {file.path for file in group}:
            continue
        for reading in group[0].rows.readings:
            key = reading.columns.key
            readings = [_reading(file, key) for file in group]
            if (only is None or only[1] in {"", key}) and None not in readings:
                found.append(_source(group, [entry for entry in readings if entry is not None]))
    return found


def distinct(sources: Sequence[LabelSource]) -> list[LabelSource]:
    """Leave out what tells the same pictures apart as one before."""
    found: list[LabelSource] = []
    for source in sources:
        if not any(source.same_as(other) for other in found):
            found.append(source)
    return found


def _reading(file: LabelFile, key: str) -> Reading | None:
    return next((reading for reading in file.rows.readings if reading.columns.key == key), None)


def _groups(files: Sequence[LabelFile]) -> list[list[LabelFile]]:
    groups: list[list[LabelFile]] = []
    for file in files:
        for group in groups:
            if _signature(group[0]) == _signature(file) and not any(
                (file.rows.named & other.rows.named).any() for other in group
            ):
                group.append(file)
                break
        else:
            groups.append([file])
    return groups


def _signature(file: LabelFile) -> tuple[object, ...]:
    columns = file.columns
    titles = tuple(title.casefold() for title in columns.titles)
    return titles or (columns.name, *(choice.key for choice in columns.choices))


def _source(files: Sequence[LabelFile], readings: Sequence[Reading]) -> LabelSource:
    count = len(readings[0].labels)
    labels = np.full(count, NO_LABEL, np.int32)
    parts = np.full(count, NO_PART, np.int8)
    numbers: dict[str, int] = {}
    sets: dict[int, tuple[int, ...]] = {}
    named = np.zeros(count, np.bool_)
    for file, reading in zip(files, readings, strict=True):
        new = np.array([numbers.setdefault(name, len(numbers)) for name in reading.names], np.int32)
        own = reading.labels >= 0
        labels[own] = new[reading.labels[own]]
        marked = reading.labels < NO_LABEL
        labels[marked] = reading.labels[marked]
        sets |= {index: tuple(new[list(own)].tolist()) for index, own in reading.sets.items()}
        named |= file.rows.named
        given = file.rows.named & (file.rows.parts == NO_PART)
        parts[given] = NO_PART if file.part is None else PARTS.index(file.part)
        stated = file.rows.parts != NO_PART
        parts[stated] = file.rows.parts[stated]
    return LabelSource(
        tuple(files),
        readings[0].columns,
        tuple(numbers),
        labels,
        parts,
        tuple(readings),
        sets,
        without=int((named & (labels == NO_LABEL)).sum()),
    )
