"""VGG19's convolutions as a backbone (Simonyan and Zisserman, 2014)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop_app.core.library.backbones.backbone import Backbone
from desktop_app.core.library.download.vgg19_weights import VGG19_ID, VGG19_NAME
from desktop_app.core.library.vgg19 import layout
from desktop_app.core.library.vgg19.backbone import load_convolutions, require_weights

if TYPE_CHECKING:
    import keras

    from desktop_app.core.library.backbones.backbone import Weights


def _build(size: int, weights: Weights | None) -> keras.Model:
    """Build the convolutions and the mean of each channel after the last pooling.

    Raises:
        ModelError: The weights file is not VGG19's.
    """
    import keras

    picture = keras.Input((size, size, 3), name="picture")
    # Zeros cost no time; they are overwritten at once.
    pooled = _convolutions(picture, "he_normal" if weights is None else "zeros")
    model = keras.Model(picture, pooled, name="vgg19_backbone")
    if weights is not None:
        load_convolutions(model, *weights)
    return model


def _convolutions(picture: Any, initializer: str) -> Any:
    """VGG19 up to its last pooling, then the mean of each channel: ``(N, 512)`` for any size of picture."""
    import keras

    layers = keras.layers
    features = picture
    for block, (channels, depth) in enumerate(layout.BLOCKS, start=1):
        for convolution in range(1, depth + 1):
            features = layers.Conv2D(
                channels,
                3,
                padding="same",
                activation="relu",
                kernel_initializer=initializer,
                name=f"block{block}_conv{convolution}",
            )(features)
        features = layers.MaxPooling2D(2, name=f"block{block}_pool")(features)
    return layers.GlobalAveragePooling2D(name="features")(features)


VGG19 = Backbone(
    backbone_id=VGG19_ID,
    name=VGG19_NAME,
    size=layout.INPUT_SIZE,
    preprocessing="vgg19",
    require_weights=lambda: (require_weights(),),
    build=_build,
    tuned=(f"block{len(layout.BLOCKS)}_conv",),
)
