"""What the pages of a TIFF are to each other: planes of a stack, or bands of one picture.

Only files that say so have bands in pages: those of OME and ImageJ. Everything else is a stack.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.images.science.tiff_pages import Page

_PIXELS = re.compile(r"<(?:\w+:)?Pixels\b([^>]*)>")
_END = re.compile(r"</(?:\w+:)?Pixels>")
_CHANNEL = re.compile(r"<(?:\w+:)?Channel\b([^>]*)>")
_PLACE = re.compile(r"<(?:\w+:)?TiffData\b([^>]*)>")
_ATTRIBUTE = re.compile(r"(\w+)\s*=\s*[\"']([^\"']*)[\"']")
_LINE = re.compile(r"^(\w+)=(.*)$", re.MULTILINE)
_MOST = 100_000

_WIDEST_BAND = 4
"""Width of a page up to which it is taken for the bands of a row, where the file gives the shape."""


@dataclass(frozen=True, slots=True)
class Axes:
    """How the pages belong together.

    Attributes:
        planes: For each plane the numbers of its pages, one for each band, or group of bands.
        band_names: Names of the bands; empty where the file gives none.
        depth: Bits that the numbers really use; None where the file does not say.
        rows: Whether each page is a row of one picture: its height are the columns, its width the bands.
    """

    planes: tuple[tuple[int, ...], ...]
    band_names: tuple[str, ...] = ()
    depth: int | None = None
    rows: bool = False


def axes_of(pages: Sequence[Page], stored: int) -> Axes:
    """Find out what the pages are.

    Args:
        pages: Pages that show something, the first of them with the description.
        stored: Number of pictures of that size in the file, which may be more than it has pages.
    """
    text = pages[0].description
    if _PIXELS.search(text[:_MOST]):
        found = _ome(text, stored)
    elif text.startswith("ImageJ="):
        found = _imagej(text, stored) if pages[0].samples == 1 else None
    else:
        found = _shaped(text, pages[0], stored)
    return found or Axes(tuple((number,) for number in range(stored)))


def stored_pictures(pages: Sequence[Page]) -> int:
    """Count pictures that lie one after the other behind the first, without a page of their own.

    ImageJ, MetaMorph and tifffile write such files; nothing of them is compressed.
    """
    first = pages[0]
    if len(pages) > 1 or first.compression != 1 or first.samples != 1:
        return len(pages)
    if 33629 in first.tags:  # MetaMorph: a list with one entry for each plane
        return max(len(first.tags[33629]) // 6, 1)
    text = first.description
    if text.startswith("ImageJ="):
        return _whole(dict(_LINE.findall(text)).get("images", "1"))
    shape = _shape(text)
    if shape is not None and shape[-2:] == (first.height, first.width):
        return prod(shape[:-2])
    return 1


def only_guessed(page: Page) -> bool:
    """Whether planes are called red, green and blue because of their number alone.

    tifffile writes an array ``(3, height, width)`` so, be it a colour picture or a stack of three slices.

    Args:
        page: A page whose bands lie apart.
    """
    return page.planar and _shape(page.description) == (page.samples, page.height, page.width)


def _ome(text: str, stored: int) -> Axes | None:
    """Read the XML of OME with patterns: a parser would follow what a hostile file makes of it."""
    begin = _PIXELS.search(text)
    assert begin is not None
    end = _END.search(text, begin.end())
    inside = text[begin.end() : end.start() if end else len(text)]
    values = dict(_ATTRIBUTE.findall(begin[1]))
    channels = [dict(_ATTRIBUTE.findall(entry)) for entry in _CHANNEL.findall(inside)]
    samples = _whole(channels[0].get("SamplesPerPixel", "1")) if channels else 1
    sizes = {axis: _whole(values.get(f"Size{axis}", "1")) for axis in "CZT"}
    sizes["C"] = max(sizes["C"] // samples, 1)
    order = values.get("DimensionOrder", "XYCZT")[2:]
    if sorted(order) != ["C", "T", "Z"] or prod(sizes.values()) != stored:
        return None
    step, steps = 1, {}
    for axis in order:
        steps[axis] = step
        step *= sizes[axis]
    own = {
        (z, c, t): z * steps["Z"] + c * steps["C"] + t * steps["T"]
        for t in range(sizes["T"])
        for z in range(sizes["Z"])
        for c in range(sizes["C"])
    }
    for place in (dict(_ATTRIBUTE.findall(entry)) for entry in _PLACE.findall(inside)):
        key = tuple(_number(place.get(f"First{axis}", "0")) for axis in "ZCT")
        if place.keys() >= {"IFD", "FirstC"} and place.get("PlaneCount", "1") == "1" and key in own:
            own[key[0], key[1], key[2]] = _number(place["IFD"])
    if sorted(own.values()) != list(range(stored)):
        return None
    planes = tuple(
        tuple(own[z, c, t] for c in range(sizes["C"])) for t in range(sizes["T"]) for z in range(sizes["Z"])
    )
    names = tuple(entry.get("Name", "") for entry in channels)
    depth = _number(values.get("SignificantBits", "0"))
    return Axes(planes, names if all(names) and samples == 1 else (), depth or None)


def _imagej(text: str, stored: int) -> Axes | None:
    """ImageJ's lines: the channels of a plane follow each other."""
    lines = dict(_LINE.findall(text))
    channels = _whole(lines.get("channels", "1"))
    if stored % channels:
        return None
    return Axes(tuple(tuple(range(first, first + channels)) for first in range(0, stored, channels)))


def _shaped(text: str, first: Page, stored: int) -> Axes | None:
    """What tifffile writes: the shape of an array, of which the last axis may have become the columns."""
    shape = _shape(text)
    if (
        shape is not None
        and len(shape) == 3
        and shape == (stored, first.height, first.width)
        and first.samples == 1
        and first.width <= _WIDEST_BAND < min(shape[:2])
    ):
        return Axes((tuple(range(stored)),), rows=True)
    return None


def _shape(text: str) -> tuple[int, ...] | None:
    if not text.startswith('{"shape":'):
        return None
    try:
        shape = json.loads(text[:_MOST])["shape"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    right = (
        isinstance(shape, list)
        and len(shape) >= 2
        and all(isinstance(side, int) and side > 0 for side in shape)
    )
    return tuple(shape) if right else None


def _whole(text: str) -> int:
    """A number from 1; 1 where the text says something else."""
    return max(_number(text), 1)


def _number(text: str) -> int:
    return int(text) if text.strip().isascii() and text.strip().isdigit() and len(text) < 10 else 0
