"""Decodes the pages of a TIFF with tifffile."""

from __future__ import annotations

import threading
import warnings
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.science.tiff_guard import check_inside
from desktop_app.core.images.science.tiff_pages import CMYK, COMPRESSIONS, ICCLAB, PALETTE, YCBCR, Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    import tifffile
    from numpy.typing import NDArray

_WORDS_OF_LACK = ("support", "not implemented", "requires", "cannot decode", "codec")
"""What tifffile and imagecodecs say of kinds that they do not read, as opposed to damage."""

_APERIO_YCBCR = 33003


class PageDecoder:
    """Decodes pages of one file.

    Attributes:
        dtype: Type of the numbers that `decode` gives.
        bands: Numbers of each pixel.
        depth: Planes in one page.
    """

    def __init__(self, stream: BinaryIO, page: Page) -> None:
        """Look at a page.

        Args:
            stream: The file.
            page: A page that stands for all.

        Raises:
            UnreadableImage: Its numbers are of a kind that cannot be read.
        """
        import tifffile

        stream.seek(0)
        self._stream = stream
        self._file = tifffile.TiffFile(stream, name="picture", _multifile=False)
        self._lock = threading.Lock()
        first = self._tiff_page(page)
        if first.dtype is None or not 0 < np.prod(first.shaped, dtype=float) < 1e12:
            raise lacking(f"numbers of {page.bits} bits")
        self.depth: int = int(first.imagedepth)
        self.palette = _palette(page) if page.photometric == PALETTE else None
        self.dtype: np.dtype[Any] = (
            np.dtype(np.uint8) if self.palette is not None else first.dtype.newbyteorder("=")
        )
        self.bands = 3 if self.palette is not None else int(first.samplesperpixel)

    def decode(self, page: Page, depth: int = 0) -> NDArray[Any]:
        """Decode a page.

        Args:
            page: The page.
            depth: Number of the plane in it.

        Returns:
            Numbers ``(height, width, bands)`` in this machine's byte order.

        Raises:
            UnreadableImage: It is of a kind that cannot be read, or part of it is missing.
            Exception: What tifffile and the codecs raise on damaged data.
        """
        check_segments(page, self._stream)
        check_inside(page, self._stream)
        with self._lock, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                numbers = self._tiff_page(page).asarray(squeeze=False, maxworkers=1)
            except (ValueError, NotImplementedError, KeyError) as error:
                if isinstance(error, NotImplementedError) or any(
                    word in str(error).lower() for word in _WORDS_OF_LACK
                ):
                    raise lacking(f"{_named(page)} of this kind") from error
                raise
        numbers = np.moveaxis(
            numbers[:, depth], 0, 2
        )  # (height, width, planes of colour, bands side by side)
        numbers = numbers.reshape(*numbers.shape[:2], -1)
        if page.compression == _APERIO_YCBCR or (
            page.photometric == YCBCR and page.compression in {33004, 34712}
        ):
            numbers = _rgb_of_ycbcr(numbers)
        if self.palette is not None:
            colours: NDArray[Any] = self.palette[np.minimum(numbers[..., 0], len(self.palette) - 1)]
            return colours
        whole: NDArray[Any] = numbers.astype(self.dtype, copy=False)
        return whole

    def decode_stored(self, page: Page, number: int) -> NDArray[Any]:
        """Read a picture that lies behind the first of an uncompressed page, without a page of its own.

        Args:
            page: The page of the first one.
            number: Number of the picture, from 0.

        Raises:
            UnreadableImage: The file ends before it.
        """
        dtype = self.dtype.newbyteorder(">" if page.big_endian else "<")
        size = page.width * page.height * dtype.itemsize
        self._stream.seek(page.segments[0][0] + number * size)
        data = self._stream.read(size)
        if len(data) < size:
            raise incomplete()
        numbers = np.frombuffer(data, dtype).astype(self.dtype)
        return numbers.reshape(page.height, page.width, 1)

    def _tiff_page(self, page: Page) -> tifffile.TiffPage:
        import tifffile

        self._file.filehandle.seek(page.at)
        return tifffile.TiffPage(self._file, 0)


