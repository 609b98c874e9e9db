"""The pixel values that networks are trained on, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop_app.core.networks.input_spec import Preprocessing

PIXEL_WORDS: Mapping[Preprocessing, str] = {
    "none": "0 to 255, unchanged",
    "unit": "0 to 1",
    "symmetric": "-1 to 1",
    "vgg19": "BGR minus the ImageNet means",
    "imagenet": "ImageNet mean and deviation",
    "efficientnet-lite": "(x - 127) / 128",
}
PIXEL_DETAILS: Mapping[Preprocessing, str] = {
    "none": "For networks that scale pixels themselves, such as EfficientNet",
    "unit": "x / 255, as many tutorials do before training",
    "symmetric": "x / 127.5 - 1, as MobileNet, Inception, Xception and ResNetV2",
    "vgg19": "Channels reversed, minus 103.9, 116.8, 123.7, as VGG and ResNet",
    "imagenet": "x / 255, minus the mean, by the deviation, as DenseNet and PyTorch",
    "efficientnet-lite": "Almost -1 to 1, as EfficientNet-Lite",
}
_GREY: tuple[Preprocessing, ...] = ("none", "unit", "symmetric")


def pixel_choices(channels: int) -> tuple[Preprocessing, ...]:
    """List the pixel values that a network for pictures with 1 or 3 channels can be given."""
    return _GREY if channels == 1 else tuple(PIXEL_WORDS)
