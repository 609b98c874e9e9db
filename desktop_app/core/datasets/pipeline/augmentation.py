"""Random changes to pictures, so that a network learns what does not matter."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.datasets.pipeline.degradation import degrade_some
from desktop_app.core.datasets.pipeline.geometric_augmentation import move, moves
from desktop_app.core.images.decoding.resize import resize
from desktop_app.core.networks.preprocessing import preprocess

if TYPE_CHECKING:
    from collections.abc import Sequence

    import keras
    import tensorflow as tf
    from numpy.typing import NDArray

    from desktop_app.core.datasets.pipeline.augmentation_settings import AugmentationSettings

ERASED_SIDE = 1 / 4
"""Side of an erased square over that of the picture (Cutout, DeVries and Taylor 2017: 8 of 32 pixels)."""

GREY = 127.5
"""Fill value of an erased square: the middle of the range."""


class Augmenter:
    """Changes pictures by amounts that follow from a seed alone.

    Colours and erasing are Keras' preprocessing layers. Made outside of compiled functions, called inside.
    """

    def __init__(self, settings: AugmentationSettings, *, colour: bool = True) -> None:
        """Make the layers that are needed.

        Args:
            settings: Largest amounts of change.
            colour: Whether the network sees colours, so that their saturation may change.
        """
        self._settings = settings
        self._layers = _layers(settings, colour=colour)

    def __call__(self, pictures: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        """Change each picture of a batch differently.

        Args:
            pictures: float32 ``(N, h, w, 3)`` in 0..255, of known height and width.
            seed: Integers ``(2,)``; the same seed gives the same result.

        Returns:
            float32 ``(N, h, w, 3)`` in 0..255.
        """
        seeds = _stateless_seeds()(seed)
        if self._settings.degrade:
            pictures = degrade_some(pictures, self._settings.degrade, seeds.next())
        if moves(self._settings):
            pictures = move(pictures, self._settings, seeds.next())
        for layer in self._layers:
            change = layer.get_random_transformation(pictures, seed=seeds)
            pictures = layer.transform_images(pictures, change)
        return pictures


def preview(
    pictures: Sequence[NDArray[np.uint8]],
    settings: AugmentationSettings,
    *,
    size: int,
    channels: int,
    seed: int,
) -> list[NDArray[np.uint8]]:
    """Show what a network would see of some pictures in one epoch.

    Args:
        pictures: RGB, uint8 ``(h, w, 3)`` each, of any size.
        settings: Largest amounts of change.
        size: Height and width of the network's input, in pixels.
        channels: 3, or 1 for networks that take grey pictures.
        seed: Number from 0; another one gives other changes.

    Returns:
        RGB, uint8 ``(size, size, 3)`` for each picture.
    """
    if not pictures:
        return []
    small = np.stack([resize(picture, size, size, "squash") for picture in pictures])
    import tensorflow as tf

    with tf.device("CPU:0"):
        seen = tf.constant(small, tf.float32)
        if settings.any:
            seen = Augmenter(settings, colour=channels == 3)(seen, tf.constant([seed, 0], tf.int64))
        if channels == 1:
            seen = tf.repeat(preprocess(seen, "none", 1), 3, axis=-1)
        return list(np.clip(np.rint(seen.numpy()), 0, 255).astype(np.uint8))


def _layers(settings: AugmentationSettings, *, colour: bool) -> list[keras.Layer]:
    """Make the layers for colours and erasing, in the order in which they are applied."""
    from keras import layers

    found = []
    if settings.saturation and colour:
        # The layer takes s / (s + 1) for a factor s, and limits the saturation, which is a fraction of 1
        # whatever the range of the pictures: with their own range it would let colours become negative.
        low, high = 1 - settings.saturation, 1 + settings.saturation
        bounds = (low / (low + 1), high / (high + 1))
        found.append(layers.RandomSaturation(bounds, value_range=(0, 1), dtype="float32"))
    if settings.contrast:
        # Two numbers, since a single one would only raise the contrast.
        amounts = (settings.contrast, settings.contrast)
        found.append(layers.RandomContrast(amounts, value_range=(0, 255), dtype="float32"))
    if settings.brightness:
        found.append(layers.RandomBrightness(settings.brightness, value_range=(0, 255), dtype="float32"))
    if settings.erase:
        # Two numbers each: a single one would be the end of a range from 0.
        chance, area = (settings.erase, settings.erase), (ERASED_SIDE**2, ERASED_SIDE**2)
        found.append(layers.RandomErasing(chance, area, GREY, value_range=(0, 255), dtype="float32"))
    return found


@cache
def _stateless_seeds() -> Any:
    """Make the class of the seeds that Keras' layers draw; TensorFlow must be loaded."""
    import keras
    import tensorflow as tf

    class StatelessSeeds(keras.random.SeedGenerator):  # type: ignore[misc]
        """Gives seeds that follow from a first one, and keeps no variable."""

        def __init__(self, seed: tf.Tensor) -> None:
            self._seed = seed
            self._count = 0

        def next(self, ordered: bool = True) -> tf.Tensor:  # noqa: ARG002 - Keras' own signature
            """Give the next seed, integers ``(2,)``."""
            self._count += 1
            return tf.random.experimental.stateless_fold_in(self._seed, self._count)

    return StatelessSeeds
