"""Which pixel values a model from elsewhere may want, and what speaks for each: proposals, never proof."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.networks.pixels import PIXEL_DETAILS, PIXEL_WORDS, pixel_choices, pixel_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.networks.input_spec import Preprocessing

BY_NAME, BY_SCALING, BY_STATISTICS = 3, 4, 2
"""How much a clue counts."""


@dataclass(frozen=True, slots=True)
class Clue:
    """Something that speaks for one choice.

    Attributes:
        preprocessing: The choice.
        weight: How much it counts, such as `BY_NAME`.
        reason: What was seen, as a sentence.
    """

    preprocessing: Preprocessing
    weight: int
    reason: str


@dataclass(frozen=True, slots=True)
class PixelChoice:
    """One of the pixel values to choose from.

    Attributes:
        preprocessing: The card's name for it.
        reasons: What speaks for it, as sentences.
        likely: Whether more speaks for it than for any other.
    """

    preprocessing: Preprocessing
    reasons: tuple[str, ...] = ()
    likely: bool = False

    @property
    def words(self) -> str:
        """The choice in a few words."""
        return pixel_words(self.preprocessing)

    @property
    def details(self) -> str:
        """The formula, and networks that want it."""
        return PIXEL_DETAILS.get(self.preprocessing, self.preprocessing)


def ranked(channels: int, clues: Sequence[Clue]) -> tuple[PixelChoice, ...]:
    """List all choices for a network, the likeliest first.

    Args:
        channels: Channels of its pictures, 1 or 3.
        clues: What is known about it.
    """
    named = pixel_choices(channels)
    # What a file says may have no name: the bytes that a quantised input holds.
    others = [clue.preprocessing for clue in clues if clue.preprocessing not in PIXEL_WORDS]
    choices = tuple(dict.fromkeys([*named, *others]))
    weights = {
        choice: sum(clue.weight for clue in clues if clue.preprocessing == choice) for choice in choices
    }
    most = max(weights.values())
    leads = most > 0 and list(weights.values()).count(most) == 1
    return tuple(
        PixelChoice(
            choice,
            tuple(clue.reason for clue in clues if clue.preprocessing == choice),
            leads and weights[choice] == most,
        )
        for choice in sorted(choices, key=lambda choice: -weights[choice])
    )


def producer_clue(producer: str, channels: int) -> Clue | None:
    """Tell what the program that wrote a file says about the pixels.

    Args:
        producer: The program, as it calls itself.
        channels: Channels of the network's pictures.
    """
    if channels != 3 or not producer.lower().startswith("pytorch"):
        return None
    reason = (
        "It was written by PyTorch, whose published networks (torchvision, timm) mostly want these pixels."
    )
    return Clue("imagenet", BY_NAME, reason)


def family_clue(names: Sequence[str]) -> Clue | None:
    """Recognise a published network by the names that `keras.applications` gives models and layers.

    Args:
        names: Names of the model, its layers and the models within it.
    """
    for name in names:
        for pattern, title, preprocessing in _BY_MODEL:
            if re.match(pattern, name.lower()):
                return _published(title, preprocessing, name)
    known = set(names)
    for title, layers, preprocessing in _BY_LAYERS:
        if layers <= known:
            return _published(title, preprocessing, min(layers))
    return None


def _published(title: str, preprocessing: Preprocessing, name: str) -> Clue:
    reason = f"It is built like {title} ('{name[:40]}'), which was published with these pixels."
    return Clue(preprocessing, BY_NAME, reason)


_BY_MODEL: tuple[tuple[str, str, Preprocessing], ...] = (
    (r"mobilenet", "MobileNet", "symmetric"),
    (r"resnet(50|101|152)_?v2", "ResNetV2", "symmetric"),
    (r"resnet_?(50|101|152)", "ResNet", "vgg19"),
    (r"vgg_?(16|19)", "VGG", "vgg19"),
    (r"densenet", "DenseNet", "imagenet"),
    (r"inception_?resnet", "InceptionResNetV2", "symmetric"),
    (r"inception_?v3", "InceptionV3", "symmetric"),
    (r"xception", "Xception", "symmetric"),
    (r"nasnet", "NASNet", "symmetric"),
    (r"efficientnetv2-[sml]", "EfficientNetV2", "symmetric"),
    (r"efficientnetv2-b", "EfficientNetV2", "imagenet"),
    (r"convnext", "ConvNeXt", "imagenet"),
)
"""The last ones, as MobileNetV3, scale pixels themselves unless they were built without."""
_BY_LAYERS: tuple[tuple[str, set[str], Preprocessing], ...] = (
    ("Xception", {"block1_conv1", "block2_sepconv1"}, "symmetric"),
    ("VGG", {"block1_conv1", "block1_conv2", "block3_conv3"}, "vgg19"),
    ("ResNetV2", {"conv1_conv", "conv2_block1_preact_bn"}, "symmetric"),
    ("DenseNet", {"conv1_conv", "conv2_block1_concat"}, "imagenet"),
    ("ResNet", {"conv1_conv", "conv2_block1_1_conv"}, "vgg19"),
    ("MobileNet", {"conv_dw_1", "conv_pw_1"}, "symmetric"),
    ("MobileNetV2", {"expanded_conv_depthwise", "block_1_expand"}, "symmetric"),
    ("InceptionResNetV2", {"mixed_5b", "mixed_6a"}, "symmetric"),
    ("InceptionV3", {"mixed0", "mixed10"}, "symmetric"),
    ("NASNet", {"stem_conv1", "stem_bn1"}, "symmetric"),
)
