"""The messages between threads: frozen requests in, frozen events out, sent through ``Signal(object)``."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from desktop_app.core.library.installed_model import InstalledModel as ModelEntry

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.classify.prediction import Prediction
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.images.sources import Source
    from desktop_app.core.inference.choice import AnsweredBy
    from desktop_app.core.networks.input_spec import Fit, Fitting

__all__ = [
    "Answer",
    "Item",
    "ItemState",
    "ModelEntry",
    "ModelPhase",
    "ModelStatus",
    "PicturePreview",
    "TransferProgress",
]


class ItemState(Enum):
    """The state of a picture."""

    WAITING = "waiting"
    ANSWERED = "answered"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Answer:
    """The prediction for one picture, with the model and engine that made it.

    Attributes:
        model_id: The id of the model that was used.
        model_name: The model's readable name.
        by: The engine, its numbers and its device.
        seconds: The time from reading the picture to its labels.
        fitting: What the network saw of the picture; None if unknown.
        own_fit: The image fit of the model's card.
    """

    model_id: str
    model_name: str
    by: AnsweredBy
    seconds: float
    prediction: Prediction
    fitting: Fitting | None = None
    own_fit: Fit = "squash"

    @property
    def fit_note(self) -> str:
        """What the network saw, if it is not what the model prefers or not all there is; else empty."""
        seen = self.prediction.seen
        if seen:
            return f"saw it {seen}" if self.prediction.squashed else f"saw {seen}"
        if self.fitting is None or self.fitting.fit == self.own_fit:
            return ""
        return f"saw {self.fitting.words}"


@dataclass(frozen=True, slots=True)
class Item:
    """One picture of this session; a changed state makes a new Item with the same number.

    Attributes:
        number: The number from 1, in the order in which the pictures came.
        reason: The reason of a failure; None unless ``state`` is FAILED.
    """

    number: int
    source: Source
    state: ItemState = ItemState.WAITING
    answer: Answer | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class PicturePreview:
    """A decoded picture for the screen.

    Attributes:
        number: The number of the item.
        pixels: The pixels, uint8 ``(h, w, 3)`` RGB, C-contiguous, reduced to the requested side.
        width: The full picture's width in pixels, orientation applied.
        height: The full picture's height, likewise.
    """

    number: int
    pixels: NDArray[np.uint8] = field(repr=False, compare=False)
    width: int
    height: int


class ModelPhase(Enum):
    """The phases of loading the chosen model."""

    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """The chosen model and whether it is ready.

    Attributes:
        message: The short line for the screen: "Starting TensorFlow ..."; empty when ``phase`` is FAILED.
        reason: The reason why it can't be used; None unless ``phase`` is FAILED.
        by: The engine, its numbers and its device; None unless ``phase`` is READY.
    """

    model_id: str
    model_name: str
    phase: ModelPhase
    message: str = ""
    reason: Reason | None = None
    by: AnsweredBy | None = None


@dataclass(frozen=True, slots=True)
class TransferProgress:
    """The progress of a download.

    Attributes:
        done: The bytes so far.
        total: The size in bytes, None if the server does not say.
        bytes_per_second: The speed over the last seconds.
        seconds_left: The time left; None if unknown.
        message: The progress in words: "Downloading VGG19: 12.3 of 574.7 MB, 4.1 MB/s, 2 min left".
    """

    model_id: str
    done: int
    total: int | None
    bytes_per_second: float
    seconds_left: float | None
    message: str
