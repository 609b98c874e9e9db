"""TIFF beyond what Pillow reads right: any depth, sign, byte order and compression, stacks and bands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.science.frames import Frames
from desktop_app.core.images.science.tiff_axes import Axes, axes_of, only_guessed, stored_pictures
from desktop_app.core.images.science.tiff_numbers import (
    PageDecoder,
    check_segments,
    colours_of,
    incomplete,
    lacking,
    to_lab,
)
from desktop_app.core.images.science.tiff_pages import (
    CIELAB,
    CMYK,
    COMPRESSIONS,
    FILTER_ARRAY,
    FLOAT,
    GREY,
    GREY_WHITE_ZERO,
    ICCLAB,
    LINEAR_RAW,
    PALETTE,
    RGB,
    UNSIGNED,
    YCBCR,
    Page,
    PageReader,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from desktop_app.core.images.science.frames import Colours

_BYTE_CODECS = frozenset({1, 5, 7, 8, 32773, 32946, 34925, 50000})
"""Compressions that Pillow reads right in pictures of 8 bits."""

_BIT_CODECS = frozenset({1, 2, 3, 4, 5, 8, 32773, 32946})
"""And in those of 1, 2 or 4 bits."""

_OLD_JPEG = 6
_FILL_ORDER, _PREDICTOR, _INK_SET, _IMAGE_DEPTH = 266, 317, 332, 32997
_SIDE_SHARE = 0.26
"""Share of the largest page up to which others are smaller copies of it, labels or thumbnails."""

_DEPTHS = {2**bits - 1: bits for bits in (8, 9, 10, 11, 12, 13, 14, 15, 16)}


def open_frames(stream: BinaryIO) -> Frames | None:
    """Read the directories of a TIFF.

    Args:
        stream: The file; it stays open while the result is used.

    Returns:
        What is in it; None for a single picture that Pillow reads right.

    Raises:
        UnreadableImage: It is of a kind that is not read, or has no picture.
    """
    reader = PageReader(stream)
    pages = list(reader.pages())
    shown = pictures_of(pages, reader)
    if not pages:
        raise incomplete()
    if not shown:
        raise UnreadableImage("The TIFF file has no picture in it.", "Choose another file.")
    first = shown[0]
    _refuse(first)
    stored = stored_pictures(shown)
    small_places = not (reader.big and first.big_endian)  # a big-endian BigTIFF is none for Pillow
    if stored == 1 and first.at == pages[0].at and small_places and pillow_reads(first):
        check_segments(first, stream)
        stream.seek(0)
        return None
    if first.compression == _OLD_JPEG:
        raise lacking("old-style JPEG data on several pages, or behind a thumbnail")
    return _frames(stream, shown, stored)


def pictures_of(pages: Sequence[Page], reader: PageReader) -> list[Page]:
    """Leave out smaller copies, masks, thumbnails and labels.

    Args:
        pages: The chain of directories.
        reader: Reader of those beside it.
    """
    own = [page for page in pages if page.is_picture and page.width and page.height]
    if not own:  # the chain has thumbnails only; the picture hangs on one of them
        hung = [reader.page_at(at) for page in pages[:64] for at in page.tags.get(330, ())[:64] if at]
        own = [page for page in hung if page is not None and page.is_picture and page.width and page.height]
    own = own or [page for page in pages if page.width and page.height]
    most = max((page.width * page.height for page in own), default=0)
    return [page for page in own if page.width * page.height > _SIDE_SHARE * most]


def pillow_reads(page: Page) -> bool:
    """Whether Pillow gives the right colours: a list of what was tried, not of what it claims.

    Args:
        page: The only picture of the file, on its first page.
    """
    if page.sample_format != UNSIGNED or not page.same_bits or page.number(_IMAGE_DEPTH, 1) != 1:
        return False
    if page.compression == _OLD_JPEG:
        return True
    bits, meaning = page.bits, page.photometric
    if bits in {1, 2, 4}:
        known = meaning in {GREY_WHITE_ZERO, GREY} or (meaning == PALETTE and bits > 1)
        return known and page.samples == 1 and page.compression in _BIT_CODECS
    plain = page.number(_FILL_ORDER, 1) == 1 and page.number(_PREDICTOR, 1) in {1, 2}
    plain = plain and not only_guessed(page)
    return bits == 8 and plain and page.compression in _BYTE_CODECS and _pillow_reads_colours(page)


def _pillow_reads_colours(page: Page) -> bool:
    """The same for the colours of a page of 8 bits."""
    samples, extra = page.samples, page.extra
    match page.photometric:
        case 0 | 1 | 3:
            return samples == 1
        case 2:
            four = samples == 4 and not page.planar and extra[:1] in {(0,), (1,), (2,)}
            return samples == 3 or four
        case 5:
            return samples == 4 and not extra and page.number(_INK_SET, 1) == 1
        case 6 | 8:
            return samples == 3 and not page.planar
        case _:
            return False


def _refuse(page: Page) -> None:
    """Refuse kinds that nothing here reads, by name."""
    if page.photometric in {FILTER_ARRAY, LINEAR_RAW}:
        raise UnreadableImage(
            "This is the raw data of a camera's sensor in a TIFF.",
            "Develop it in a raw converter, and export it as JPEG or TIFF.",
        )
    if page.compression in {34676, 34677} or page.photometric in {32844, 32845}:
        raise lacking("LogLuv colours")
    if page.compression not in COMPRESSIONS:
        raise lacking(f"compression {page.compression}")
    if page.sample_format in {5, 6}:
        raise lacking("complex numbers")
    if page.sample_format not in {1, 2, 3, 4} or not page.same_bits:
        raise lacking("bands of different kinds of numbers")
    if page.photometric not in {GREY_WHITE_ZERO, GREY, RGB, PALETTE, CMYK, YCBCR, CIELAB, ICCLAB}:
        raise lacking(f"colours of kind {page.photometric}")
    if page.photometric == CMYK and page.number(_INK_SET, 1) != 1:
        raise lacking("inks other than cyan, magenta, yellow and black")
    image_codecs = {
        7,
        33003,
        33004,
        33005,
        33007,
        34712,
        34887,
        34892,
        34927,
        34933,
        34934,
        50001,
        50002,
        52546,
    }
    if page.photometric in {CIELAB, ICCLAB} and (page.sample_format == FLOAT or page.bits not in {8, 16}):
        raise lacking(f"Lab colours of {page.bits} bits")
    if page.photometric == YCBCR and page.compression not in image_codecs and not pillow_reads(page):
        raise lacking("YCbCr colours without JPEG compression")


def _frames(stream: BinaryIO, pages: Sequence[Page], stored: int) -> Frames:
    first = pages[0]
    decoder = PageDecoder(stream, first)
    axes = axes_of(pages, stored)
    depth = decoder.depth
    if depth > 1:
        axes = Axes(tuple((number,) for number in range(depth)))
    if axes.rows:
        return _of_rows(pages, decoder)
    colours = colours_of(first, decoder.bands, len(axes.planes[0]))
    if colours == "rgb" and only_guessed(first):
        colours = "bands"
    bands = decoder.bands * len(axes.planes[0])
    mixed = len({(page.width, page.height, page.samples, page.bits) for page in pages}) > 1

    def read(plane: int) -> NDArray[Any]:
        parts = []
        for number in axes.planes[plane]:
            if depth > 1:
                parts.append(decoder.decode(first, number))
            elif len(pages) == 1 and stored > 1:
                parts.append(decoder.decode_stored(first, number))
            else:
                page = pages[number]
                if mixed and (page.width, page.height, page.samples, page.bits) != _form(first):
                    raise UnreadableImage(
                        "The pages of the TIFF have different sizes.",
                        "Use the first page, or save the pages as files of their own.",
                    )
                parts.append(decoder.decode(page))
        numbers = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-1)
        if colours == "lab":
            return to_lab(numbers, first.photometric)
        return _without_missing(numbers, first)

    alpha, premultiplied = _transparency(first, decoder.bands, colours)
    low, high = declared_range(first, axes.depth, decoder.dtype) if decoder.palette is None else (None, None)
    copied = first.planar or bands > first.samples or decoder.palette is not None or 42113 in first.tags
    return Frames(
        kind="TIFF",
        height=first.height,
        width=first.width,
        bands=bands,
        dtype=np.dtype(np.uint8) if colours == "lab" else decoder.dtype,
        read=read,
        colours=cast("Colours", colours),
        planes=len(axes.planes),
        plane_word="planes" if depth > 1 or first.description else "pages",
        band_names=axes.band_names if len(axes.band_names) == bands else (),
        low=low,
        high=high,
        white_is_low=first.photometric == GREY_WHITE_ZERO and colours == "grey",
        alpha=alpha,
        premultiplied=premultiplied,
        profile=next((value for value in first.tags.get(34675, ()) if isinstance(value, bytes)), None),
        orientation=first.orientation,
        needed_bytes=_needed_bytes(first, bands, decoder, copies=2 if copied else 1),
    )


def _needed_bytes(page: Page, bands: int, decoder: PageDecoder, *, copies: int) -> int:
    """Most memory that decoding a plane takes: the plane, and a strip or tile packed and unpacked."""
    plane = page.width * page.height * bands * decoder.dtype.itemsize * decoder.depth
    largest = max((length for _place, length in page.segments), default=0)
    unpacked = page.segment_bytes * (1 if page.number(_PREDICTOR, 1) in {1, 2} else 2)
    return copies * plane + (0 if page.compression == 1 else largest + unpacked)


def _of_rows(pages: Sequence[Page], decoder: PageDecoder) -> Frames:
    """A picture whose rows are pages, and whose bands are their columns."""
    first, height = pages[0], stored_pictures(pages)

    def read(_plane: int) -> NDArray[Any]:
        if len(pages) == 1:
            parts = [decoder.decode_stored(first, number) for number in range(height)]
        else:
            parts = [decoder.decode(page) for page in pages]
        return np.stack([part[..., 0] for part in parts])

    return replace(
        Frames("TIFF", height, first.height, first.width, decoder.dtype, read, "bands"),
        needed_bytes=2 * height * first.height * first.width * decoder.dtype.itemsize,
    )


def _form(page: Page) -> tuple[int, int, int, int]:
    return page.width, page.height, page.samples, page.bits


def _transparency(page: Page, bands: int, colours: str) -> tuple[int | None, bool]:
    """Index of the band that is transparency, and whether the colours are multiplied by it."""
    first = {"grey": 1, "rgb": 3, "cmyk": 4}.get(colours)
    if first is None or page.photometric == PALETTE:
        return None, False
    for number, meaning in enumerate(page.extra):
        if meaning in {1, 2} and first + number < bands:
            return first + number, meaning == 1
    return None, False


def declared_range(page: Page, depth: int | None, dtype: np.dtype[Any]) -> tuple[float | None, float | None]:
    """The numbers that the file says can occur.

    The two tags for unsigned numbers are only believed when they give a whole number of bits: many programs
    write the least and greatest number of that one picture into them.

    Args:
        page: The page.
        depth: Bits that other parts of the file say are used.
        dtype: Type of the numbers.
    """
    bits = page.bits
    if dtype == np.bool_:
        return 0.0, 1.0
    if dtype.kind == "u" and depth is not None and 1 < depth < bits:
        return 0.0, 2.0**depth - 1
    if dtype.kind == "u" and bits not in {8, 16, 32, 64}:
        return 0.0, 2.0**bits - 1
    low, high = page.tags.get(340, ()), page.tags.get(341, ())
    if (
        low
        and high
        and all(isinstance(value, int | float) for value in (*low, *high))
        and min(low) < max(high)
    ):
        return float(min(low)), float(max(high))
    highest = page.number(281, 0)
    if (
        dtype.kind == "u"
        and not page.number(280, 0)
        and highest in _DEPTHS
        and _DEPTHS[highest] <= bits
        and bits > 8
    ):
        return 0.0, float(highest)
    return None, None


def _without_missing(numbers: NDArray[Any], page: Page) -> NDArray[Any]:
    """Mask the number that GDAL writes where nothing was measured."""
    if numbers.dtype == np.uint8 or not page.text(42113):
        return numbers
    try:
        missing = float(page.text(42113).replace(",", "."))
    except ValueError:
        return numbers
    return numbers if np.isnan(missing) else np.ma.masked_equal(numbers, missing)
