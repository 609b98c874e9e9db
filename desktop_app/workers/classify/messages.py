"""What crosses threads: frozen requests in, frozen events out, sent through ``Signal(object)``."""

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
    """What became of a picture so far."""

    WAITING = "waiting"
    ANSWERED = "answered"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer for one picture, with who gave it.

    Attributes:
        model_id: Id of the model that answered.
        model_name: Its readable name.
        device: Readable, such as "CPU (2 cores)".
        seconds: From reading the picture to its labels.
    """

    model_id: str
    model_name: str
    device: str
    seconds: float
    prediction: Prediction


@dataclass(frozen=True, slots=True)
class Item:
    """One picture of this session; a changed state makes a new Item with the same number.

    Attributes:
        number: From 1, in the order in which the pictures came.
        reason: Why it failed; None unless ``state`` is FAILED.
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
        number: Of the item.
        pixels: uint8 ``(h, w, 3)`` RGB, C-contiguous, reduced to the side that was asked for.
        width: Of the full picture in pixels, orientation applied.
        height: Likewise.
    """

    number: int
    pixels: NDArray[np.uint8] = field(repr=False, compare=False)
    width: int
    height: int


class ModelPhase(Enum):
    """Where loading the chosen model stands."""

    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """The chosen model and whether it can answer.

    Attributes:
        message: One short line for the screen: "Starting TensorFlow ..."; empty when ``phase`` is FAILED.
        reason: Why it cannot answer; None unless ``phase`` is FAILED.
    """

    model_id: str
    model_name: str
    phase: ModelPhase
    message: str = ""
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class TransferProgress:
    """How far a download is.

    Attributes:
        done: Bytes so far.
        total: Bytes in all, None when the server does not say.
        bytes_per_second: Over the last seconds.
        seconds_left: None when it cannot be told.
        message: One line in words: "Downloading VGG19: 12.3 of 574.7 MB, 4.1 MB/s, 2 min left".
    """

    model_id: str
    done: int
    total: int | None
    bytes_per_second: float
    seconds_left: float | None
    message: str
