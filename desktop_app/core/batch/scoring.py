"""How often a model is right, where the folders of the pictures are named after its classes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.batch.rows import Status
from desktop_app.core.phrases import counted, percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from desktop_app.core.batch.reader import JobReader
    from desktop_app.core.batch.rows import Row
    from desktop_app.core.batch.spec import JobSpec

TOP = 5


@dataclass(frozen=True, slots=True)
class Scores:
    """What a job says about its model.

    Attributes:
        classes: Places, in the network's outputs, of the classes that have folders or were answered; their
            order is that of the matrix.
        names: Their readable names.
        confusion: int64 ``(classes, classes)``: the row is the folder, the column the answer.
        correct: Pictures whose most probable class is that of their folder.
        among_top: Pictures whose class is among the ``top`` most probable.
        top: 5, or fewer where the job keeps fewer.
        pictures: Answered pictures in folders of classes.
        outside: Answered pictures in other folders; they do not count.
    """

    classes: tuple[int, ...]
    names: tuple[str, ...]
    confusion: NDArray[np.int64]
    correct: int
    among_top: int
    top: int
    pictures: int
    outside: int

    @property
    def accuracy(self) -> float:
        """Part of the pictures that were named rightly, 0..1."""
        return self.correct / self.pictures

    @property
    def top_accuracy(self) -> float:
        """Part of the pictures whose class is among the best, 0..1."""
        return self.among_top / self.pictures

    @property
    def sentence(self) -> str:
        """The figures in words."""
        folders = int((self.confusion.sum(axis=1) > 0).sum())
        words = f"Accuracy {percent(self.accuracy)}"
        if self.top > 1:
            words += f" (top {self.top}: {percent(self.top_accuracy)})"
        where = f"the folder{'' if folders == 1 else 's'} of {counted(folders, 'class', 'classes')}"
        words += f" on {counted(self.pictures, 'picture')} in {where}"
        if self.outside:
            words += f"; {counted(self.outside, 'other does', 'others do')} not count"
        return f"{words}."


def score(reader: JobReader) -> Scores | None:
    """Compare the answers with the names of the folders.

    A picture's class is that of the nearest folder, between it and its source, which has the id or the
    readable name of a class, whatever the case.

    Returns:
        None unless the answered pictures lie in folders of at least two classes.
    """
    folders = _Folders(reader.spec)
    pairs: Counter[tuple[int, int]] = Counter()
    correct = among_top = outside = 0
    top = min(TOP, reader.spec.top, len(reader.spec.classes))
    places = {entry.class_id: index for index, entry in enumerate(reader.spec.classes)}
    for row in reader.select():
        if row.status is not Status.DONE or row.prediction is None:
            continue
        truth = folders.class_of(row)
        if truth is None:
            outside += 1
            continue
        answers = [places[entry.class_id] for entry in row.prediction.labels[:top]]
        pairs[truth, answers[0]] += 1
        correct += answers[0] == truth
        among_top += truth in answers
    if len({truth for truth, _ in pairs}) < 2:
        return None
    classes = tuple(sorted({place for pair in pairs for place in pair}))
    order = {place: number for number, place in enumerate(classes)}
    confusion = np.zeros((len(classes), len(classes)), np.int64)
    for (truth, answer), count in pairs.items():
        confusion[order[truth], order[answer]] = count
    return Scores(
        classes=classes,
        names=tuple(reader.spec.classes[place].readable for place in classes),
        confusion=confusion,
        correct=correct,
        among_top=among_top,
        top=top,
        pictures=sum(pairs.values()),
        outside=outside,
    )


class _Folders:
    """Knows the classes of folders; asks about each folder once."""

    def __init__(self, spec: JobSpec) -> None:
        labels = Counter(_plain(entry.label) for entry in spec.classes)
        self._names = {
            _plain(entry.label): place
            for place, entry in enumerate(spec.classes)
            if labels[_plain(entry.label)] == 1  # two classes of the same name can be told by their ids only
        }
        self._names |= {_plain(entry.class_id): place for place, entry in enumerate(spec.classes)}
        self._sources = [Path(source) for source in spec.sources]
        self._known: dict[tuple[int, Path], int | None] = {}

    def class_of(self, row: Row) -> int | None:
        key = (row.source, row.path.parent)
        if key not in self._known:
            self._known[key] = self._look_up(*key)
        return self._known[key]

    def _look_up(self, source: int, folder: Path) -> int | None:
        root = self._sources[source]
        if not folder.is_relative_to(root):  # the source is the picture itself
            return None
        names = reversed(folder.relative_to(root).parts)
        return next((self._names[_plain(name)] for name in names if _plain(name) in self._names), None)


def _plain(name: str) -> str:
    return name.replace("_", " ").strip().casefold()
