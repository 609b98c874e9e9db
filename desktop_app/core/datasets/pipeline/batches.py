"""Batches of a data set, in an order and with random changes that follow from seed, epoch and step alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.datasets.pipeline.arrays import PictureStore
from desktop_app.core.datasets.pipeline.augmentation import Augmenter
from desktop_app.core.devices.cpu import cpu_count
from desktop_app.core.networks.preprocessing import preprocess

if TYPE_CHECKING:
    import tensorflow as tf
    from numpy.typing import NDArray

    from desktop_app.core.datasets.pipeline.arrays import Store
    from desktop_app.core.datasets.pipeline.augmentation_settings import AugmentationSettings
    from desktop_app.core.networks.input_spec import Preprocessing

READY = 2
"""Batches that wait for the network, besides those being made."""


class Batches:
    """The batches of one subset of the data; a resumed run gets the same ones as an uninterrupted run.

    Each is ``(inputs, targets)`` or ``(inputs, targets, weights)``: float32 ``(B, height, width, channels)``
    preprocessed pictures or ``(B, ...)`` features; float32 ``(B, classes)`` one-hot, or ``(B, 1)`` for a
    network with one output; float32 ``(B,)``. Of pictures with several labels the targets are those, and the
    weights are ``(B, classes)``. The last batch of an epoch may be smaller. The work is compiled
    once; starting an epoch takes milliseconds.

    Attributes:
        steps: Number of batches in an epoch.
        pictures: Number of pictures in an epoch.
    """

    def __init__(
        self,
        store: Store,
        indices: NDArray[np.int64],
        labels: NDArray[np.int64],
        *,
        class_count: int,
        outputs: int,
        batch_size: int,
        seed: int,
        preprocessing: Preprocessing,
        channels: int,
        augmentation: AugmentationSettings,
        weights: NDArray[np.float32] | None = None,
        views: NDArray[np.int64] | None = None,
        table: NDArray[np.uint8] | None = None,
    ) -> None:
        """Take the rows of a store that belong together.

        Args:
            store: Pictures, or features, which are neither augmented nor preprocessed.
            indices: Rows of the subset, ``(n,)``.
            labels: Labels of these rows, ``(n,)``, each 0..``class_count`` - 1, or a row of ``table``.
            class_count: Number of classes.
            outputs: Number of the network's outputs: ``class_count``, or 1.
            batch_size: Number of rows in a batch, from 1.
            seed: Seed of order and augmentation, 0..2**31 - 1.
            preprocessing: Preprocessing that the network expects.
            channels: Number of channels: 3, or 1 for grey.
            augmentation: Changes that `epoch` makes to pictures.
            weights: Weights of the classes, ``(class_count,)``; None to weigh all alike. With a table those
                of pictures that have a label, ``(class_count,)``: those without it weigh 1.
            views: Rows of which `epoch` takes one at random for each of ``indices``, ``(n, views)``; None for
                the row itself.
            table: Ones for the labels of each combination, ``(combinations, class_count)``; None where each
                picture has one class.
        """
        self.steps = -(-len(indices) // batch_size)
        self.pictures = len(indices)
        self._store = store
        self._indices = np.asarray(indices, np.int64)
        self._labels = np.asarray(labels, np.int64)
        self._targets = _targets(class_count, outputs, table)
        self._weights = None if weights is None else np.asarray(weights, np.float32)
        if self._weights is not None and table is not None:
            self._weights = np.where(table > 0, self._weights, np.float32(1))
        self._views = views
        self._batch_size = batch_size
        self._seed = seed
        self._preprocessing = preprocessing
        self._channels = channels
        self._augmentation = augmentation
        self._compiled: dict[bool, Any] = {}

    def epoch(self, epoch: int, first_step: int = 0) -> tf.data.Dataset:
        """Return the batches of an epoch: shuffled, and augmented where the settings say so.

        Args:
            epoch: Any number from 0; each has another order and other random changes.
            first_step: Number of batches to skip at the beginning.
        """
        random = np.random.default_rng((self._seed, epoch))
        order = random.permutation(len(self._indices))
        rows = self._indices
        if self._views is not None:
            count, views = self._views.shape
            rows = self._views[np.arange(count), random.integers(0, views, count)]
        augmented = self._augmentation.any and isinstance(self._store, PictureStore)
        return self._dataset(rows, order, first_step, epoch, augmented=augmented)

    def plain(self) -> tf.data.Dataset:
        """Return the batches in order and unchanged, for validation and test."""
        return self._dataset(self._indices, np.arange(len(self._indices)), 0, 0, augmented=False)

    def _dataset(
        self,
        rows: NDArray[np.int64],
        order: NDArray[np.int64],
        first_step: int,
        epoch: int,
        *,
        augmented: bool,
    ) -> tf.data.Dataset:
        import tensorflow as tf

        if augmented not in self._compiled:
            self._compiled[augmented] = self._compile(augmented=augmented)
        with tf.device("CPU:0"):
            return self._compiled[augmented](
                self._store.tensor(),
                tf.constant(rows[order]),
                tf.constant(self._labels[order]),
                tf.constant(first_step, tf.int64),
                tf.constant([self._seed, epoch], tf.int32),
            )

    def _compile(self, *, augmented: bool) -> Any:
        """Make the function that gives a data set.

        Everything large is an argument: what a function captures would live until the garbage collector
        finds it, and the pictures of a run that has ended with it.
        """
        import tensorflow as tf

        augment = Augmenter(self._augmentation, colour=self._channels == 3) if augmented else None
        pictures = isinstance(self._store, PictureStore)
        rows = self._store.tensor()
        size, shape = self._batch_size, rows.shape[1:]
        inputs_shape = (None, *shape[:2], self._channels) if pictures else (None, *shape)
        options = tf.data.Options()
        options.deterministic = True
        options.autotune.enabled = False

        def make(store: Any, indices: Any, labels: Any, first_step: Any, seed: Any) -> tf.data.Dataset:
            def batch(step: Any) -> Any:
                here = slice(step * size, (step + 1) * size)
                inputs = tf.gather(store, indices[here])
                if augment is not None:
                    of_step = tf.random.experimental.stateless_fold_in(seed, step)
                    inputs = augment(tf.cast(inputs, tf.float32), of_step)
                if pictures:
                    inputs = preprocess(inputs, self._preprocessing, self._channels)
                targets = self._targets(labels[here])
                if self._weights is None:
                    return tf.ensure_shape(inputs, inputs_shape), targets
                return tf.ensure_shape(inputs, inputs_shape), targets, tf.gather(self._weights, labels[here])

            data = tf.data.Dataset.range(first_step, self.steps)
            data = data.map(batch, num_parallel_calls=cpu_count(), deterministic=True)
            return data.prefetch(READY).with_options(options)

        signature = (
            tf.TensorSpec((None, *shape), rows.dtype),
            tf.TensorSpec((None,), tf.int64),
            tf.TensorSpec((None,), tf.int64),
            tf.TensorSpec((), tf.int64),
            tf.TensorSpec((2,), tf.int32),
        )
        with tf.device("CPU:0"):
            return tf.function(make, autograph=False).get_concrete_function(*signature)


def _targets(class_count: int, outputs: int, table: NDArray[np.uint8] | None) -> Any:
    """Make the function from labels, ``(B,)``, to the network's targets."""
    import tensorflow as tf

    if table is not None:
        return lambda labels: tf.cast(tf.gather(table, labels), tf.float32)
    if outputs == 1:
        return lambda labels: tf.cast(labels[:, tf.newaxis], tf.float32)
    return lambda labels: tf.one_hot(labels, class_count)