def lacking(what: str) -> UnreadableImage:
    """The error for a TIFF that is whole, but of a kind that is not read.

    Args:
        what: What cannot be read: "numbers of 48 bits".
    """
    return UnreadableImage(
        f"The TIFF picture has {what}, which Sightline cannot read.",
        "Export it as an ordinary TIFF or PNG from the program that made it, then try again.",
    )


def incomplete() -> UnreadableImage:
    """The error for a TIFF of which a part is missing."""
    return UnreadableImage(
        "The TIFF picture is incomplete: part of the file is missing.",
        "Get the picture again from its source, or open it in another program and save it again.",
    )


def check_segments(page: Page, stream: BinaryIO) -> None:
    """Refuse a page of which strips or tiles are missing, or lie outside the file.

    Raises:
        UnreadableImage: Some do.
    """
    end = stream.seek(0, 2)
    segments = page.segments
    if len(segments) < page.segment_count or not any(length for _place, length in segments):
        raise incomplete()
    if any(place + length > end for place, length in segments):
        raise incomplete()


def _named(page: Page) -> str:
    name = COMPRESSIONS.get(page.compression, f"compression {page.compression}")
    return f"{name} data" if page.compression != 1 else "data"


def _palette(page: Page) -> NDArray[np.uint8]:
    """The colours of a palette, uint8 ``(colours, 3)``; some programs write 8 bits where 16 belong."""
    values = np.asarray(page.tags.get(320, ()), np.int64)
    if not values.size or values.size % 3:
        raise lacking("a palette without colours")
    colours = values.reshape(3, -1).T
    return (colours if colours.max() <= 255 else colours >> 8).astype(np.uint8)


def _rgb_of_ycbcr(numbers: NDArray[Any]) -> NDArray[Any]:
    """From full-range YCbCr (ITU-R BT.601, as JFIF has it) of 8 bits to RGB."""
    if numbers.shape[-1] != 3 or numbers.dtype != np.uint8:
        return numbers
    bright = numbers[..., 0].astype(np.float32)
    blue, red = numbers[..., 1] - np.float32(128), numbers[..., 2] - np.float32(128)
    rgb = np.stack(
        [bright + 1.402 * red, bright - 0.344136 * blue - 0.714136 * red, bright + 1.772 * blue], axis=-1
    )
    pixels: NDArray[np.uint8] = np.rint(rgb).clip(0, 255).astype(np.uint8)
    return pixels


def to_lab(numbers: NDArray[Any], photometric: int) -> NDArray[np.uint8]:
    """Bring L*a*b* to Pillow's form: 8 bits, a and b with a sign.

    Args:
        numbers: As stored, of 8 or 16 bits.
        photometric: CIE's form, with signs, or ICC's.
    """
    high = numbers if numbers.dtype.itemsize == 1 else numbers.view(f"u{numbers.dtype.itemsize}") >> 8
    lab: NDArray[np.uint8] = high.astype(np.uint8).copy()
    if photometric == ICCLAB:
        lab[..., 1:] ^= 0x80
    return lab


def colours_of(page: Page, bands: int, pages: int) -> str:
    """The form of the colours, see `Frames.colours`.

    Args:
        page: The page.
        bands: Numbers of each pixel in it.
        pages: Number of pages that make one plane.
    """
    photometric = page.photometric
    own: Sequence[tuple[int, str, int]] = (
        (2, "rgb", 3),
        (YCBCR, "rgb", 3),
        (CMYK, "cmyk", 4),
        (8, "lab", 3),
        (9, "lab", 3),
    )
    if pages == 1:
        if photometric == PALETTE:
            return "rgb"
        for value, name, least in own:
            if photometric == value and bands >= least:
                return name
        if bands == 1 or (bands == 2 and page.extra[:1] in {(1,), (2,)}):
            return "grey"
    return "bands"
