"""The pictures that a model was validated on in its training, to measure what rounding costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from desktop_app.core.datasets.splits.split_file import read_split
from desktop_app.core.foundation.errors import SightlineError, UnreadableImage
from desktop_app.core.foundation.text import counted, printable
from desktop_app.core.images.decoding.decode import read_fitted
from desktop_app.core.library.labels import class_labels
from desktop_app.core.training.runs.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from desktop_app.core.datasets.splits.split_file import Split, SplitRow
    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.training.runs.store import RunStore

MOST = 1000
"""Pictures that are measured, at most: a share of them is then known to about 1.5 points."""

_NOT_MEASURED = "The loss of accuracy is not measured: "


class HeldPictures(NamedTuple):
    """Pictures with their classes.

    Attributes:
        pixels: RGB, uint8 ``(N, height, width, 3)``.
        labels: Index of the class of each, int64 ``(N,)``.
    """

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]


def held_pictures(
    card: ModelCard, runs: RunStore, check: Callable[[], None] = lambda: None
) -> HeldPictures | str:
    """Read the validation pictures of the run that made a model.

    Args:
        card: The model's card.
        runs: Where to look for its run.
        check: Callback between two pictures; what it raises ends the reading.

    Returns:
        The pictures, or a sentence that says why there are none.
    """
    found = _held_rows(card, runs)
    if isinstance(found, str):
        return found
    split, rows = found
    fitting, pixels, labels = card.input.fitting(), [], []
    for row in rows:
        check()
        try:
            views = read_fitted(row.path, fitting)
        except UnreadableImage:
            continue
        pixels.append(views if views.ndim == 3 else views[0])
        labels.append(row.label)
    if len(pixels) < len(rows) / 2:
        return (
            f"{_NOT_MEASURED}of {counted(len(rows), 'validation picture')} of its training only "
            f"{len(pixels)} can be read in {printable(str(split.folder))}."
        )
    return HeldPictures(np.stack(pixels), np.array(labels, np.int64))


def measured_on(card: ModelCard, runs: RunStore) -> str:
    """Say, before an export, which pictures the loss of accuracy will be measured on, or why on none.

    Args:
        card: The model's card.
        runs: Where to look for its run.
    """
    found = _held_rows(card, runs)
    if isinstance(found, str):
        return found
    split, rows = found
    pictures = counted(len(rows), "validation picture")
    return (
        f"The loss of accuracy is measured on {pictures} of its training in {printable(str(split.folder))}."
    )


def _held_rows(card: ModelCard, runs: RunStore) -> tuple[Split, list[SplitRow]] | str:
    """The split of a model's training and its validation pictures, `MOST` at most, or why there are none."""
    if card.task != "classification":
        return f"{_NOT_MEASURED}that is done for models that give one class only."
    split = _split_of(card, runs)
    if isinstance(split, str):
        return split
    if class_labels(split.classes) != card.classes:
        return f"{_NOT_MEASURED}the classes of its training have other names."
    if split.combinations is not None:
        return f"{_NOT_MEASURED}its pictures have several labels at once, so there is no one accuracy."
    rows = [row for row in split.rows if row.part == "validation"]
    if not rows:
        return f"{_NOT_MEASURED}its training had no validation pictures."
    return split, rows[:: -(-len(rows) // MOST)]


def _split_of(card: ModelCard, runs: RunStore) -> Split | str:
    for entry in runs.list():
        if entry.problem or card.source != f"Training run {entry.record.run_id}":
            continue
        try:
            return read_split(RunFolder(entry.folder).split_file)
        except SightlineError as error:
            return f"{_NOT_MEASURED}{error}"
    return f"{_NOT_MEASURED}the pictures of its training are not known here."
