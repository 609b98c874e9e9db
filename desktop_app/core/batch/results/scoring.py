"""How often a model is right, where the folders of the pictures are named after its classes."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.classify.confusion import Confusion
from desktop_app.core.foundation.text import counted, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.batch.job.reader import JobReader
    from desktop_app.core.batch.job.spec import JobSpec

TOP = 5


@dataclass(frozen=True, slots=True)
class Scores:
    """The accuracy of a model on a job.

    Attributes:
        classes: The indices of the classes that have folders or were predicted; their
            order is that of the matrix.
        names: The readable names of these classes.
        confusion: The counts of pictures by folder and prediction.
        mistake: The most frequent mistake, as a sentence.
        correct: The number of pictures whose most probable class is that of their folder.
        among_top: The number of pictures whose class is among the ``top`` most probable.
        top: The k of top-k accuracy: 5, or fewer if the job keeps fewer.
        pictures: The number of classified pictures in folders of classes.
        outside: The number of classified pictures in other folders, which do not count.
    """

    classes: tuple[int, ...]
    names: tuple[str, ...]
    confusion: Confusion
    mistake: str
    correct: int
    among_top: int
    top: int
    pictures: int
    outside: int

    @property
    def accuracy(self) -> float:
        """Share of the pictures that were classified correctly, 0..1."""
        return self.correct / self.pictures

    @property
    def top_accuracy(self) -> float:
        """Share of the pictures whose class is among the best, 0..1."""
        return self.among_top / self.pictures

    @property
    def sentence(self) -> str:
        """The figures in words."""
        folders = int((self.confusion.pictures > 0).sum())
        balanced = f"Balanced accuracy {percent(self.confusion.balanced_accuracy)}, "
        words = f"{balanced}accuracy" if self.confusion.out_of_balance else "Accuracy"
        words += f" {percent(self.accuracy)}"
        if self.top > 1:
            words += f" (top {self.top}: {percent(self.top_accuracy)})"
        where = f"the folder{'' if folders == 1 else 's'} of {counted(folders, 'class', 'classes')}"
        words += f" on {counted(self.pictures, 'picture')} in {where}"
        if self.outside:
            words += f"; {counted(self.outside, 'other does', 'others do')} not count"
        return f"{words}."


def score(reader: JobReader) -> Scores | None:
    """Compare the predictions with the names of the folders.

    A picture's class is that of the nearest folder, between it and its source, which has the id or the
    readable name of a class, whatever the case.

    Returns:
        None unless the classified pictures lie in folders of at least two classes.
    """
    folders = _Folders(reader.spec)
    pairs: Counter[tuple[int, int]] = Counter()
    correct = among_top = outside = 0
    top = min(TOP, reader.spec.top, len(reader.spec.classes))
    for answers in reader.answers(top):
        truths = np.array([folders.class_of(folder) for folder in answers.folders], np.int64)
        inside = truths >= 0
        outside += int(np.count_nonzero(~inside))
        truths, classes = truths[inside], answers.classes[inside]
        pairs.update(zip(truths.tolist(), classes[:, 0].tolist(), strict=True))
        hits = classes == truths[:, np.newaxis]
        correct += int(np.count_nonzero(hits[:, 0]))
        among_top += int(np.count_nonzero(hits.any(axis=1)))
    if len({truth for truth, _ in pairs}) < 2:
        return None
    classes_met = tuple(sorted({place for pair in pairs for place in pair}))
    names = tuple(reader.spec.classes[place].readable for place in classes_met)
    order = {place: number for number, place in enumerate(classes_met)}
    cells = np.array([(order[truth], order[answer], count) for (truth, answer), count in pairs.items()])
    truths, answers, counts = cells[np.lexsort((cells[:, 1], cells[:, 0]))].T
    confusion = Confusion.of_cells(truths, answers, counts, len(order))
    return Scores(
        classes=classes_met,
        names=names,
        confusion=confusion,
        mistake=most_frequent_mistake(confusion, names),
        correct=correct,
        among_top=among_top,
        top=top,
        pictures=sum(pairs.values()),
        outside=outside,
    )


def most_frequent_mistake(confusion: Confusion, names: Sequence[str]) -> str:
    """Put the commonest pair into words."""
    if not len(confusion.counts):
        return "No mistakes."
    ((truth, predicted),) = confusion.most_confused(1)
    of = counted(int(confusion.pictures[truth]), "picture")
    mistaken = f"{names[truth]} mistaken for {names[predicted]}"
    return f"Most frequent mistake: {mistaken} ({confusion.count(truth, predicted):,} of {of})."


class _Folders:
    """Knows the classes of folders; asks about each folder once."""

    def __init__(self, spec: JobSpec) -> None:
        labels = Counter(_plain(entry.readable) for entry in spec.classes)
        self._names = {
            _plain(entry.readable): place
            for place, entry in enumerate(spec.classes)
            if labels[_plain(entry.readable)] == 1  # only ids tell two classes of the same name apart
        }
        self._names |= {_plain(entry.class_id): place for place, entry in enumerate(spec.classes)}
        self._sources = [Path(source) for source in spec.sources]
        self._known: dict[tuple[int, bytes], int] = {}

    def class_of(self, folder: tuple[int, bytes]) -> int:
        """The class of the pictures in a folder of a source; -1 when they have none."""
        if folder not in self._known:
            source, name = folder
            self._known[folder] = self._look_up(self._sources[source], Path(os.fsdecode(name)))
        return self._known[folder]

    def _look_up(self, root: Path, folder: Path) -> int:
        if not folder.is_relative_to(root):  # the source is the picture itself
            return -1
        names = reversed(folder.relative_to(root).parts)
        return next((self._names[_plain(name)] for name in names if _plain(name) in self._names), -1)


def _plain(name: str) -> str:
    return name.replace("_", " ").strip().casefold()
