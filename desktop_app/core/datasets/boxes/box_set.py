"""Pictures with boxes around objects, whatever file the boxes stand in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from desktop_app.core.datasets.report import DatasetError
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.foundation.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CROPS_ADVICE = (
    "Sightline learns one label for each picture. Make crops of what is in the boxes, in the Train pane "
    "or by 'sightline crops DATA OUTPUT', and train on those."
)
"""What to do with such a data set."""


class Box(NamedTuple):
    """A box around an object, from the upper left corner of the picture.

    Attributes:
        label: Name of the class of the object.
        left: Left edge, in pixels or as a fraction of the width.
        upper: Upper edge.
        right: Right edge.
        lower: Lower edge.
    """

    label: str
    left: float
    upper: float
    right: float
    lower: float


class BoxedPicture(NamedTuple):
    """A picture with its boxes.

    Attributes:
        picture: Index of the picture.
        boxes: Its boxes.
        unreadable: Number of entries that are no boxes.
        size: Width and height of the picture that the boxes are for; None when the file does not say.
    """

    picture: int
    boxes: tuple[Box, ...]
    unreadable: int = 0
    size: tuple[int, int] | None = None


class BoxesFound(DatasetError):
    """The pictures have boxes around objects: crops of them can be made."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message, advice)
        self.reason = Reason(message, advice, "crops")


@dataclass(frozen=True, slots=True)
class BoxSet:
    """The boxes of a data set.

    Attributes:
        kind: Name of the way they are kept, such as YOLO; empty for a table.
        place: Files with the boxes, as sentences name them.
        pictures: Number of pictures with a file or an entry of their own.
        fractions: Whether the edges are fractions of the picture's size.
        read: Function that reads the boxes of one picture after the other; it may raise `DatasetError`.
        labels: Some of the labels.
    """

    kind: str
    place: str
    pictures: int
    fractions: bool
    read: Callable[[], Iterator[BoxedPicture]]
    labels: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What was found."""
        some = ", ".join(printable(label) for label in self.labels[:5])
        more = f" and {len(self.labels) - 5:,} more" if len(self.labels) > 5 else ""
        classes = f" ({some}{more})" if some else ""
        verb = "has" if self.pictures == 1 else "have"
        kind = f"{self.kind} data set" if self.kind else "data set"
        return (
            f"This is a {kind} for detection: {counted(self.pictures, 'picture')} {verb} "
            f"boxes around objects{classes} in {self.place}."
        )


def corners(label: str, left: float, upper: float, width: float, height: float) -> Box:
    """Make a box of a corner and a size."""
    return Box(label, left, upper, left + width, upper + height)


def stated_size(width: object, height: object) -> tuple[int, int] | None:
    """A picture's size, if a file states one."""
    if isinstance(width, int) and isinstance(height, int) and width > 0 and height > 0:
        return width, height
    return None


def around(label: str, points: list[tuple[float, float]]) -> Box:
    """Make the smallest box around points."""
    across, down = [point[0] for point in points], [point[1] for point in points]
    return Box(label, min(across), min(down), max(across), max(down))
