"""From RGB pixels to what a network was trained on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from desktop_app.core.images.decoding.resize import fitted
from desktop_app.core.networks.pixels import (
    GREY_WEIGHTS,
    IMAGENET_DEVIATIONS,
    IMAGENET_MEANS,
    IMAGENET_MEANS_BGR,
    affine_of,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.networks.input_spec import Fit, InputSpec, Layout
    from desktop_app.core.networks.pixels import Preprocessing


def fit_to_input(image: NDArray[np.uint8], spec: InputSpec, fit: Fit | None = None) -> NDArray[np.uint8]:
    """Bring a picture to the network's size.

    Args:
        image: RGB uint8 ``(H, W, 3)``.
        spec: Input of the card.
        fit: Way of fitting, instead of the card's.

    Returns:
        uint8 ``(spec.height, spec.width, 3)``, or ``(views, spec.height, spec.width, 3)`` for several views.
    """
    return fitted(image, spec.fitting(fit))


def network_input(pixels: Any, spec: InputSpec) -> Any:
    """Express all that a card says about a network's input in TensorFlow operations.

    Args:
        pixels: uint8 tensor ``(N, height, width, 3)``, RGB.
        spec: Input of the card.

    Returns:
        float32 tensor of the network's own layout.
    """
    return laid_out(preprocess(pixels, spec.preprocessing, spec.channels, spec.grey), spec.layout)


def laid_out(values: Any, layout: Layout) -> Any:
    """Bring a float32 tensor ``(N, H, W, channels)`` to a network's layout."""
    import tensorflow as tf

    match layout:
        case "nchw":
            return tf.transpose(values, [0, 3, 1, 2])
        case "nhw":
            return tf.squeeze(values, -1)
        case "flat":
            return tf.reshape(values, (-1, math.prod(values.shape[1:])))
        case _:
            return values


def preprocess(
    pixels: Any,
    preprocessing: Preprocessing,
    channels: int,
    grey: tuple[float, float, float] = GREY_WEIGHTS,
) -> Any:
    """Express a preprocessing in TensorFlow operations, to become part of the compiled function.

    Args:
        pixels: uint8 tensor ``(N, H, W, 3)``, RGB.
        preprocessing: The card's name or text for it.
        channels: 3, or 1 for networks that take grey pictures.
        grey: Shares of red, green and blue in a grey picture; by default ITU-R BT.601 luma.

    Returns:
        float32 tensor ``(N, H, W, channels)``.
    """
    import tensorflow as tf

    if affine_of(preprocessing).reversed:
        # Turned as bytes, and not by a slice with a negative step: a third of the time.
        pixels = tf.reverse(pixels, [-1])
    values = tf.cast(pixels, tf.float32)
    if channels == 1:
        values = tf.tensordot(values, tf.constant([[share] for share in grey]), axes=1)
    match preprocessing:
        case "none" | "bgr":
            pass
        case "unit":
            values = values / 255.0
        case "symmetric":
            values = values / 127.5 - 1.0
        case "efficientnet-lite":
            values = (values - 127.0) / 128.0
        case "imagenet":
            values = (values / 255.0 - tf.constant(IMAGENET_MEANS)) / tf.constant(IMAGENET_DEVIATIONS)
        case "vgg19":
            values = values - tf.constant(IMAGENET_MEANS_BGR)
        case _:
            affine = affine_of(preprocessing)
            values = values * tf.constant(affine.scale) + tf.constant(affine.offset)
    return values
