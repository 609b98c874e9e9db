"""What a network takes: pixels, channels and how they are prepared."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from desktop_app.core.foundation.record import Record
from desktop_app.core.images.decoding.fitting import Fit, Fitting, View, fit_words
from desktop_app.core.images.decoding.reading import AS_STORED, PixelReading

__all__ = ["PUBLISHED_CROP", "Fit", "Fitting", "InputSpec", "Preprocessing", "View", "fit_words"]

Preprocessing = Literal["none", "unit", "symmetric", "vgg19", "efficientnet-lite"]
"""How RGB in 0..255 becomes the network's input.

``none`` leaves 0..255 (the network rescales by itself), ``unit`` maps to 0..1, ``symmetric`` to -1..1,
``vgg19`` swaps RGB to BGR and subtracts the ImageNet means (103.939, 116.779, 123.68), as published with
the VGG weights (Simonyan and Zisserman, 2014); ``efficientnet-lite`` is ``(x - 127) / 128``, as Google's
``efficientnet/lite`` trains with.
"""


PUBLISHED_CROP = 0.875
"""Share that the published figures of ImageNet networks keep: the shorter side becomes 256 pixels, and the
middle 224 x 224 are cut out (Simonyan and Zisserman, 2014)."""


class InputSpec(Record):
    """What the network takes: pixels, channels and the named preprocessing.

    Attributes:
        fit: The way of fitting that the network is most accurate with.
        crop_share: The share of the largest centred crop that a crop keeps, per side.
        mirrored: Whether the prediction is the mean over the picture and its mirror image, which is a little
            more accurate and takes twice as long.
        pixels: How the numbers of a file become a picture, as in the training.
        thin: How very long or very high pictures are seen: in ``parts``, or as all others, which is right
            where the network was trained on them, and was the way of earlier versions.
    """

    height: Annotated[int, Field(ge=1, le=4096)]
    width: Annotated[int, Field(ge=1, le=4096)]
    channels: Literal[1, 3] = 3
    preprocessing: Preprocessing = "none"
    fit: Fit = "squash"
    crop_share: Annotated[float, Field(gt=0, le=1)] = 1.0
    mirrored: bool = False
    pixels: PixelReading = AS_STORED
    thin: Literal["parts", "whole"] = "whole"

    @property
    def fit_words(self) -> str:
        """The way of fitting in a few words: "squash", "crop 87.5%"."""
        if self.fit == "squash" or self.crop_share == 1:
            return self.fit
        crop = f"crop {100 * self.crop_share:.3g}%"
        return crop if self.fit == "crop" else f"squash and {crop}"

    def fitting(self, fit: Fit | None = None) -> Fitting:
        """What of a picture the network sees.

        Args:
            fit: The way of fitting in place of the card's.
        """
        return Fitting(
            self.height, self.width, fit or self.fit, self.crop_share, self.pixels, self.thin == "parts"
        )
