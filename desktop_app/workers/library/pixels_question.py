"""Asking which pixel values a model wants: the question, and the answers that it gives under each choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.exchange.importing import PixelsNeeded
    from desktop_app.core.library.pixel_choices import PixelChoice
    from desktop_app.core.networks.input_spec import Preprocessing
    from desktop_app.core.networks.outputs import Task

MOST_PICTURES = 5
_SIDE = 512


@dataclass(frozen=True, slots=True)
class PixelsQuestion:
    """A model file does not say which pixel values it wants: the window asks.

    Attributes:
        path: The model file.
        name: The name that was asked for it.
        labels: The class names that were given.
        choices: The values to choose from, the likeliest first.
        pictures: The pictures that were tried, and their names.
        answers: For each choice, the label and the probability of the best class of each picture.
        task: What the user said its outputs are for.
        units: The units that were given for its amounts.
    """

    path: Path
    name: str | None
    labels: tuple[str, ...] | None
    choices: tuple[PixelChoice, ...]
    pictures: tuple[tuple[str, NDArray[np.uint8]], ...]
    answers: Mapping[Preprocessing, tuple[tuple[str, float], ...]]
    task: Task | None = None
    units: tuple[str, ...] = ()


def ask_pixels(
    needed: PixelsNeeded,
    name: str | None,
    labels: tuple[str, ...] | None,
    own: tuple[Path, ...],
    cancel: CancelToken,
) -> PixelsQuestion:
    """Try a model's choices on the user's own pictures, or on those that ship with the app.

    Raises:
        ModelError: One of the pictures cannot be read, or the network fails.
        Cancelled: The user cancelled.
    """
    from desktop_app.core.classify.pixel_trial import try_pixels
    from desktop_app.core.images.sample_pictures import read_pictures, sample_files

    pictures = read_pictures(own[:MOST_PICTURES] or sample_files(), _SIDE)
    trial = try_pixels(needed.path, needed.card, needed.clues, [pixels for _, pixels in pictures], cancel)
    if needed.card.task in {"regression", "embedding"}:  # no best class to show under each choice
        return PixelsQuestion(needed.path, name, labels, trial.choices, (), {})
    return PixelsQuestion(needed.path, name, labels, trial.choices, tuple(pictures), trial.answers)
