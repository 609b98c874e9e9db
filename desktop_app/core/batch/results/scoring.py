"""How often a model is right, where the folders of the pictures are named after its classes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.batch.results.folder_classes import FolderClasses
from desktop_app.core.classify.confusion import Confusion
from desktop_app.core.foundation.text import counted, natural_key, percent, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.batch.job.reader import JobReader
    from desktop_app.core.batch.results.folder_classes import Folder

TOP = 5
_SHOWN = 5


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
        top: The k of top-k accuracy: 5, or fewer if the job keeps fewer or the model has no more classes.
        pictures: The number of classified pictures in folders of classes.
        outside: The number of classified pictures in other folders, which do not count.
        folders: The names of the folders of classes, each once a folder.
        other_folders: The names of the folders with classified pictures that are named after no class.
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
    folders: tuple[str, ...] = ()
    other_folders: tuple[str, ...] = ()

    @property
    def accuracy(self) -> float:
        """Share of the pictures that were classified correctly, 0..1."""
        return self.correct / self.pictures

    @property
    def top_accuracy(self) -> float:
        """Share of the pictures whose class is among the best, 0..1."""
        return self.among_top / self.pictures

    @property
    def doubt(self) -> str:
        """Why the folders' names may not be the true classes, as a sentence; empty where all name one.

        Folders of months are named 1 to 12, and nine of them like digits.
        """
        if not self.other_folders:
            return ""
        count = len(self.folders)
        all_of_them = count + len(self.other_folders)
        return (
            f"Only {count:,} of {counted(all_of_them, 'folder')} {'is' if count == 1 else 'are'} named after "
            f"classes: {_some(self.folders)}, but not {_some(self.other_folders)}."
        )

    @property
    def sentence(self) -> str:
        """The figures in words, and on what they rest."""
        folders = int((self.confusion.pictures > 0).sum())
        balanced = f"balanced accuracy {percent(self.confusion.balanced_accuracy)}, "
        words = f"{balanced}accuracy" if self.confusion.out_of_balance else "accuracy"
        words += f" {percent(self.accuracy)}"
        if self.top > 1:
            words += f" (top {self.top}: {percent(self.top_accuracy)})"
        where = f"the folder{'' if folders == 1 else 's'} of {counted(folders, 'class', 'classes')}"
        words += f" on {counted(self.pictures, 'picture')} in {where}"
        if self.outside:
            words += f"; {counted(self.outside, 'other does', 'others do')} not count"
        if self.doubt:
            return f"{self.doubt} If these names are the true classes: {words}."
        return f"{words[0].upper()}{words[1:]}."


def score(reader: JobReader) -> Scores | None:
    """Compare the predictions with the names of the folders, where one of several classes is right.

    `FolderClasses` says which class a folder is named after.

    Returns:
        None unless the classified pictures lie in folders of at least two classes.
    """
    if reader.spec.task != "classification":
        return None
    folders = FolderClasses(reader.spec, lambda: _all_folders(reader))
    pairs: Counter[tuple[int, int]] = Counter()
    correct = among_top = outside = 0
    # With as many as there are classes, every answer would be among them.
    top = max(min(TOP, reader.spec.top, len(reader.spec.classes) - 1), 1)
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
    named, others = folders.matched()
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
        folders=tuple(named),
        other_folders=tuple(others),
    )


def why_no_scores(reader: JobReader) -> str:
    """Say why pictures in folders of labels are not compared with them.

    Returns:
        A sentence; empty where `score` compares, or where no two folders are named after labels.
    """
    if reader.spec.task != "multi-label":
        return ""
    folders = FolderClasses(reader.spec, lambda: _all_folders(reader))
    if len({folders.class_of(folder) for folder in _all_folders(reader)} - {-1}) < 2:
        return ""
    return (
        "The folders' names are not compared with the predictions: a folder names one label, and a picture "
        "can have several."
    )


def _all_folders(reader: JobReader) -> set[Folder]:
    return {folder for answers in reader.answers(1) for folder in answers.folders}


def _some(names: Sequence[str]) -> str:
    """Join names, five at most: "1, 2, 3, 4, 5 and 4 more"."""
    ordered = sorted((printable(name) for name in names), key=natural_key)
    more = len(ordered) - _SHOWN
    *first, last = ordered[:_SHOWN] if more <= 0 else [*ordered[:_SHOWN], f"{more:,} more"]
    return f"{', '.join(first)} and {last}" if first else last


def most_frequent_mistake(confusion: Confusion, names: Sequence[str]) -> str:
    """Put the commonest pair into words."""
    if not len(confusion.counts):
        return "No mistakes."
    ((truth, predicted),) = confusion.most_confused(1)
    of = counted(int(confusion.pictures[truth]), "picture")
    mistaken = f"{names[truth]} mistaken for {names[predicted]}"
    return f"Most frequent mistake: {mistaken} ({confusion.count(truth, predicted):,} of {of})."
