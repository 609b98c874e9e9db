"""Which pixel values a model from elsewhere may want, and what speaks for each: proposals, never proof."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.networks.pixels import PIXEL_DETAILS, PIXEL_WORDS, pixel_choices, pixel_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.networks.input_spec import Preprocessing

BY_STATISTICS, BY_NAME, BY_SCALING, BY_CONTRADICTION = 2, 3, 4, 8
"""How much a clue counts. What a network kept of its training counts more than how it is built, where the two
cannot both be true: a person may have trained a published network on other pixels than its makers did."""
_USUAL: tuple[Preprocessing, ...] = ("unit", "none", "symmetric")
"""The order of choices for which nothing speaks: what plain networks are mostly trained on."""


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
    """List all choices for a network, the likeliest first, and otherwise the usual ones first.

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
        for choice in sorted(choices, key=lambda choice: (-weights[choice], _usual(choice)))
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


def _usual(choice: Preprocessing) -> int:
    return _USUAL.index(choice) if choice in _USUAL else len(_USUAL)


def family_clue(names: Sequence[str]) -> Clue | None:
    """Recognise a published network by the names that `keras.applications` gives models and layers.

    The names of a model's layers remain when it gets a name of its own, loses its top or becomes a part of
    another model.

    Args:
        names: Names of the model, its layers and the models within it.
    """
    found = [_by_model(name) for name in names]
    known = set(names)
    layers = next((family for family in _BY_LAYERS if family.fits(known)), None)
    family, name = next((each for each in found if each is not None), (None, ""))
    if family is None and layers is not None and layers.preprocessing is not None:
        family, name = (layers.title, layers.preprocessing), min(layers.wanted)
    if family is None:
        return None
    title, preprocessing = family
    reason = f"It is built like {title} ('{name[:40]}'), which was published with these pixels."
    return Clue(preprocessing, BY_NAME, reason)


def _by_model(name: str) -> tuple[tuple[str, Preprocessing], str] | None:
    for pattern, title, preprocessing in _BY_MODEL:
        if re.match(pattern, name.lower()):
            return (title, preprocessing), name
    return None


@dataclass(frozen=True, slots=True)
class _Family:
    """A published network by the names of its layers.

    Attributes:
        preprocessing: Pixels that it was published with; None where its own layers scale them.
        wanted: Layers that it has.
        unwanted: Layers that only others have.
    """

    title: str
    preprocessing: Preprocessing | None
    wanted: frozenset[str]
    unwanted: frozenset[str] = frozenset()

    def fits(self, names: set[str]) -> bool:
        """Whether a network with layers of these names is one."""
        return self.wanted <= names and not self.unwanted & names


_BY_MODEL: tuple[tuple[str, str, Preprocessing], ...] = (
    (r"mobilenet", "MobileNet", "symmetric"),
    (r"resnet(50|101|152)_?v2", "ResNetV2", "symmetric"),
    (r"resnet_?(50|101|152)", "ResNet", "vgg19"),
    (r"vgg_?(16|19)", "VGG", "vgg19"),
    (r"densenet_?(121|169|201|$)", "DenseNet", "imagenet"),
    (r"inception_?resnet", "InceptionResNetV2", "symmetric"),
    (r"inception_?v3", "InceptionV3", "symmetric"),
    (r"xception", "Xception", "symmetric"),
    (r"nasnet", "NASNet", "symmetric"),
    (r"efficientnet_?v2-?[sml]", "EfficientNetV2", "symmetric"),
    (r"efficientnet_?v2-?b", "EfficientNetV2", "imagenet"),
    (r"convnext", "ConvNeXt", "imagenet"),
)
"""The last ones, as MobileNetV3, scale pixels themselves unless they were built without."""
_V2 = ("stem_conv", "block1a_project_conv")
_V1 = frozenset({"block1a_dwconv"})
_BY_LAYERS: tuple[_Family, ...] = (
    _Family("Xception", "symmetric", frozenset({"block1_conv1", "block2_sepconv1"})),
    _Family("VGG", "vgg19", frozenset({"block1_conv1", "block1_conv2", "block3_conv3"})),
    _Family("ResNetV2", "symmetric", frozenset({"conv1_conv", "conv2_block1_preact_bn"})),
    _Family("DenseNet", "imagenet", frozenset({"conv1_conv", "conv2_block1_concat"})),
    _Family("ResNet", "vgg19", frozenset({"conv1_conv", "conv2_block1_1_conv"})),
    _Family("MobileNet", "symmetric", frozenset({"conv_dw_1", "conv_pw_1"})),
    _Family("MobileNetV2", "symmetric", frozenset({"expanded_conv_depthwise", "block_1_expand"})),
    _Family("MobileNetV3", "symmetric", frozenset({"expanded_conv_depthwise", "expanded_conv_1_expand"})),
    _Family("InceptionResNetV2", "symmetric", frozenset({"mixed_5b", "mixed_6a"})),
    _Family("InceptionV3", "symmetric", frozenset({"mixed0", "mixed7"})),
    _Family("NASNet", "symmetric", frozenset({"stem_conv1", "stem_bn1"})),
    _Family("EfficientNet", None, frozenset({"stem_conv"}) | _V1),
    _Family("EfficientNetV2", "symmetric", frozenset({*_V2, "block6o_project_conv"}), _V1),
    _Family("EfficientNetV2", "symmetric", frozenset({*_V2, "block7a_project_conv"}), _V1),
    _Family("EfficientNetV2", "imagenet", frozenset({*_V2, "block6a_project_conv"}), _V1),
)
"""From Keras 3.15.1 and before. Of EfficientNetV2, S has 15 layers of kind 6 (``block6o``), M and L have a
seventh kind, and B0 to B3 neither; the first one, without V2, always scales pixels itself."""
