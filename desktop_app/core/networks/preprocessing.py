"""From RGB pixels to what a network was trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop_app.core.images.decoding.resize import fitted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.networks.input_spec import Fit, InputSpec, Preprocessing

IMAGENET_MEANS_BGR = (103.939, 116.779, 123.68)
"""Mean of the ImageNet training pictures per channel, published with the VGG weights."""


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


def preprocess(pixels: Any, preprocessing: Preprocessing, channels: int) -> Any:
    """Express the named preprocessing in TensorFlow operations, to become part of the compiled function.

    Args:
        pixels: uint8 tensor ``(N, H, W, 3)``, RGB.
        preprocessing: The card's name for it.
        channels: 3, or 1 for networks that take grey pictures (ITU-R BT.601 luma).

    Returns:
        float32 tensor ``(N, H, W, channels)``.
    """
    import tensorflow as tf

    values = tf.cast(pixels, tf.float32)
    if channels == 1:
        values = tf.tensordot(values, tf.constant([[0.299], [0.587], [0.114]]), axes=1)
    match preprocessing:
        case "none":
            return values
        case "unit":
            return values / 255.0
        case "symmetric":
            return values / 127.5 - 1.0
        case "efficientnet-lite":
            return (values - 127.0) / 128.0
        case "vgg19":
            # Turned as bytes, and not by a slice with a negative step: a third of the time.
            return tf.cast(tf.reverse(pixels, [-1]), tf.float32) - tf.constant(IMAGENET_MEANS_BGR)
