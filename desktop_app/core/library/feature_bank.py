"""Features of a model's training pictures: what is far from all of them is unlike anything it was trained on.

The distance is the cosine distance to the k-th nearest neighbour (Sun et al., 2022, "Out-of-distribution
detection with deep nearest neighbors"). The file has the numbers alone, row by row: what they are is on the
model's card, so nothing in the file has to be interpreted.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.card import BankFacts
from desktop_app.core.library.card_limits import FEATURES_FILE

if TYPE_CHECKING:
    import keras
    from numpy.typing import NDArray

    from desktop_app.core.library.installed_model import InstalledModel

FEATURE_LAYER = "features"
"""Name of the layer whose outputs ``(N, width)`` are the features."""

MAX_ROWS = 2_000
"""Training pictures that are kept, at most: 5 MB of EfficientNet-Lite's features."""

NEIGHBOURS = 3
"""For classes of hundreds of pictures, where a single odd one would vouch for others."""

CLASS_PER_NEIGHBOUR = 100
"""Pictures of the smallest class for each neighbour that counts.

With two classes of 50 cats and dogs the nearest one finds 99% of flowers and the fifth nearest 82%; with two
of 25 it is 96% and 58%, with two of 10 it is 75% and 17%.
"""

FALSE_ALARMS = 0.05
"""Share of pictures of the model's own classes that are called unlike all the same."""

MIN_PICTURES = 20
"""Fewer distances than this say nothing about a share of `FALSE_ALARMS`."""

_STORED = np.dtype("<f2")
_LEAST_DISTANCE = 1e-3
"""Distances below this are rounding errors of the stored numbers."""


class DamagedBank(ModelError):
    """The file of a bank is not what the model's card says.

    Attributes:
        what: Reason, which continues "is damaged: ".
    """

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The model's file {FEATURES_FILE} is damaged: {what}.",
            "Remove this model, and import or train it again.",
        )
        self.what = what


@dataclass(frozen=True, eq=False)
class FeatureBank:
    """The features of training pictures, and the distance beyond which a picture is unlike them.

    Attributes:
        rows: Features of unit length, float32 ``(rows, width)``, as precise as 16 bits are.
        neighbours: The rank of the neighbour whose distance counts, at most the number of rows.
        threshold: The cosine distance, above 0 and at most 2, beyond which a picture is unlike.
    """

    rows: NDArray[np.float32]
    neighbours: int
    threshold: float

    def distances(self, features: NDArray[np.floating]) -> NDArray[np.float32]:
        """Measure how far pictures are from the training pictures.

        Args:
            features: Features of the pictures, ``(N, width)``.

        Returns:
            float32 ``(N,)``: the distance divided by the threshold; above 1 the picture is unlike.
        """
        return _distances(_unit(features), self.rows, self.neighbours) / np.float32(self.threshold)

    def data(self) -> bytes:
        """The content of the file."""
        return self.rows.astype(_STORED).tobytes()

    def facts(self) -> BankFacts:
        """What the model's card says about the file."""
        rows, width = self.rows.shape
        return BankFacts(
            rows=rows,
            width=width,
            neighbours=self.neighbours,
            threshold=self.threshold,
            sha256=hashlib.sha256(self.data()).hexdigest(),
        )


def measured(
    known: NDArray[np.floating], fresh: NDArray[np.floating], smallest_class: int, *, tuned: bool = False
) -> FeatureBank | None:
    """Make a bank of training pictures, and find its threshold.

    The distances of the training pictures are those to the others, so the threshold also holds for new
    pictures, and those of the validation pictures count with them. Where the network itself was trained,
    training pictures are nearer to each other than new ones are; then the validation pictures count alone.

    Args:
        known: Features of training pictures, ``(N, width)``.
        fresh: Features of validation pictures, ``(M, width)``; may be empty.
        smallest_class: Number of pictures of the smallest class among ``known``.
        tuned: Whether the layers before the features were trained on the pictures of ``known``.

    Returns:
        The bank; None for fewer than `MIN_PICTURES` pictures.
    """
    if len(known) < MIN_PICTURES:
        return None
    rows = _unit(known).astype(_STORED).astype(np.float32)
    neighbours = max(1, min(NEIGHBOURS, smallest_class // CLASS_PER_NEIGHBOUR))
    sample = _distances(_unit(fresh), rows, neighbours) if len(fresh) else np.empty(0, np.float32)
    if not tuned or len(fresh) < MIN_PICTURES:
        sample = np.concatenate([_distances_to_others(rows, neighbours), sample])
    limit = float(np.quantile(sample, 1 - FALSE_ALARMS))
    return FeatureBank(rows, neighbours, max(limit, _LEAST_DISTANCE))


def feature_layer(model: keras.Model) -> keras.Layer | None:
    """Find the layer of a network whose outputs ``(N, width)`` are its features; None when it has none."""
    for layer in model.layers:
        if layer.name == FEATURE_LAYER and len(layer.output.shape) == 2:
            return layer
    return None


def bank_from(data: bytes, facts: BankFacts) -> FeatureBank:
    """Read the content of a bank's file and check all of it.

    Raises:
        DamagedBank: It is not what the card says, or not rows of unit length.
    """
    if len(data) != facts.bytes:
        raise DamagedBank("it has another size than the card says")
    if hashlib.sha256(data).hexdigest() != facts.sha256:
        raise DamagedBank("its checksum is not the card's")
    rows = np.frombuffer(data, _STORED).astype(np.float32).reshape(facts.rows, facts.width)
    if not np.isfinite(rows).all():
        raise DamagedBank("it contains something that is not a number")
    if float(np.linalg.norm(rows, axis=1).max()) > 1 + _LEAST_DISTANCE:
        raise DamagedBank("its rows are longer than 1")
    return FeatureBank(rows, facts.neighbours, facts.threshold)


def read_bank(entry: InstalledModel) -> FeatureBank | None:
    """Read the bank of an installed model; None when it has none.

    Raises:
        DamagedBank: The file is missing or is not the one that was installed.
    """
    if entry.card is None or entry.card.bank is None or entry.folder is None:
        return None
    facts = entry.card.bank
    try:
        with (entry.folder / FEATURES_FILE).open("rb") as file:
            return bank_from(file.read(facts.bytes + 1), facts)
    except OSError as error:
        raise DamagedBank(error.strerror or "it cannot be read") from error


def _unit(features: NDArray[np.floating]) -> NDArray[np.float32]:
    values = np.asarray(features, np.float32)
    lengths = np.linalg.norm(values, axis=1, keepdims=True)
    return np.asarray(values / np.maximum(lengths, np.float32(1e-12)), np.float32)


def _distances(rows: NDArray[np.float32], known: NDArray[np.float32], neighbours: int) -> NDArray[np.float32]:
    # BLAS would wake its threads, and on a busy computer wait 20 ms for them; this takes 0.5 ms a row.
    return _kth_nearest(np.einsum("ij,kj->ik", rows, known), neighbours)


def _distances_to_others(rows: NDArray[np.float32], neighbours: int) -> NDArray[np.float32]:
    similar = rows @ rows.T
    np.fill_diagonal(similar, -2)
    return _kth_nearest(similar, neighbours)


def _kth_nearest(similar: NDArray[np.float32], neighbours: int) -> NDArray[np.float32]:
    """Cosine distances to the k-th most similar row, from similarities ``(N, rows)``."""
    column = similar.shape[1] - neighbours
    return np.asarray(1 - np.partition(similar, column, axis=1)[:, column], np.float32)
