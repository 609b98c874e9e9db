"""The pixel values that networks are trained on: named ones, and any scale, offset and order of channels."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Preprocessing = str
"""How RGB in 0..255 becomes the network's input: a name of `PIXEL_WORDS`, or a text that `affine_of` reads.

``none`` leaves 0..255 (the network rescales by itself), ``unit`` maps to 0..1, ``symmetric`` to -1..1,
``bgr`` swaps RGB to BGR, as OpenCV reads pictures; ``vgg19`` does so too and subtracts the ImageNet means
(103.939, 116.779, 123.68), as published with the VGG weights (Simonyan and Zisserman, 2014);
``efficientnet-lite`` is ``(x - 127) / 128``, as Google's ``efficientnet/lite`` trains with; ``imagenet`` maps
to 0..1, subtracts the ImageNet means (0.485, 0.456, 0.406) and divides by the deviations (0.229, 0.224,
0.225), as DenseNet and networks from PyTorch want it.

Anything else is written as ``scale=1/255 offset=-0.5 order=bgr``: the network gets ``scale * x + offset``.
Each number may be a fraction, and stand once or for each channel, ``scale=1/58,1/57,1/57``, in the order in
which the network gets them. What is left out is 1, 0 and ``rgb``.
"""

IMAGENET_MEANS_BGR = (103.939, 116.779, 123.68)
"""Mean of the ImageNet training pictures per channel, published with the VGG weights."""
IMAGENET_MEANS = (0.485, 0.456, 0.406)
IMAGENET_DEVIATIONS = (0.229, 0.224, 0.225)
"""Mean and standard deviation of the ImageNet training pictures per channel, RGB in 0..1, as torchvision and
`keras.applications.densenet` use them."""

GREY_WEIGHTS = (0.299, 0.587, 0.114)
"""Shares of red, green and blue in a grey picture, after ITU-R BT.601, as Pillow and OpenCV have it."""

PIXEL_WORDS: Mapping[Preprocessing, str] = {
    "none": "0 to 255, unchanged",
    "unit": "0 to 1",
    "symmetric": "-1 to 1",
    "vgg19": "BGR minus the ImageNet means",
    "imagenet": "ImageNet mean and deviation",
    "bgr": "BGR, 0 to 255",
    "efficientnet-lite": "(x - 127) / 128",
}
PIXEL_DETAILS: Mapping[Preprocessing, str] = {
    "none": "For networks that scale pixels themselves, such as EfficientNet",
    "unit": "x / 255, as many tutorials do before training",
    "symmetric": "x / 127.5 - 1, as MobileNet, Inception, Xception and ResNetV2",
    "vgg19": "Channels reversed, minus 103.9, 116.8, 123.7, as VGG and ResNet",
    "imagenet": "x / 255, minus the mean, by the deviation, as DenseNet and PyTorch",
    "bgr": "Channels reversed, as OpenCV reads pictures",
    "efficientnet-lite": "Almost -1 to 1, as EfficientNet-Lite",
}
_GREY: tuple[Preprocessing, ...] = ("none", "unit", "symmetric")

PIXEL_FORM = "scale=1/255 offset=-0.5 order=bgr"
"""An example of pixels that have no name."""
_FIELD = re.compile(r"(scale|offset)=([^\s=]{1,120})|order=(rgb|bgr)")
_NUMBER = re.compile(r"([+-]?[0-9.]{1,24}(?:e[+-]?[0-9]{1,3})?)(?:/([0-9.]{1,24}))?", re.IGNORECASE)
_LARGEST = 1e6


class Affine(NamedTuple):
    """``scale * x + offset`` for each channel, in the order in which the network gets them.

    Attributes:
        scale: One number, or one for each channel.
        offset: One number, or one for each channel.
        reversed: Whether the channels come as BGR.
    """

    scale: tuple[float, ...] = (1.0,)
    offset: tuple[float, ...] = (0.0,)
    reversed: bool = False

    @property
    def text(self) -> Preprocessing:
        """The same as a text that `affine_of` reads, always written in the same way."""
        fields = [f"scale={_listed(self.scale)}", f"offset={_listed(self.offset)}"]
        return " ".join([*fields, "order=bgr"] if self.reversed else fields)


_NAMED: Mapping[Preprocessing, Affine] = {
    "none": Affine(),
    "unit": Affine((1 / 255,)),
    "symmetric": Affine((1 / 127.5,), (-1.0,)),
    "vgg19": Affine((1.0,), tuple(-mean for mean in IMAGENET_MEANS_BGR), reversed=True),
    "imagenet": Affine(
        tuple(1 / (255 * deviation) for deviation in IMAGENET_DEVIATIONS),
        tuple(-mean / deviation for mean, deviation in zip(IMAGENET_MEANS, IMAGENET_DEVIATIONS, strict=True)),
    ),
    "bgr": Affine(reversed=True),
    "efficientnet-lite": Affine((1 / 128,), (-127 / 128,)),
}


def pixel_choices(channels: int) -> tuple[Preprocessing, ...]:
    """List the named pixel values that a network for pictures with 1 or 3 channels can be given."""
    return _GREY if channels == 1 else tuple(PIXEL_WORDS)


def affine_of(preprocessing: Preprocessing) -> Affine:
    """Express pixel values as scale, offset and order of the channels.

    Raises:
        ValueError: They are neither a name nor such a text; the message says what is wrong.
    """
    if preprocessing in _NAMED:
        return _NAMED[preprocessing]
    found: dict[str, str] = {}
    for part in preprocessing.split():
        match = _FIELD.fullmatch(part)
        key = part.partition("=")[0]
        if match is None or key in found:
            message = f"'{part[:40]}' is no name of pixel values, and not of the form '{PIXEL_FORM}'"
            raise ValueError(message)
        found[key] = part.partition("=")[2]
    if not found:
        message = "there are no pixel values"
        raise ValueError(message)
    affine = Affine(
        _numbers(found.get("scale", "1")), _numbers(found.get("offset", "0")), found.get("order") == "bgr"
    )
    if not any(affine.scale):
        message = "a scale of 0 makes all pictures the same"
        raise ValueError(message)
    return affine


def canonical(preprocessing: Preprocessing) -> Preprocessing:
    """Write pixel values always in the same way: by their name where they have one.

    Raises:
        ValueError: As `affine_of` says.
    """
    if preprocessing in _NAMED:
        return preprocessing
    affine = affine_of(preprocessing)
    return next((name for name, named in _NAMED.items() if named == affine), affine.text)


def fits_channels(preprocessing: Preprocessing, channels: int) -> bool:
    """Tell whether pictures with 1 or 3 channels can be given these pixel values."""
    affine = affine_of(preprocessing)
    counts = {len(affine.scale), len(affine.offset)}
    return counts <= {1, channels} and not (channels == 1 and affine.reversed)


def pixel_words(preprocessing: Preprocessing) -> str:
    """Pixel values in a few words."""
    if preprocessing in PIXEL_WORDS:
        return PIXEL_WORDS[preprocessing]
    affine = affine_of(preprocessing)
    order = "BGR " if affine.reversed else ""
    offset, sign = affine.offset, "+"
    if len(offset) == 1 and offset[0] < 0:
        offset, sign = (-offset[0],), "-"
    return f"{order}x * {_short(affine.scale)} {sign} {_short(offset)}"


def _numbers(text: str) -> tuple[float, ...]:
    """Read one number or three, with commas between them.

    Raises:
        ValueError: They are none.
    """
    values = tuple(_number(part) for part in text.split(","))
    if len(values) not in {1, 3}:
        message = f"'{text[:40]}' is neither one number nor three"
        raise ValueError(message)
    return values if len(set(values)) > 1 else values[:1]


def _number(text: str) -> float:
    match = _NUMBER.fullmatch(text)
    try:
        value = float(match[1]) / float(match[2] or 1) if match else math.nan
    except (ValueError, ZeroDivisionError):
        value = math.nan
    if not abs(value) <= _LARGEST:
        message = f"'{text[:40]}' is not a number that pixels can be scaled with"
        raise ValueError(message)
    return value


def _listed(values: Sequence[float]) -> str:
    return ",".join(repr(float(value)) for value in values)


def _short(values: Sequence[float]) -> str:
    parts = ", ".join(f"{value:.4g}" for value in values)
    return parts if len(values) == 1 else f"({parts})"
