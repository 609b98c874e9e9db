"""The Everyday model's training pictures: read, held out, degraded and augmented."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from desktop_app.core.datasets.pipeline.degradation import (
    HIGHEST_QUALITY,
    LOWEST_QUALITY,
    SMALLEST_BLUR,
    blurred,
    compressed,
)

if TYPE_CHECKING:
    from pathlib import Path

    import tensorflow as tf
    from numpy.typing import NDArray

SIZE = 32
"""Height and width of the network's input, in pixels."""


def load_class_folders(folder: Path, classes: list[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Read every picture of the class folders into memory.

    Args:
        folder: Holds one folder per class.
        classes: Names of the class folders, in label order.

    Returns:
        Pictures ``(N, 32, 32, 3)`` and labels ``(N,)``, grouped by class and sorted by file name.
    """
    pictures, labels = [], []
    for label, name in enumerate(classes):
        for path in sorted((folder / name).iterdir()):
            with Image.open(path) as image:
                small = image.convert("RGB").resize((SIZE, SIZE), Image.Resampling.BICUBIC)
            pictures.append(np.asarray(small))
            labels.append(label)
    return np.stack(pictures), np.asarray(labels, dtype=np.int64)


def hold_out(
    labels: NDArray[np.int64], per_class: int, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Split indices into a training split and a stratified one for calibration.

    Args:
        labels: ``(N,)`` class indices.
        per_class: Pictures of each class to hold out.
        seed: The seed of the shuffle.

    Returns:
        Two index arrays: for training and held out.
    """
    random = np.random.default_rng(seed)
    held = np.concatenate(
        [random.permutation(np.flatnonzero(labels == label))[:per_class] for label in np.unique(labels)]
    )
    return np.setdiff1d(np.arange(len(labels)), held), held


def degrade(picture: tf.Tensor, strength: float = 1.0) -> tf.Tensor:
    """Blur one picture by down-scaling and damage it by JPEG compression, each 3 times in 10.

    Photos reach the network through lenses, scalers and encoders that the training pictures never
    saw; this covers a range of them.

    Args:
        picture: uint8 ``(32, 32, 3)``.
        strength: Factor (0..1) on how often.

    Returns:
        float32 ``(32, 32, 3)`` in 0..255.
    """
    import tensorflow as tf

    def soft() -> tf.Tensor:
        side = tf.random.uniform((), round(SMALLEST_BLUR * SIZE), SIZE, tf.int32)
        return blurred(picture, side, side)

    def coded(value: tf.Tensor) -> tf.Tensor:
        quality = tf.random.uniform((), LOWEST_QUALITY, HIGHEST_QUALITY, tf.int32)
        return compressed(value, quality)

    value = tf.cond(tf.random.uniform(()) < 0.3 * strength, soft, lambda: tf.cast(picture, tf.float32))
    value = tf.cond(tf.random.uniform(()) < 0.3 * strength, lambda: coded(value), lambda: value)
    return tf.ensure_shape(value, (SIZE, SIZE, 3))


def augment(pictures: tf.Tensor, strength: float = 1.0) -> tf.Tensor:
    """Flip, shift, zoom, recolour and cut out, each picture of a batch differently.

    Args:
        pictures: float32 ``(N, 32, 32, 3)`` in 0..255.
        strength: Factor (0..1) on everything but flips and shifts.

    Returns:
        float32 of the same shape in 0..255.
    """
    import tensorflow as tf

    count = tf.shape(pictures)[0]

    def uniform(low: float, high: float) -> tf.Tensor:
        return tf.random.uniform((count,), low, high)

    # Half of the pictures shift by whole pixels and stay sharp; the others also change size and shape.
    reshaped = uniform(0, 1) < 0.5 * strength
    scale = tf.where(reshaped, tf.exp(uniform(-0.25, 0.2)), 1.0)
    aspect = tf.where(reshaped, tf.exp(uniform(-0.15, 0.15)), 1.0)
    flip = tf.where(uniform(0, 1) < 0.5, -1.0, 1.0)
    scale_x, scale_y = scale * aspect * flip, scale / aspect
    centre = (SIZE - 1) / 2
    shift_x, shift_y = tf.round(uniform(-4, 4)), tf.round(uniform(-4, 4))
    nothing = tf.zeros_like(scale)
    transforms = tf.stack(
        [
            scale_x,
            nothing,
            centre - scale_x * centre + shift_x,
            nothing,
            scale_y,
            centre - scale_y * centre + shift_y,
            nothing,
            nothing,
        ],
        axis=1,
    )
    moved = tf.raw_ops.ImageProjectiveTransformV3(
        images=pictures,
        transforms=transforms,
        output_shape=(SIZE, SIZE),
        interpolation="BILINEAR",
        fill_mode="REFLECT",
        fill_value=0.0,
    )

    def factor(low: float, high: float) -> tf.Tensor:
        return tf.reshape(uniform(low, high), (-1, 1, 1, 1))

    grey = tf.reduce_mean(moved, axis=3, keepdims=True)
    moved = grey + (moved - grey) * factor(1 - 0.3 * strength, 1 + 0.3 * strength)
    mean = tf.reduce_mean(moved, axis=(1, 2, 3), keepdims=True)
    moved = mean + (moved - mean) * factor(1 - 0.2 * strength, 1 + 0.2 * strength)
    moved += factor(-20 * strength, 20 * strength)

    # Cutout (DeVries and Taylor, 2017): a grey square of 8 pixels in half of the pictures.
    top, left = factor(-3, SIZE - 4), factor(-3, SIZE - 4)
    rows = tf.reshape(tf.range(SIZE, dtype=tf.float32), (1, -1, 1, 1))
    columns = tf.reshape(rows, (1, 1, -1, 1))
    hole = (rows >= top) & (rows < top + 8) & (columns >= left) & (columns < left + 8)
    hole &= factor(0, 1) < 0.5 * strength
    return tf.clip_by_value(tf.where(hole, 127.5, moved), 0, 255)


def pipeline(
    pictures: NDArray[np.uint8],
    labels: NDArray[np.int64],
    *,
    batch_size: int,
    class_count: int,
    seed: int,
    strength: float = 1.0,
) -> tf.data.Dataset:
    """Shuffle, degrade, batch and augment in tf.data operations.

    Args:
        pictures: ``(N, 32, 32, 3)``.
        labels: ``(N,)``.
        batch_size: Pictures a step; the last, smaller batch is dropped.
        class_count: Length of the one-hot labels.
        seed: The seed of the shuffle.
        strength: The strength of `degrade` and `augment`.

    Returns:
        Batches of float32 ``(batch_size, 32, 32, 3)`` and one-hot float32 labels.
    """
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices((pictures, labels))
    data = data.shuffle(len(labels), seed=seed, reshuffle_each_iteration=True)
    data = data.map(
        lambda picture, label: (degrade(picture, strength), tf.one_hot(label, class_count)),
        num_parallel_calls=tf.data.AUTOTUNE,
        deterministic=True,
    )
    data = data.batch(batch_size, drop_remainder=True)
    data = data.map(
        lambda batch, label: (augment(batch, strength), label),
        num_parallel_calls=tf.data.AUTOTUNE,
        deterministic=True,
    )
    return data.prefetch(4)
