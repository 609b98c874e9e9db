"""What a network takes: a picture, and how its numbers are laid out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.limits import DEFAULT_SIDE, MAX_SIDE
from desktop_app.core.library.inspection.containers.refusal import refuse, to_the_maker
from desktop_app.core.library.inspection.keras.network.graph import Graph, Layer, Tensor

if TYPE_CHECKING:
    from desktop_app.core.library.inspection.keras.network.graph import Chain, RecordedShape
    from desktop_app.core.library.inspection.keras.network.rule import Shape
    from desktop_app.core.networks.input_spec import Layout

WHOLE_NUMBERS = frozenset({"uint8", "int32"})
"""Number formats of an input that takes whole numbers."""
_LEAST_SIDE = 8
"""Fewer numbers in a row or column are hardly a picture: tables of measurements look like that."""
_LONGEST = 4
"""Times that one side of a grey picture without channels is longer than the other, at most."""
_ADVICE = to_the_maker(
    "give it pictures, as in keras.Input((28, 28, 1)) with a Reshape or Flatten layer behind, and save "
    "it again"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """The input of a network.

    Attributes:
        height: Height of the picture, in pixels.
        width: Width of the picture, in pixels.
        channels: 1 (grey) or 3 (RGB).
        layout: How its numbers are ordered.
        any_size: Whether other heights and widths do as well.
        shape: Shape of one input.
        whole_numbers: Whether it takes whole numbers only.
        reading: How a row of numbers is read, as a sentence; empty for a picture with channels.
    """

    height: int
    width: int
    channels: int
    layout: Layout
    any_size: bool
    shape: Shape
    whole_numbers: bool
    reading: str = ""


def entry_of(model: Graph | Chain) -> Entry:
    """Work out what picture a model takes.

    Raises:
        ModelError: It takes something else, or does not say what.
    """
    shape, dtype = _recorded(model)
    whole = dtype in WHOLE_NUMBERS
    if len(shape) == 3 and shape[2] in {1, 3}:
        return _with_channels(shape, whole)
    if len(shape) == 3 and shape[0] in {1, 3} and _turns(model):
        return _channels_first(shape, whole)
    if len(shape) == 2:
        return _grey_rows(shape, whole)
    if len(shape) != 1 or shape[0] is None:
        refuse("its input is not a picture with one or three channels", _ADVICE)
    return _row(shape[0], whole)


def _with_channels(shape: RecordedShape, whole: bool) -> Entry:
    height, width = (DEFAULT_SIDE if side is None else side for side in shape[:2])
    channels = shape[2]
    assert channels is not None
    _check_sides(height, width)
    return Entry(height, width, channels, "nhwc", None in shape, (height, width, channels), whole)


def _channels_first(shape: RecordedShape, whole: bool) -> Entry:
    channels, height, width = shape
    if channels is None or height is None or width is None:
        refuse("its input is a picture with the channels first, and does not say of what size")
    _check_sides(height, width)
    return Entry(height, width, channels, "nchw", False, (channels, height, width), whole)


def _grey_rows(shape: RecordedShape, whole: bool) -> Entry:
    """A grey picture without an axis for channels: its rows are a sequence."""
    height, width = shape
    if height is None and width is None:
        refuse("its input is a table of numbers of any size, and not a picture", _ADVICE)
    height = width if height is None else height
    width = height if width is None else width
    assert height is not None
    assert width is not None
    _check_sides(height, width)
    if width == 3 * height:
        refuse(
            f"its input of {height} rows of {width} numbers may be a grey picture, or one in colour of "
            f"{height} x {height} pixels",
            to_the_maker(
                f"start it with keras.Input(({height}, {height}, 3)) or keras.Input(({height}, {width}, 1)) "
                "and a Reshape layer, and save it again"
            ),
        )
    if min(height, width) < _LEAST_SIDE or max(height, width) > _LONGEST * min(height, width):
        refuse(f"its input of {height} rows of {width} numbers is not a picture", _ADVICE)
    reading = f"Its input of {height} rows of {width} numbers is taken as a grey picture."
    return Entry(height, width, 1, "nhw", False, (height, width), whole, reading)


def _row(count: int, whole: bool) -> Entry:
    """All numbers of a square picture in one row."""
    grey, colour = math.isqrt(count), math.isqrt(count // 3)
    if grey * grey == count:
        side, channels, words = grey, 1, "grey picture"
    elif 3 * colour * colour == count:
        side, channels, words = colour, 3, "picture in colour"
    else:
        side, channels, words = 0, 0, ""
    if side < _LEAST_SIDE:
        refuse(f"its input is a row of {count} numbers, which is not a square picture", _ADVICE)
    _check_sides(side, side)
    reading = f"Its input of {count} numbers is taken as a {words}, {side} x {side}, row by row."
    return Entry(side, side, channels, "flat", False, (count,), whole, reading)


def _check_sides(height: int, width: int) -> None:
    if max(height, width) > MAX_SIDE:
        refuse(f"its input is larger than {MAX_SIDE} pixels")


def _recorded(model: Graph | Chain) -> tuple[RecordedShape, str]:
    """Shape and number format of the input, as the file has them."""
    if isinstance(model, Graph):
        return model.entry.shape, model.entry.dtype
    if model.entry is not None:
        return model.entry, model.dtype
    if not model.parts or isinstance(model.parts[0], Layer):
        refuse("it does not say what input it takes: it was saved before it was built", _BUILD_ADVICE)
    return _recorded(model.parts[0])


_BUILD_ADVICE = to_the_maker(
    "add keras.Input((height, width, channels)) as its first layer, and save it again"
)


def _turns(model: Graph | Chain) -> bool:
    """Whether the first layer of a network puts the channels of its input last."""
    if isinstance(model, Graph):
        start = Tensor(model.entry.name, 0)
        firsts = [
            part
            for part, calls in zip(model.parts, model.calls, strict=True)
            if any(start in call.tensors for call in calls)
        ]
    else:
        firsts = list(model.parts[:1])
    return bool(firsts) and all(
        isinstance(part, Layer)
        and (
            (part.kind == "Permute" and part.config.get("dims") == [2, 3, 1])
            or (part.kind == "Transpose" and part.config.get("axes") == [0, 2, 3, 1])
        )
        for part in firsts
    )
