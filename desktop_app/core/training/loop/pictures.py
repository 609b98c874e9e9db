"""The pictures of a run: how they are split, and their pixels."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.datasets.corrections.checking import examine_corrected
from desktop_app.core.datasets.corrections.store import write_applied
from desktop_app.core.datasets.decided import decisions_line
from desktop_app.core.datasets.examine import doctor
from desktop_app.core.datasets.examine.presence import PUT_BACK, Presence
from desktop_app.core.datasets.pipeline.batches import Batches
from desktop_app.core.datasets.pipeline.copies import Copies
from desktop_app.core.datasets.pipeline.picture_store import fill, fill_features
from desktop_app.core.datasets.problem_groups import grouped
from desktop_app.core.datasets.question import DatasetQuestion
from desktop_app.core.datasets.report import DatasetError, FileProblem
from desktop_app.core.datasets.splits.split import class_weights, positive_weights, split_examples
from desktop_app.core.datasets.splits.split_file import read_split, write_split
from desktop_app.core.foundation.errors import Cancelled, Reason
from desktop_app.core.foundation.text import counted, printable
from desktop_app.core.networks.memory_need import require_memory
from desktop_app.core.training.loop.endings import GateToken
from desktop_app.core.training.recipes.shortage import caution, shortage
from desktop_app.core.training.records.events import Preparing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import keras
    from numpy.typing import NDArray

    from desktop_app.core.datasets.pipeline.arrays import FeatureStore, PictureStore
    from desktop_app.core.datasets.question import Question
    from desktop_app.core.datasets.report import DatasetReport, Part, ScanProgress
    from desktop_app.core.datasets.splits.split_file import Split
    from desktop_app.core.training.loop.session import Session

_OTHER_LABELS = {
    "classification": (
        "The run is to learn several labels at once, but the data give each picture one.",
        "Start a new run, and choose how the data are read.",
    ),
    "multi-label": (
        "The run is to learn one class for each picture, but the data give several labels at once.",
        "Start a new run, and choose how the data are read.",
    ),
}

_RESUME = "Put it back, or connect the disk that it is on; then resume this run."


def find_split(session: Session) -> Split:
    """Check the data with the user's corrections and write down the split, or read an earlier one.

    Raises:
        DatasetError: The data cannot be trained on.
        Cancelled, Interrupted, Stopped: As the gate says.
    """
    if session.run.split_file.exists():
        return read_split(session.run.split_file)
    config = session.record.config
    report = _examined(session)
    if session.task.several != (report.combinations is not None):
        raise DatasetError(*_OTHER_LABELS[report.task])
    missing = shortage(session.recipe, report)
    if missing is not None:
        raise DatasetError(missing.text, missing.advice)
    _warn_of(report, session)
    split = split_examples(
        report, validation=config.validation_split, test=config.test_split, seed=session.values.seed
    )
    for note in split.notes:
        session.warn(note)
    if report.corrected:
        session.note(corrections=report.corrected)
        write_applied(report, session.run.corrections_file)
    write_split(split, session.run.split_file)
    return split


def _examined(session: Session) -> DatasetReport:
    config = session.record.config

    def tell(progress: ScanProgress) -> None:
        session.emit(Preparing(progress.message, progress.done, progress.total))

    try:
        examine = examine_corrected if config.corrections else doctor.examine
        report = examine(
            config.data, answers=config.answers, cancel=GateToken(session.gate), on_progress=tell
        )
    except Cancelled:
        session.gate.check()
        raise
    except DatasetQuestion as error:
        raise _undecided(error.question) from error
    if report.required_question is not None:
        raise _undecided(report.required_question)
    return report


def _undecided(question: Question) -> DatasetError:
    """What ends a run that was started before somebody answered a question about its data."""
    return DatasetError(
        f"{question.reason} {question.text}".strip(), "Start a new run, and choose how the data are read."
    )


def _warn_of(report: DatasetReport, session: Session) -> None:
    for warning in report.remarks:
        session.warn(warning)
    for question in report.questions:
        if question.standing:
            session.warn(question.standing)
    if line := decisions_line(report.answers):
        session.journal.note(f"How the data are read: {line}")
    if session.recipe.least > 1 and (few := caution(report)):
        session.warn(few)
    for problem in report.problems:
        session.journal.note(f"Skipped: {printable(str(problem.path))}: {problem.reason.text}")
    if report.problems:
        session.warn(_left_out(len(report.problems)))


@dataclass(eq=False)
class Pictures:
    """Pixels and labels of a run, in the order of its split.

    Attributes:
        store: Pixels of the pictures.
        paths: Paths ``(N,)``.
        labels: Classes, int64 ``(N,)``; rows of ``table`` where there is one.
        indices: Rows of the readable pictures of each split.
        classes: Names in label order.
        features: Features that a backbone computed from the pictures, once they were requested.
        views: Rows of the features of each training picture and of its changed copies, ``(n, 1 + copies)``;
            None without copies.
        table: Where pictures have several labels at once: ones for those of each combination, uint8
            ``(combinations, classes)``. None where each picture has one class.
    """

    store: PictureStore
    paths: tuple[Path, ...]
    labels: NDArray[np.int64]
    indices: dict[Part, NDArray[np.int64]]
    classes: tuple[str, ...]
    features: FeatureStore | None = None
    views: NDArray[np.int64] | None = None
    table: NDArray[np.uint8] | None = None

    def truth(self, rows: NDArray[np.int64]) -> NDArray[Any]:
        """What some pictures show: classes int64 ``(n,)``, or ones for the labels, uint8 ``(n, classes)``."""
        labels = self.labels[rows]
        return labels if self.table is None else self.table[labels]

    def counts(self, part: Part) -> NDArray[np.int64]:
        """Number of readable pictures of each class in a split, int64 ``(classes,)``."""
        labels = self.labels[self.indices[part]]
        if self.table is None:
            return np.bincount(labels, minlength=len(self.classes)).astype(np.int64)
        occurring = np.bincount(labels, minlength=len(self.table))
        return np.asarray(occurring @ self.table.astype(np.int64), np.int64)

    def count(self, part: Part) -> int:
        """Number of readable pictures in a split."""
        return len(self.indices[part])

    def compute_features(self, session: Session, backbone: keras.Model) -> None:
        """Compute a backbone's features of every picture, to train and evaluate a head on them.

        Of the training pictures also those of changed copies, where the hyper-parameters say so.

        Raises:
            MemoryError: There is too little memory to compute them.
            StorageError: The features fit neither into memory nor on the disk.
            Cancelled, Interrupted, Stopped: As the gate says.
        """
        values = session.values
        require_memory(backbone, values.batch_size)
        copies = None
        if values.copies and values.augmentation.any and self.count("train"):
            copies = Copies(self.indices["train"], values.copies, values.augmentation, values.seed)

        def tell(done: int, total: int) -> None:
            session.emit(Preparing("Computing features", done, total))

        self.features = fill_features(
            self.store,
            backbone,
            preprocessing=session.recipe.preprocessing,
            channels=session.recipe.channels,
            batch_size=values.batch_size,
            folder=session.scratch,
            on_progress=tell,
            copies=copies,
            check=session.gate.check,
        )
        self.views = None if copies is None else copies.views(len(self.store))

    def close(self) -> None:
        """Release the features; whoever read the pictures releases those."""
        if self.features is not None:
            self.features.close()

    def batches(
        self, session: Session, part: Part, outputs: int, *, on_features: bool = False
    ) -> Batches | None:
        """Make the batches of a split; None when it is empty.

        Args:
            session: The run, with its recipe and hyper-parameters.
            part: Split; the training split is weighted where the hyper-parameters say so.
            outputs: Number of outputs of the network.
            on_features: Whether batches have the computed features in place of the pictures.
        """
        if not self.count(part):
            return None
        values, recipe = session.values, session.recipe
        labels = self.labels[self.indices[part]]
        weights = None
        if part == "train" and values.class_weights:
            weights = self._weights(labels)
        features = self.features if on_features else None
        return Batches(
            self.store if features is None else features,
            self.indices[part],
            labels,
            class_count=len(self.classes),
            outputs=outputs,
            batch_size=values.batch_size,
            seed=values.seed,
            preprocessing=recipe.preprocessing,
            channels=recipe.channels,
            augmentation=values.augmentation,
            weights=weights,
            views=self.views if part == "train" and features is not None else None,
            table=self.table,
        )

    def _weights(self, labels: NDArray[np.int64]) -> NDArray[np.float32]:
        if self.table is None:
            return class_weights(labels, len(self.classes))
        return positive_weights(self.counts("train"), len(labels))


@contextlib.contextmanager
def loaded(
    session: Session, split: Split, height: int, width: int, *, to_train: bool = True
) -> Iterator[Pictures]:
    """Read the pictures of a run for the duration of the body; unreadable ones are skipped.

    Args:
        session: The run.
        split: Split of its pictures.
        height: Height of the network's input, in pixels.
        width: Width of the network's input, in pixels.
        to_train: Whether the training split is needed too.

    Raises:
        DatasetError: The data folder is missing or vanishes, or too few pictures are left to train on.
        Cancelled, Interrupted, Stopped: As the gate says.
    """
    presence = Presence(split.folder, _RESUME if session.checkpoints.exists else PUT_BACK)
    rows = [row for row in split.rows if to_train or row.part != "train"]
    paths = tuple(row.path for row in rows)
    session.scratch.mkdir(parents=True, exist_ok=True)
    bad: list[FileProblem] = []

    def leave_out(path: Path, reason: str) -> None:
        presence.check("its pictures were read")
        bad.append(FileProblem(path, Reason(reason)))
        session.journal.note(f"{printable(str(path))} is skipped: {reason}")

    def tell(done: int, total: int) -> None:
        session.emit(Preparing("Reading pictures", done, total))

    with fill(
        paths,
        height=height,
        width=width,
        folder=session.scratch,
        on_progress=tell,
        on_bad=leave_out,
        fit=session.recipe.fit,
        crop_share=session.recipe.crop_share,
        reading=session.record.config.answers.pixels,
        check=session.gate.check,
        make_executor=session.make_executor,
    ) as store:
        for group in grouped(bad):
            for sentence in group.sentences(split.folder, "The run's log.txt names each."):
                session.warn(sentence)
        labels = np.array([row.label for row in rows], np.int64)
        table = _table(split)
        indices: dict[Part, NDArray[np.int64]] = {
            part: np.flatnonzero(store.good & np.array([row.part == part for row in rows], bool))
            for part in ("train", "validation", "test")
        }
        if to_train:
            learnt = (
                len(np.unique(labels[indices["train"]])) if table is None else _learnt(labels, indices, table)
            )
            _require_enough(learnt, len(indices["train"]), session.record.config.data, len(bad))
            if table is None:
                _leave_unlearnt(indices, labels)
        with contextlib.closing(
            Pictures(store, paths, labels, indices, split.classes, table=table)
        ) as pictures:
            yield pictures


def _table(split: Split) -> NDArray[np.uint8] | None:
    if split.combinations is None:
        return None
    table = np.zeros((len(split.combinations), len(split.classes)), np.uint8)
    for row, own in enumerate(split.combinations):
        table[row, list(own)] = 1
    return table


def _learnt(
    labels: NDArray[np.int64], indices: dict[Part, NDArray[np.int64]], table: NDArray[np.uint8]
) -> int:
    """Number of labels that training pictures have."""
    return int(table[np.unique(labels[indices["train"]])].any(axis=0).sum())


def _leave_unlearnt(indices: dict[Part, NDArray[np.int64]], labels: NDArray[np.int64]) -> None:
    """Leave out held pictures of classes whose training pictures have all become unreadable."""
    learnt = labels[indices["train"]]
    for part in ("validation", "test"):
        rows = indices[part]
        indices[part] = rows[np.isin(labels[rows], learnt)]


def _require_enough(found: int, pictures: int, data: Path, bad: int) -> None:
    if found < 2:
        left_out = f"; {bad} could not be read" if bad else ""
        raise DatasetError(
            f"Can't train on {printable(str(data))}: its training set has "
            f"{counted(pictures, 'picture')} of {counted(found, 'class', 'classes')}{left_out}.",
            "Check that the pictures are still in their folders, and that there are two classes or more.",
        )


def _left_out(count: int) -> str:
    files = "One file is" if count == 1 else f"{count:,} files are"
    return f"{files} skipped; the run's log.txt names each with its reason."
