"""The ImageNet networks in the box as Keras models, built without random numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop_app.core.library.imagenet.openvino_network import ADVICE
from desktop_app.core.library.imagenet.published import CLASS_COUNT
from desktop_app.core.library.imagenet.stored_weights import stored_weights
from desktop_app.core.networks.efficientnet_lite import classifier, features

if TYPE_CHECKING:
    from pathlib import Path

    import keras

    from desktop_app.core.networks.efficientnet_lite import Variant


def load_lite(variant: Variant, weights: Path) -> keras.Model:
    """Build a network and fill it from the file that `conversion.convert` writes.

    Args:
        variant: Size of the network.
        weights: HDF5 file with a group for each layer.

    Returns:
        Model from float32 ``(N, size, size, 3)``, preprocessed with ``efficientnet-lite``, to ``(N, 1000)``
        probabilities.

    Raises:
        ModelError: The file is not HDF5, lacks a layer or has one of another shape.
    """
    with stored_weights(weights, variant.name, ADVICE) as stored:
        return classifier(variant, CLASS_COUNT, stored.initializers)


def lite_backbone(variant: Variant, size: int, weights: Path | None) -> keras.Model:
    """Build a network without its last layer.

    Args:
        variant: Size of the network.
        size: Height and width of its pictures, in pixels.
        weights: HDF5 file with a group for each layer; None for random numbers.

    Returns:
        Model from float32 ``(N, size, size, 3)``, preprocessed with ``efficientnet-lite``, to features
        ``(N, 1280)``.

    Raises:
        ModelError: As for `load_lite`.
    """
    import keras

    picture = keras.Input((size, size, 3), name="picture")
    name = f"{variant.name.replace('-', '_')}_backbone"
    return keras.Model(picture, _features(variant, picture, weights), name=name)


def two_backbones(
    variants: tuple[Variant, Variant], size: int, weights: tuple[Path, Path] | None
) -> keras.Model:
    """Build two networks without their last layers side by side.

    Args:
        variants: Sizes of the networks; their names begin those of the layers.
        size: Height and width of the pictures, in pixels.
        weights: HDF5 files with a group for each layer; None for random numbers.

    Returns:
        Model from float32 ``(N, size, size, 3)``, preprocessed with ``efficientnet-lite``, to the features of
        both ``(N, 2560)``.

    Raises:
        ModelError: As for `load_lite`.
    """
    import keras

    picture = keras.Input((size, size, 3), name="picture")
    both = [
        _features(variant, picture, file, prefix_of(variant))
        for variant, file in zip(variants, weights or (None, None), strict=True)
    ]
    features_of_both = keras.layers.Concatenate(name="features")(both)
    return keras.Model(picture, features_of_both, name="two_backbones")


def prefix_of(variant: Variant) -> str:
    """The beginning of a network's layers' names in `two_backbones`."""
    return f"{variant.name.rpartition('-')[2]}_"


def _features(variant: Variant, picture: keras.KerasTensor, weights: Path | None, prefix: str = "") -> Any:
    if weights is None:
        random = {"kernel_initializer": "he_normal", "bias_initializer": "zeros"}
        return features(variant, picture, lambda _layer: dict(random), prefix)
    with stored_weights(weights, variant.name, ADVICE) as stored:
        return features(variant, picture, stored.initializers, prefix)
