"""What a network takes: pixels, channels and how they are prepared."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from desktop_app.core.foundation.record import Record
from desktop_app.core.images.decoding.fitting import Fit, Fitting, Resample, View, fit_words
from desktop_app.core.images.decoding.reading import AS_STORED, PixelReading
from desktop_app.core.networks.pixels import GREY_WEIGHTS, Preprocessing, canonical

__all__ = [
    "PUBLISHED_CROP",
    "Fit",
    "Fitting",
    "InputSpec",
    "Layout",
    "Preprocessing",
    "Resample",
    "View",
    "fit_words",
]

Layout = Literal["nhwc", "nchw", "nhw", "flat"]
"""How the numbers of a batch of pictures lie in the array that a network takes.

``nhwc`` has the channels last, as Keras does; ``nchw`` has them before height and width, as PyTorch does;
``nhw`` has no axis for the channel of grey pictures, so that the rows may also be the steps of a sequence;
``flat`` has one axis for all numbers of a picture, row by row, the channels of a pixel side by side.
"""


_Share = Annotated[float, Field(ge=0, le=1)]

PUBLISHED_CROP = 0.875
"""Share that the published figures of ImageNet networks keep: the shorter side becomes 256 pixels, and the
middle 224 x 224 are cut out (Simonyan and Zisserman, 2014)."""


class InputSpec(Record):
    """What the network takes: pixels, channels and the named preprocessing.

    Attributes:
        fit: The way of fitting that the network is most accurate with.
        crop_share: The share of the largest centred crop that a crop keeps, per side.
        resample: The way in which a picture is scaled.
        grey: The shares of red, green and blue in a grey picture.
        layout: How the numbers lie in the array that the network takes.
        mirrored: Whether the prediction is the mean over the picture and its mirror image, which is a little
            more accurate and takes twice as long.
        pixels: How the numbers of a file become a picture, as in the training.
        thin: How very long or very high pictures are seen: in ``parts``, or as all others, which is right
            where the network was trained on them, and was the way of earlier versions.
    """

    height: Annotated[int, Field(ge=1, le=4096)]
    width: Annotated[int, Field(ge=1, le=4096)]
    channels: Literal[1, 3] = 3
    preprocessing: Annotated[Preprocessing, Field(max_length=300), AfterValidator(canonical)] = "none"
    fit: Fit = "squash"
    crop_share: Annotated[float, Field(gt=0, le=1)] = 1.0
    resample: Resample = "bicubic"
    grey: tuple[_Share, _Share, _Share] = GREY_WEIGHTS
    layout: Layout = "nhwc"
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
            self.height,
            self.width,
            fit or self.fit,
            self.crop_share,
            self.pixels,
            self.thin == "parts",
            self.resample,
        )
