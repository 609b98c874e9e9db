"""What goes into a network: how many pixels, in which order."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.limits import DEFAULT_SIDE, MAX_SIDE
from desktop_app.core.library.inspection.containers.refusal import refuse
from desktop_app.core.library.inspection.tflite.format.advice import CONVERT_PLAINLY

if TYPE_CHECKING:
    from desktop_app.core.library.inspection.tflite.format.document import Tensor
    from desktop_app.core.library.inspection.tflite.operators.rule import Shape
    from desktop_app.core.networks.input_spec import Layout

_OPEN = -1
_DTYPES = ("float32", "uint8", "int8")


@dataclass(frozen=True, slots=True)
class Entry:
    """The picture that a network takes.

    Attributes:
        height: Its height.
        width: Its width.
        channels: 1 or 3.
        layout: How its numbers lie.
        any_size: Whether the file leaves height and width open; they are then a choice.
    """

    height: int
    width: int
    channels: int
    layout: Layout
    any_size: bool = False

    @property
    def shape(self) -> Shape:
        """Shape of the array for one picture."""
        match self.layout:
            case "nhwc":
                return 1, self.height, self.width, self.channels
            case "nchw":
                return 1, self.channels, self.height, self.width
            case "nhw":
                return 1, self.height, self.width
            case "flat":
                return 1, self.height * self.width * self.channels


def entry_of(tensor: Tensor, size: tuple[int, int] | None = None) -> Entry:
    """Find out which picture a tensor takes.

    Args:
        tensor: What goes into the network.
        size: Height and width for a network that leaves them open; by default `DEFAULT_SIDE` each.

    Raises:
        ModelError: It takes no picture, several at once, or one that is too large.
    """
    if tensor.dtype not in _DTYPES:
        refuse(f"its input holds {tensor.dtype} numbers", CONVERT_PLAINLY)
    if not tensor.shape:
        refuse("its input is not a picture with one or three channels", CONVERT_PLAINLY)
    batch, *sides = tensor.signature
    if batch not in {_OPEN, 1} and len(sides) in {1, 2, 3}:
        if len(tensor.shape) == 3 and sides[1] in {1, 3}:
            refuse("its input has no axis for the number of pictures", CONVERT_PLAINLY)
        refuse(f"it is for a fixed number of pictures: {batch} at once", CONVERT_PLAINLY)
    entry = _picture(sides, size or (DEFAULT_SIDE, DEFAULT_SIDE))
    if entry is None:
        refuse("its input is not a picture with one or three channels", CONVERT_PLAINLY)
    if max(entry.height, entry.width) > MAX_SIDE:
        refuse(f"its input is larger than {MAX_SIDE} pixels")
    return entry


def _picture(sides: list[int], size: tuple[int, int]) -> Entry | None:
    match sides:
        case [height, width, 1 | 3 as channels]:
            return _sized(height, width, channels, "nhwc", size)
        case [1 | 3 as channels, height, width]:
            return _sized(height, width, channels, "nchw", size)
        case [height, width]:
            return _sized(height, width, 1, "nhw", size)
        case [count] if count > 0:
            # No square is three times another one, so that there is one answer at most.
            for channels in (1, 3):
                side = math.isqrt(count // channels)
                if side > 1 and side * side * channels == count:
                    return Entry(side, side, channels, "flat")
    return None


def _sized(height: int, width: int, channels: int, layout: Layout, size: tuple[int, int]) -> Entry | None:
    any_size = _OPEN in {height, width}
    if height == _OPEN:
        height = size[0]
    if width == _OPEN:
        width = size[1]
    # A row or a column alone is a list of something else.
    return Entry(height, width, channels, layout, any_size) if min(height, width) > 1 else None
