"""In which ways programs bring pictures to a network's size and make them grey: proposals, never proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from desktop_app.core.networks.input_spec import PUBLISHED_CROP
from desktop_app.core.networks.pixels import GREY_WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop_app.core.networks.input_spec import Fit, Resample


class FitChoice(NamedTuple):
    """One way to bring pictures to a network's size.

    Attributes:
        words: The way in a few words.
        details: Who does so, as a part of a sentence.
        fit: How pictures are fitted.
        crop_share: The share of each side that a crop keeps.
        resample: How they are scaled.
    """

    words: str
    details: str
    fit: Fit
    crop_share: float
    resample: Resample


SIGHTLINE = FitChoice(
    "Sightline's own: squashed, bicubic", "Smooth, and the whole picture is seen", "squash", 1.0, "bicubic"
)
KERAS = FitChoice(
    "Keras's own: squashed, bilinear without a filter",
    "As image_dataset_from_directory, Resizing layers and tf.image.resize scale unless told otherwise",
    "squash",
    1.0,
    "keras",
)
LOAD_IMG = FitChoice(
    "Keras's older way: squashed, nearest pixel",
    "As ImageDataGenerator and load_img scale unless told otherwise",
    "squash",
    1.0,
    "nearest",
)
TORCH = FitChoice(
    f"PyTorch's own: the centre ({100 * PUBLISHED_CROP:.3g}%), bilinear",
    "As torchvision's published networks are tested: the shorter side to 256, the centre of 224",
    "crop",
    PUBLISHED_CROP,
    "bilinear",
)
TEACHABLE = FitChoice(
    "Teachable Machine's own: the centre, Lanczos",
    "As the example that it gives along with a model, by Pillow's ImageOps.fit",
    "crop",
    1.0,
    "lanczos",
)

FIT_WORDS: Mapping[Fit, str] = {
    "squash": "Whole picture, squashed",
    "crop": "Centre only",
    "both": "Both, and the mean of the answers",
}
RESAMPLE_WORDS: Mapping[Resample, str] = {
    "bicubic": "Bicubic",
    "bilinear": "Bilinear",
    "keras": "Bilinear without a filter",
    "lanczos": "Lanczos",
    "nearest": "Nearest pixel",
}

GREY_CHOICES: Mapping[str, tuple[float, float, float]] = {
    "BT.601: 0.299, 0.587, 0.114 (Pillow, OpenCV, TensorFlow)": GREY_WEIGHTS,
    "Mean of the three colours": (1 / 3, 1 / 3, 1 / 3),
    "BT.709: 0.2126, 0.7152, 0.0722 (scikit-image)": (0.2126, 0.7152, 0.0722),
}
"""Shares of red, green and blue in grey: ITU-R BT.601 and BT.709. scikit-image's `rgb2gray` documents 0.2125,
0.7154 and 0.0721, which differ by less than one step of 255."""


def fit_choices(architecture: str, producer: str = "") -> tuple[FitChoice, ...]:
    """List the usual ways, that of the program which made a file first.

    Args:
        architecture: The card's name of the format.
        producer: The program that wrote the file, as it calls itself.
    """
    if producer.lower().startswith("pytorch"):
        return (TORCH, SIGHTLINE, KERAS, LOAD_IMG, TEACHABLE)
    if architecture == "onnx":
        return (SIGHTLINE, TORCH, KERAS, LOAD_IMG, TEACHABLE)
    return (KERAS, LOAD_IMG, SIGHTLINE, TORCH, TEACHABLE)


def grey_shares(text: str) -> tuple[float, float, float]:
    """Read three shares (0..1), of which at least one is above 0, such as ``0.3, 0.6, 0.1``.

    Raises:
        ValueError: They are none; the message says so.
    """
    try:
        red, green, blue = (float(part) for part in text.split(","))
    except ValueError:
        message = "Write three shares with commas between them, such as 0.3, 0.6, 0.1."
        raise ValueError(message) from None
    shares = (red, green, blue)
    if not all(0 <= share <= 1 for share in shares) or not any(shares):
        message = "Each share is from 0 to 1, and not all are 0."
        raise ValueError(message)
    return shares
