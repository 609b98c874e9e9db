"""The messages between threads about training, besides the events of the fit (`core/training/records`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.datasets.pipeline.augmentation_settings import AugmentationSettings
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.images.decoding.reading import PixelReading
    from desktop_app.core.networks.input_spec import View


@dataclass(frozen=True, slots=True)
class AugmentationRequest:
    """Show what a network would see of these pictures.

    Attributes:
        paths: The user's own pictures.
        size: The height and width of the network's input.
        channels: The number of channels: 3, or 1 for grey.
        settings: The strengths of the changes.
        seed: The seed of the random changes.
        fit: How the network's pictures are fitted.
        crop_share: The share of a picture that a crop keeps.
        reading: How the numbers of the files become pictures; as each file says by default.
    """

    paths: tuple[Path, ...]
    size: int
    channels: int
    settings: AugmentationSettings
    seed: int
    fit: View = "squash"
    crop_share: float = 1.0
    reading: PixelReading | None = None


@dataclass(frozen=True, slots=True)
class AugmentationPreview:
    """The result, one uint8 ``(size, size, 3)`` array for each path that could be read, in order."""

    request: AugmentationRequest
    pictures: tuple[NDArray[np.uint8], ...] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why data cannot be trained on, read as somebody decided: other answers may help."""

    reason: Reason
