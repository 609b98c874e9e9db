"""The features of a run's pictures, by which its model tells what is unlike them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.library.card import MAX_BANK_BYTES
from desktop_app.core.library.feature_bank import MAX_ROWS, feature_layer, measured
from desktop_app.core.networks.preprocessing import preprocess

if TYPE_CHECKING:
    import keras
    from numpy.typing import NDArray

    from desktop_app.core.datasets.report import Part
    from desktop_app.core.library.feature_bank import FeatureBank
    from desktop_app.core.training.loop.pictures import Pictures
    from desktop_app.core.training.loop.session import Session


def bank_of(
    session: Session, model: keras.Model, pictures: Pictures, *, computed: bool, tuned: bool
) -> FeatureBank | None:
    """Make the bank of a trained network.

    Args:
        session: The run.
        model: The network that is kept, in 32-bit numbers.
        pictures: Pictures of the run.
        tuned: Whether the layers before the features were trained.
        computed: Whether `Pictures.features` are what the network gives; otherwise they are computed here.

    Returns:
        The bank; None for a network without a layer of features, or when the training pictures are not in
        memory or too few.

    Raises:
        Cancelled, Interrupted: As the gate says, while features are computed.
    """
    layer = feature_layer(model)
    if layer is None:
        return None
    width = int(layer.output.shape[-1])
    most = min(MAX_ROWS, MAX_BANK_BYTES // (2 * width))
    train, validation = (_some(pictures, part, most, session.values.seed) for part in ("train", "validation"))
    if not len(train):
        return None
    chosen = np.concatenate([train, validation])
    if computed and pictures.features is not None and pictures.features.features.shape[1:] == (width,):
        features = pictures.features.features[chosen]
    else:
        features = _computed(session, model, layer, pictures.store.pixels, chosen)
    return measured(features[: len(train)], features[len(train) :], _fewest(pictures, train), tuned=tuned)


def _fewest(pictures: Pictures, rows: NDArray[np.int64]) -> int:
    """Number of pictures of the rarest class, or of the rarest label, among some pictures."""
    if pictures.table is None:
        _classes, counts = np.unique(pictures.labels[rows], return_counts=True)
    else:
        counts = pictures.truth(rows).sum(axis=0, dtype=np.int64)
        counts = counts[counts > 0]
    return int(counts.min(initial=len(rows)))


def _some(pictures: Pictures, part: Part, most: int, seed: int) -> NDArray[np.int64]:
    """Choose rows of a split at random, in their order; all where there are few enough."""
    rows = pictures.indices[part]
    if len(rows) <= most:
        return rows
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))


def _computed(
    session: Session,
    model: keras.Model,
    layer: keras.Layer,
    pixels: NDArray[np.uint8],
    chosen: NDArray[np.int64],
) -> NDArray[np.float32]:
    import keras
    import tensorflow as tf

    extractor = keras.Model(model.input, layer.output)

    def features_of(pictures: Any) -> Any:
        prepared = preprocess(pictures, session.recipe.preprocessing, session.recipe.channels)
        return tf.cast(extractor(prepared, training=False), tf.float32)

    signature = [tf.TensorSpec((None, *pixels.shape[1:]), tf.uint8)]
    compute = tf.function(features_of, input_signature=signature, autograph=False)
    parts = []
    for start in range(0, len(chosen), session.values.batch_size):
        session.gate.check()
        rows = chosen[start : start + session.values.batch_size]
        parts.append(compute(tf.constant(pixels[rows])).numpy())
    return np.concatenate(parts)
