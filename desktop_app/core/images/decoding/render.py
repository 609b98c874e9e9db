"""From the numbers of a file to a picture."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from PIL import Image

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.levels import (
    LEFT_EMPTY,
    Levels,
    finite_range,
    is_numeric,
    to_bytes,
    usual_levels,
)
from desktop_app.core.images.decoding.limits import (
    MAX_PIXELS,
    MEMORY_BYTES,
    SLACK_BYTES,
    reduction,
    refuse_memory,
    refuse_pixels,
)
from desktop_app.core.images.decoding.reading import AS_STORED, PixelReading

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from desktop_app.core.images.science.frames import Frames

_PROJECTED_NUMBERS = 2_000_000_000
"""Most numbers of a stack that are read for its mean or maximum: some seconds of work."""

_TILE_NUMBERS = 1 << 21

_COLOURS = {"grey": 1, "rgb": 3, "lab": 3, "cmyk": 4}
_MODES = {"grey": "L", "rgb": "RGB", "cmyk": "CMYK", "lab": "LAB", "bands": "RGB"}
_WHITES = {"L": (255,), "RGB": (255, 255, 255), "CMYK": (0, 0, 0, 0), "LAB": (255, 0, 0)}


def check_frames(frames: Frames, file_bytes: int) -> None:
    """Refuse pictures whose reading would take too much memory.

    Args:
        frames: What the header says.
        file_bytes: Size of the file.

    Raises:
        UnreadableImage: They are too large, or have no pixels at all.
    """
    pixels = frames.width * frames.height
    if pixels < 1 or frames.bands < 1 or frames.planes < 1:
        raise UnreadableImage(f"The {frames.kind} picture has no pixels.", "Choose another file.")
    refuse_pixels(pixels, MAX_PIXELS)
    plane = pixels * frames.bands * frames.dtype.itemsize
    needed = plane + file_bytes if frames.needed_bytes is None else frames.needed_bytes
    factor = reduction((frames.width, frames.height))
    result = 7 * ceil(frames.width / factor) * ceil(frames.height / factor)
    if max(needed, plane + result) + file_bytes + SLACK_BYTES > MEMORY_BYTES:
        refuse_memory(pixels)


def render(
    frames: Frames,
    reading: PixelReading = AS_STORED,
    on_numbers: Callable[[NDArray[Any]], None] = lambda _numbers: None,
) -> Image.Image:
    """Make a picture of mode L, RGB, CMYK or LAB, not turned upright.

    Transparent parts lie over white. A picture of more than `limits.FULL_SIZE_PIXELS` is averaged down by a
    whole number.

    Args:
        frames: What the reader found; `check_frames` has accepted it.
        reading: Decisions about plane, bands, black and white.
        on_numbers: Callback with the numbers that are shown, transparency left out.

    Raises:
        UnreadableImage: A band that is asked for is not there, or nobody has said which are shown.
    """
    chosen = shown_bands(frames, reading)
    numbers = plane_of(frames, reading, (*chosen, frames.alpha) if frames.alpha is not None else chosen)
    colours = numbers[..., : len(chosen)]
    levels = levels_of(frames, colours, reading)
    on_numbers(colours)
    alpha_levels = Levels(0, _alpha_white(frames)) if frames.alpha is not None else None
    factor = reduction((frames.width, frames.height))
    mode = _MODES[frames.colours] if reading.bands is None else "RGB"
    sides = ceil(frames.height / factor), ceil(frames.width / factor)
    pixels = np.empty(sides if mode == "L" else (*sides, len(chosen)), np.uint8)
    rows = max(_TILE_NUMBERS // (frames.width * numbers.shape[-1]) // factor, 1) * factor
    for top in range(0, frames.height, rows):
        part = numbers[top : top + rows]
        tile = to_bytes(part[..., : len(chosen)], levels)
        if alpha_levels is not None:
            cover = to_bytes(part[..., -1:], alpha_levels)
            tile = _on_white(tile, cover, _WHITES[mode], premultiplied=frames.premultiplied)
        if mode == "L":
            tile = tile[..., 0]
        if factor > 1:
            tile = np.asarray(Image.fromarray(tile, mode).reduce(factor))
        pixels[top // factor : top // factor + len(tile)] = tile
    return Image.fromarray(pixels, mode)


def shown_bands(frames: Frames, reading: PixelReading) -> tuple[int, ...]:
    """The bands that become grey, or red, green and blue.

    Raises:
        UnreadableImage: One that is asked for is not there, or nobody has said which are shown.
    """
    own = own_bands(frames)
    if reading.bands is not None:
        if max(reading.bands) >= len(own):
            refuse_bands(len(own), reading.bands)
        return tuple(own[band] for band in reading.bands)
    if frames.colours == "bands":
        raise UnreadableImage(
            f"The picture has {frames.words}, and nothing says which of them are red, green and blue.",
            "Save three of them as an RGB picture, or use a model that was trained on such pictures.",
        )
    return tuple(own[: _COLOURS[frames.colours]])


def own_bands(frames: Frames) -> list[int]:
    """Indices of the bands, transparency left out."""
    return [band for band in range(frames.bands) if band != frames.alpha]


def plane_of(frames: Frames, reading: PixelReading, bands: tuple[int, ...]) -> NDArray[Any]:
    """Read one plane, or the mean or maximum of all: numbers ``(height, width, len(bands))``."""

    def read(plane: int) -> NDArray[Any]:
        numbers = frames.read(plane)
        return numbers if bands == tuple(range(frames.bands)) else numbers[..., list(bands)]

    if frames.planes == 1 or reading.plane in {None, "first"}:
        return read(0)
    if reading.plane == "middle":
        return read(frames.planes // 2)
    if frames.planes * frames.width * frames.height * frames.bands > _PROJECTED_NUMBERS:
        raise UnreadableImage(
            f"The picture has {frames.planes:,} {frames.plane_word}, too many to take all of them together.",
            'Choose "first" or "middle" for files with several planes.',
        )
    if reading.plane == "maximum":
        together = read(0)
        for plane in range(1, frames.planes):
            together = (
                np.ma.maximum(together, read(plane))
                if np.ma.isMA(together)
                else np.fmax(together, read(plane))
            )
        return together
    total = read(0).astype(np.float64)
    for plane in range(1, frames.planes):
        total += read(plane)
    total /= frames.planes
    return total if frames.dtype.kind == "f" else np.rint(total).astype(frames.dtype)


def levels_of(frames: Frames, numbers: NDArray[Any], reading: PixelReading) -> Levels:
    """Choose black and white: as decided, else as the file declares, else as its numbers suggest."""
    if frames.colours in {"cmyk", "lab"}:
        return Levels(0, 255 if frames.dtype.itemsize == 1 else 65535)
    if is_numeric(frames.dtype) and reading.black is not None and reading.white is not None:
        levels = Levels(reading.black, reading.white)
        return (
            Levels(levels.white, levels.black)
            if frames.white_is_low and levels.black < levels.white
            else levels
        )
    if frames.low is not None and frames.high is not None and frames.low < frames.high:
        levels = Levels(frames.low, frames.high)
    else:
        found = finite_range(numbers)
        if found is None:
            raise UnreadableImage(
                f"The {frames.kind} picture shows nothing: all its numbers are missing.",
                "Choose another file.",
            )
        low, high = found
        levels = usual_levels(low, high, frames.dtype)
        counts = frames.colours == "grey" and frames.kind != "PNG"
        if frames.dtype == np.uint16 and high > LEFT_EMPTY and not counts:
            levels = Levels(0, 65535)
    return Levels(levels.white, levels.black) if frames.white_is_low else levels


def _alpha_white(frames: Frames) -> float:
    if frames.low == 0 and frames.high is not None:
        return frames.high
    return 1.0 if frames.dtype.kind in "fb" else float(np.iinfo(frames.dtype).max)


def _on_white(
    colours: NDArray[np.uint8], alpha: NDArray[np.uint8], white: tuple[int, ...], *, premultiplied: bool
) -> NDArray[np.uint8]:
    cover = alpha.astype(np.uint32)
    own = colours.astype(np.uint32) * (255 if premultiplied else cover)
    paper = np.array(white, np.uint32) * (255 - cover)
    mixed: NDArray[np.uint8] = np.minimum((own + paper + 127) // 255, 255).astype(np.uint8)
    return mixed


def refuse_bands(count: int, wanted: tuple[int, int, int]) -> NoReturn:
    """Raise `UnreadableImage` for a picture with so many bands, which are not those that are wanted."""
    has = "1 band" if count == 1 else f"{count} bands"
    red, green, blue = (band + 1 for band in wanted)
    raise UnreadableImage(
        f"The picture has {has}; bands {red}, {green} and {blue} are asked for.",
        "Leave it out, or choose bands that all pictures have.",
    )
