"""What lenses, scalers and encoders do to a photo, in TensorFlow operations on one picture."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import tensorflow as tf

SMALLEST_BLUR = 14 / 32
"""Least factor by which a blurred picture is scaled down (Everyday's training: 14 of 32 pixels)."""

LOWEST_QUALITY, HIGHEST_QUALITY = 25, 95
"""JPEG qualities between which pictures are compressed (as in Everyday's training)."""


def blurred(picture: tf.Tensor, height: Any, width: Any) -> tf.Tensor:
    """Scale a picture down, antialiased, and up again.

    Args:
        picture: uint8 or float32 ``(h, w, 3)``.
        height: Height in between, in pixels.
        width: Width in between, in pixels.

    Returns:
        float32 ``(h, w, 3)``; the bicubic filter may overshoot the range of the picture a little.
    """
    import tensorflow as tf

    small = tf.image.resize(picture, (height, width), antialias=True)
    return tf.image.resize(small, tf.shape(picture)[:2], "bicubic")


def compressed(picture: tf.Tensor, quality: Any) -> tf.Tensor:
    """Encode a picture as JPEG and decode it again.

    Args:
        picture: float32 ``(h, w, 3)``; rounded and clipped to 0..255 first.
        quality: int32, 0..100.

    Returns:
        float32 ``(h, w, 3)`` in 0..255.
    """
    import tensorflow as tf

    coded = tf.cast(tf.clip_by_value(tf.round(picture), 0, 255), tf.uint8)
    return tf.cast(tf.image.adjust_jpeg_quality(coded, quality), tf.float32)


def degrade_some(pictures: tf.Tensor, chance: float, seed: tf.Tensor) -> tf.Tensor:
    """Blur or compress some pictures, or both: each of the three a third of the time.

    Args:
        pictures: float32 ``(N, h, w, 3)`` in 0..255.
        chance: Chance of each picture to be damaged, 0..1.
        seed: int32 ``(2,)``; the same seed gives the same result.

    Returns:
        float32 ``(N, h, w, 3)`` in 0..255.
    """
    import tensorflow as tf

    chance = tf.constant(chance, tf.float32)
    return tf.ensure_shape(_compiled()(pictures, chance, tf.cast(seed, tf.int32)), pictures.shape)


@cache
def _compiled() -> Any:
    """Compile `_degrade_some` once for all sizes: picture by picture it would be slow in a preview."""
    import tensorflow as tf

    signature = (
        tf.TensorSpec((None, None, None, 3), tf.float32),
        tf.TensorSpec((), tf.float32),
        tf.TensorSpec((2,), tf.int32),
    )
    return tf.function(_degrade_some, input_signature=signature, autograph=False)


def _degrade_some(pictures: tf.Tensor, chance: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    import tensorflow as tf

    count, height, width = tf.shape(pictures)[0], tf.shape(pictures)[1], tf.shape(pictures)[2]
    draws = tf.random.stateless_uniform((count, 4), seed)

    def one(values: Any) -> Any:
        picture, draw = values
        scale = SMALLEST_BLUR + (1 - SMALLEST_BLUR) * draw[2]
        quality = tf.cast(LOWEST_QUALITY + (HIGHEST_QUALITY - LOWEST_QUALITY) * draw[3], tf.int32)
        damaged, kind = draw[0] < chance, draw[1]

        def blur() -> Any:
            return blurred(picture, _scaled(height, scale), _scaled(width, scale))

        soft = tf.cond(damaged & (kind < 2 / 3), blur, lambda: picture)
        return tf.cond(damaged & (kind > 1 / 3), lambda: compressed(soft, quality), lambda: soft)

    output = tf.TensorSpec((None, None, 3), tf.float32)
    return tf.clip_by_value(tf.map_fn(one, (pictures, draws), fn_output_signature=output), 0, 255)


def _scaled(side: Any, scale: Any) -> Any:
    """Round down, so that something is always lost."""
    import tensorflow as tf

    return tf.maximum(1, tf.cast(tf.cast(side, tf.float32) * scale, tf.int32))
