"""From any of Pillow's modes to RGB, tile by tile, so that a large picture is never held twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from desktop_app.core.images.decoding.limits import reduction
from desktop_app.core.images.decoding.numeric import NUMERIC_MODES, find_levels, to_grey
from desktop_app.core.images.decoding.reading import AS_STORED, PixelReading
from desktop_app.core.images.decoding.render import refuse_bands

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from desktop_app.core.images.decoding.colour import ColourTransform
    from desktop_app.core.images.decoding.levels import Levels

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels, right and bottom excluded."""

TILE_PIXELS = 1 << 20
"""Pixels that are converted at once: about 16 MB with all steps between."""


def to_rgb(
    image: Image.Image, transform: ColourTransform | None, reading: PixelReading = AS_STORED
) -> NDArray[np.uint8]:
    """Convert a loaded picture of any mode.

    Transparent parts lie over white, and grey of 16 bit, 32 bit or floating point is scaled instead of cut
    off. A picture of more than `limits.FULL_SIZE_PIXELS` is averaged down by a whole number.

    Args:
        image: A loaded picture; it is not changed.
        transform: Conversion that `colour.to_srgb` finds for it.
        reading: How its numbers become a picture.

    Returns:
        uint8 ``(H, W, 3)``, C-contiguous.
    """
    factor = reduction(image.size)
    pixels = np.empty((-(-image.height // factor), -(-image.width // factor), 3), np.uint8)
    levels = find_levels(image, tiles(image.size, 1), reading) if image.mode in NUMERIC_MODES else None
    for box in tiles(image.size, factor):
        tile = _direct(image.crop(box), levels)
        if factor > 1:
            tile = tile.reduce(factor)  # before the colours are converted, which takes longer
        tile = _to_srgb_on_white(tile, transform)
        top, left = box[1] // factor, box[0] // factor
        pixels[top : top + tile.height, left : left + tile.width] = np.asarray(tile)
    return pixels


def with_chosen_bands(image: Image.Image, reading: PixelReading) -> Image.Image:
    """Put the bands that are asked for in the place of red, green and blue.

    Args:
        image: A loaded picture.
        reading: Decision on the bands.

    Raises:
        UnreadableImage: It has other bands.
    """
    if reading.bands in {None, (0, 1, 2)} and (reading.bands is None or len(image.getbands()) >= 3):
        return image
    assert reading.bands is not None
    colours = 3 if image.mode in {"RGB", "RGBA"} else len(image.getbands())
    if image.mode not in {"RGB", "RGBA"} or max(reading.bands) >= colours:
        refuse_bands(colours, reading.bands)
    rest = [image.getchannel("A")] if image.mode == "RGBA" else []
    return Image.merge(image.mode, [image.getchannel(band) for band in reading.bands] + rest)


def as_srgb(image: Image.Image, transform: ColourTransform | None) -> Image.Image | None:
    """Give the numbers of `to_rgb` with fewer copies of the picture: of an opaque one of 8 bits, grey or RGB.

    Args:
        image: A loaded picture; its colours may be converted in place.
        transform: Conversion that `colour.to_srgb` finds for it.

    Returns:
        A picture of mode RGB, or L for one that stays grey; None for one that is not of these.
    """
    if reduction(image.size) > 1:
        return None
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    if image.mode not in {"RGB", "L"} or image.has_transparency_data:
        return None
    if transform is None:
        return image
    if image.mode == "L":
        return _grey_to_srgb(image, transform)
    if transform.mode != "RGB":
        return None
    transform.apply_in_place(image)
    return image


def _grey_to_srgb(image: Image.Image, transform: ColourTransform) -> Image.Image:
    """Convert each of the 256 greys once, and look up the others."""
    greys = Image.frombytes("L", (256, 1), bytes(range(256)))
    red, green, blue = (band.tobytes() for band in _to_srgb_on_white(greys, transform).split())
    if red == green == blue:
        return image.point(list(red))
    return image.convert("RGB").point(list(red + green + blue))


def tiles(size: tuple[int, int], multiple: int) -> Iterator[Box]:
    """Cut a picture into boxes of about `TILE_PIXELS`, in reading order.

    Args:
        size: Width and height in pixels.
        multiple: Number of which every box's corner is a multiple.
    """
    width, height = size
    across = max(TILE_PIXELS // multiple, 1) * multiple
    down = max(TILE_PIXELS // min(width, across) // multiple, 1) * multiple
    for top in range(0, height, down):
        for left in range(0, width, across):
            yield left, top, min(left + across, width), min(top + down, height)


def _direct(tile: Image.Image, levels: Levels | None) -> Image.Image:
    """Turn numbers, palettes and bits into colours that can be averaged: L, RGB, RGBA, CMYK or LAB."""
    if levels is not None:
        return to_grey(tile, levels)
    if tile.has_transparency_data:
        return tile.convert("RGBA")
    if tile.mode in {"L", "CMYK", "LAB"}:
        return tile
    return tile.convert("L" if tile.mode == "1" else "RGB")


def _to_srgb_on_white(tile: Image.Image, transform: ColourTransform | None) -> Image.Image:
    """Convert the colours, and lay a tile with transparency on white."""
    if transform is not None:
        colours = transform.apply(tile if tile.mode == transform.mode else tile.convert(transform.mode))
    else:
        colours = tile.convert("RGB")
    if tile.mode != "RGBA":
        return colours
    paper = Image.new("RGB", tile.size, "white")
    paper.paste(colours, mask=tile.getchannel("A"))
    return paper
