"""Layers that Keras does not have; only these are known to Keras besides its own when a model is loaded."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import keras

_PACKAGE = "sightline"
LRN = "LocalResponseNormalization"
MODULE = "desktop_app.core.library.own_layers"
"""The module that ``.keras`` files name for these layers: part of the format, wherever the code lies."""

REGISTERED: Mapping[tuple[str, str], str] = {(MODULE, LRN): f"{_PACKAGE}>{LRN}"}
"""What stands in a ``.keras`` file for these layers: module and class name, and the registered name."""


def make_known() -> None:
    """Register all of these layers with Keras, so that it can load models that have them."""
    local_response_normalization()


@cache
def local_response_normalization() -> type[keras.Layer]:
    """Make the class `LocalResponseNormalization` and register it with Keras; TensorFlow must be loaded.

    It is made in a function, once, because its base class comes with Keras.
    """
    import keras
    import tensorflow as tf

    @keras.saving.register_keras_serializable(package=_PACKAGE)
    class LocalResponseNormalization(keras.layers.Layer):  # type: ignore[misc]
        """Divides each number by a measure of the activity in its neighbour channels at the same position.

        ``b = a / (bias + alpha * sum(a' ** 2)) ** beta`` over the channels from ``depth_radius`` before to
        ``depth_radius`` behind (Krizhevsky, Sutskever and Hinton, "ImageNet Classification with Deep
        Convolutional Neural Networks", 2012, section 3.3), computed by
        `tf.nn.local_response_normalization`. The defaults are the paper's: n = 5 channels, k = 2.

        Args:
            depth_radius: Channels to either side, 0 or more.
            bias: Number that keeps the divisor above zero; k in the paper.
            alpha: Weight of the neighbours.
            beta: Exponent.
            options: Options that every Keras layer has.
        """

        def __init__(
            self,
            depth_radius: int = 2,
            bias: float = 2.0,
            alpha: float = 1e-4,
            beta: float = 0.75,
            **options: Any,
        ) -> None:
            super().__init__(**options)
            self.depth_radius = depth_radius
            self.bias = bias
            self.alpha = alpha
            self.beta = beta

        def call(self, inputs: Any) -> Any:
            # TensorFlow has no kernel for every number format.
            normalised = tf.nn.local_response_normalization(
                tf.cast(inputs, tf.float32), self.depth_radius, self.bias, self.alpha, self.beta
            )
            return tf.cast(normalised, inputs.dtype)

        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape

        def get_config(self) -> dict[str, Any]:
            return {
                **super().get_config(),
                "depth_radius": self.depth_radius,
                "bias": self.bias,
                "alpha": self.alpha,
                "beta": self.beta,
            }

    # Keras writes the class's module into the file, and looks there unless the registered name is known.
    LocalResponseNormalization.__module__ = MODULE
    return LocalResponseNormalization
