"""The 40 constructors of `keras.applications`, whole models with 1,000 classes."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from benchmarks.zoo_models.case import Case

if TYPE_CHECKING:
    from benchmarks.zoo_models.case import Pixels

CONSTRUCTORS: dict[str, Pixels] = {
    "MobileNet": "symmetric",
    "MobileNetV2": "symmetric",
    "MobileNetV3Small": "none",
    "MobileNetV3Large": "none",
    "NASNetMobile": "symmetric",
    "EfficientNetB0": "none",
    "EfficientNetV2B0": "none",
    "EfficientNetB1": "none",
    "EfficientNetV2B1": "none",
    "DenseNet121": "torch",
    "EfficientNetB2": "none",
    "EfficientNetV2B2": "none",
    "EfficientNetB3": "none",
    "DenseNet169": "torch",
    "EfficientNetV2B3": "none",
    "EfficientNetB4": "none",
    "DenseNet201": "torch",
    "EfficientNetV2S": "none",
    "Xception": "symmetric",
    "InceptionV3": "symmetric",
    "ResNet50": "caffe",
    "ResNet50V2": "symmetric",
    "ConvNeXtTiny": "none",
    "EfficientNetB5": "none",
    "EfficientNetB6": "none",
    "ResNet101": "caffe",
    "ResNet101V2": "symmetric",
    "ConvNeXtSmall": "none",
    "EfficientNetV2M": "none",
    "InceptionResNetV2": "symmetric",
    "ResNet152": "caffe",
    "ResNet152V2": "symmetric",
    "EfficientNetB7": "none",
    "ConvNeXtBase": "none",
    "NASNetLarge": "symmetric",
    "EfficientNetV2L": "none",
    "VGG16": "caffe",
    "VGG19": "caffe",
    "ConvNeXtLarge": "none",
    "ConvNeXtXLarge": "none",
}
"""By number of weights, and the pixels that their ``preprocess_input`` gives; those with ``none`` scale them
themselves (https://keras.io/api/applications/)."""
HEAVIEST = ("NASNetLarge", "EfficientNetV2L", "VGG16", "VGG19", "ConvNeXtLarge", "ConvNeXtXLarge")
QUICK_SIDES = {
    **dict.fromkeys(("InceptionV3", "Xception", "InceptionResNetV2"), 96),
    **dict.fromkeys(("EfficientNetB3", "EfficientNetB4", "EfficientNetB5", "EfficientNetB6"), 128),
    "EfficientNetB7": 128,
}
"""Sides for a quick look; 64 where nothing is said.

The deep EfficientNets with random weights magnify rounding at 64 x 64: the answers of Keras for B6 with and
without a graph are 0.0011 apart, as are the product's.
"""
FIXED = ("NASNetMobile", "NASNetLarge", "VGG16", "VGG19")
"""What a quick look leaves at its own size: dense layers or weights depend on it."""


def build(name: str, side: int | None, keras: Any, **more: Any) -> Any:
    """Make one of them with random weights; ``side`` None stands for its own size."""
    if side is not None and name not in FIXED:
        more["input_shape"] = (side, side, 3)
    return getattr(keras.applications, name)(weights=None, **more)


def cases(*, quick: bool = False) -> list[Case]:
    """All of them, or with ``quick`` all but the heaviest and for small pictures."""
    return [
        Case(
            name,
            functools.partial(build, name, QUICK_SIDES.get(name, 64) if quick else None),
            pixels,
            heavy=True,
        )
        for name, pixels in CONSTRUCTORS.items()
        if not (quick and name in HEAVIEST)
    ]
