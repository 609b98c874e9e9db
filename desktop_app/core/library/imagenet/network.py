"""The ImageNet networks in the box as Keras models, built without random numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.imagenet.published import CLASS_COUNT
from desktop_app.core.library.imagenet.stored_weights import StoredWeights
from desktop_app.core.networks.efficientnet_lite import classifier

if TYPE_CHECKING:
    from pathlib import Path

    import keras

    from desktop_app.core.networks.efficientnet_lite import Variant

_ADVICE = "Remove the folder of this model: it is made again from the installed package."


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
    import h5py

    try:
        with h5py.File(weights, "r") as file:
            stored = StoredWeights(file, weights, variant.name, _ADVICE)
            return classifier(variant, CLASS_COUNT, stored.initializers)
    except OSError as error:
        raise ModelError(f"The weights {weights.name} cannot be read: {error}.", _ADVICE) from error
