"""Finds the pictures of a checked data set whose label is probably wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.datasets.examine.duplicates import join
from desktop_app.core.datasets.groups.grouping import groups_of as grouped
from desktop_app.core.datasets.report import DatasetError, ScanProgress
from desktop_app.core.features.extract import features_of
from desktop_app.core.foundation.ahead import InPlace
from desktop_app.core.label_mistakes.folds import FOLDS
from desktop_app.core.label_mistakes.mistake import LEAST, LabelMistake, LabelMistakes
from desktop_app.core.label_mistakes.out_of_fold import ROUNDS, best_others, out_of_fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop_app.core.datasets.report import DatasetReport, DuplicateGroup, Example
    from desktop_app.core.features.extract import Compute
    from desktop_app.core.foundation.ahead import MakeExecutor

MAX_ODDS = 1.0
"""Probability of the given class over that of the best other one, above which a label is not listed."""


def find_label_mistakes(
    report: DatasetReport,
    *,
    make_compute: Callable[[], Compute],
    cache: Path | None = None,
    on_progress: Callable[[ScanProgress], None] = lambda _progress: None,
    check: Callable[[], None] = lambda: None,
    make_executor: MakeExecutor = InPlace,
) -> LabelMistakes:
    """Compute features, predict each picture from the others, and list the improbable labels.

    Args:
        report: The checked data set, with the user's corrections; pictures that the user has decided about
            are not listed.
        make_compute: Function that loads the network, such as ``partial(extractor, library)``.
        cache: File with features from earlier, such as `core.features.extract.cache_file`.
        on_progress: Callback for the progress.
        check: Callback between steps; what it raises ends the work.
        make_executor: Factory of the executor whose threads read pictures.

    Raises:
        DatasetError: The pictures have several labels at once.
        ModelError: The network is missing or damaged.
        EngineError: TensorFlow does not start.
    """
    if report.combinations is not None:
        raise DatasetError(
            "Wrong labels are only found where each picture has one class, not several labels at once.",
            "After a training, Results lists the most confident mistakes of each label.",
        )
    examples = tuple(report.examples)
    paths = [example.path for example in examples]
    features = features_of(
        paths,
        make_compute=make_compute,
        cache=cache,
        reading=report.reading,
        on_progress=lambda done, total: on_progress(ScanProgress(done, total, "Looking at pictures")),
        check=check,
        make_executor=make_executor,
    )
    labels = np.array([example.label for example in examples], np.int64)
    steps = FOLDS * ROUNDS
    on_progress(ScanProgress(0, steps, "Comparing labels"))
    predicted = judge(
        features.vectors,
        labels,
        together(report, paths, labels),
        len(report.classes),
        usable=features.good,
        on_fold=lambda done: on_progress(ScanProgress(done, steps, "Comparing labels")),
        check=check,
    )
    return listed(report, examples, predicted, unreadable=int((~features.good).sum()))


def judge(
    features: NDArray[np.float32],
    labels: NDArray[np.int64],
    groups: NDArray[np.int64],
    class_count: int,
    *,
    usable: NDArray[np.bool_] | None = None,
    on_fold: Callable[[int], None] = lambda _done: None,
    check: Callable[[], None] = lambda: None,
) -> NDArray[np.float64]:
    """Predict each picture from the others, in classes that are large enough.

    Args:
        features: Features of the pictures, float32 ``(N, F)``.
        labels: Given classes, int64 ``(N,)``.
        groups: First picture of each one's copies, int64 ``(N,)``.
        class_count: Number of classes ``K``.
        usable: Pictures that have features, bool ``(N,)``; all by default.
        on_fold: Callback, as for `out_of_fold`.
        check: Callback, as for `out_of_fold`.

    Returns:
        Probabilities, float64 ``(N, K)``; NaN for pictures that were not judged, 0 for classes with fewer
        than `LEAST` pictures.
    """
    good = np.ones(len(labels), np.bool_) if usable is None else usable
    counts = np.bincount(labels[good], minlength=class_count)
    large = np.flatnonzero(counts >= LEAST)
    predicted = np.full((len(labels), class_count), np.nan)
    rows = np.flatnonzero(good & np.isin(labels, large))
    if len(large) < 2:
        return predicted
    new_label = np.zeros(class_count, np.int64)
    new_label[large] = np.arange(len(large))
    found = out_of_fold(
        features[rows], new_label[labels[rows]], groups[rows], len(large), on_fold=on_fold, check=check
    )
    predicted[rows] = 0
    predicted[np.ix_(rows, large)] = found
    return predicted


def together(report: DatasetReport, paths: Sequence[Path], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number alike what stays in one fold: copies, and pictures that belong together by the user's rule.

    A class with too few groups for the folds would be unknown to the regression that predicts it; then only
    copies stay together.

    Args:
        report: The data set.
        paths: Paths of all pictures.
        labels: Their classes, int64 ``(N,)``.

    Returns:
        First picture of each one's group, int64 ``(N,)``.
    """
    copies = groups_of(paths, report.duplicates)
    rule = report.answers.groups if report.answers is not None else None
    if rule is None or rule.kind == "none":
        return copies
    grouping = grouped(paths, report.class_folders, report.folder, rule)
    both = join(copies, np.arange(len(paths)), grouping.roots)
    counts = np.unique(np.unique(np.stack([labels, both]), axis=1)[0], return_counts=True)[1]
    return both if counts.min(initial=FOLDS) >= FOLDS else copies


def groups_of(paths: Sequence[Path], duplicates: Sequence[DuplicateGroup]) -> NDArray[np.int64]:
    """Number the copies of a picture alike, those by way of others too: its first one, int64 ``(N,)``."""
    index = {path: number for number, path in enumerate(paths)}
    pairs = [(index[group.paths[0]], index[path]) for group in duplicates for path in group.paths[1:]]
    one, other = np.array(pairs, np.int64).reshape(-1, 2).T
    return join(np.arange(len(paths)), one, other)


def odds_of(predicted: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """How probable labels are: the given class over the best other one, float64 ``(N,)``.

    Measured with labels flipped at random, this ranks them better than the given class's probability, its
    margin over the best other class, or either with a threshold for each class.

    Args:
        predicted: Probabilities, float64 ``(N, K)``.
        labels: Given classes, int64 ``(N,)``.
    """
    _best, sure = best_others(predicted, labels)
    own = predicted[np.arange(len(labels)), labels]
    return np.asarray(own / np.maximum(sure, np.finfo(np.float64).tiny))


def listed(
    report: DatasetReport, examples: Sequence[Example], predicted: NDArray[np.float64], *, unreadable: int = 0
) -> LabelMistakes:
    """Make the list from the probabilities.

    Args:
        report: The data set.
        examples: Its pictures.
        predicted: Probabilities from `judge`, float64 ``(N, K)``.
        unreadable: Number of pictures without features.
    """
    names = report.class_names
    labels = np.array([example.label for example in examples], np.int64)
    judged: NDArray[np.bool_] = np.asarray(~np.isnan(predicted).any(axis=1))
    found = {
        mistake.path: mistake
        for mistake in _copies(report, examples, predicted, judged)
        if mistake.path not in report.decisions
    }
    rows = np.flatnonzero(judged)
    if len(rows):
        odds = odds_of(predicted[rows], labels[rows])
        best, sure = best_others(predicted[rows], labels[rows])
        for place in np.argsort(odds, kind="stable").tolist():
            if odds[place] >= MAX_ODDS:
                break
            row = int(rows[place])
            path, label = examples[row].path, int(labels[row])
            if path not in found and path not in report.decisions:
                found[path] = LabelMistake(
                    path,
                    "improbable",
                    names[label],
                    names[int(best[place])],
                    float(sure[place]),
                    float(predicted[row, label]),
                )
    counts = np.bincount(labels, minlength=len(names))
    small = tuple(name for name, count in zip(names, counts.tolist(), strict=True) if count < LEAST)
    return LabelMistakes(tuple(found.values()), int(judged.sum()), small, unreadable)


def _copies(
    report: DatasetReport,
    examples: Sequence[Example],
    predicted: NDArray[np.float64],
    judged: NDArray[np.bool_],
) -> list[LabelMistake]:
    """List the pictures that are in several classes, but for those in the class that fits them best."""
    index = {example.path: number for number, example in enumerate(examples)}
    found: list[LabelMistake] = []
    for group in report.duplicates:
        if len(group.classes) < 2:
            continue
        rows = [index[path] for path in group.paths]
        held = sorted({examples[row].label for row in rows})
        known = [row for row in rows if judged[row]]
        chances = predicted[known].mean(axis=0) if known else None
        if chances is not None:
            best = max(held, key=lambda label: chances[label])
        else:  # the class with most of the copies
            best = max(held, key=lambda label: sum(examples[row].label == label for row in rows))
        for row in rows:
            label = examples[row].label
            if label != best:
                found.append(
                    LabelMistake(
                        examples[row].path,
                        "copy",
                        report.class_names[label],
                        report.class_names[best],
                        None if chances is None else float(chances[best]),
                        None if chances is None else float(chances[label]),
                        group.classes,
                    )
                )
    return found
