"""How large a picture may be: its file, its pixels, and the memory that decoding it takes.

A decoder needs memory for every pixel before this program sees the first one, so the need is estimated from
the header and refused above `MEMORY_BYTES`. Pillow keeps RGB, RGBA, CMYK, 32-bit integers and floats in
4 bytes a pixel; what WebP, AVIF and HEIF take in all was measured (Pillow 13, pillow-heif 1.8).
"""

from __future__ import annotations

from math import ceil, isqrt
from typing import TYPE_CHECKING, Any, NoReturn

from desktop_app.core.foundation.errors import UnreadableImage

if TYPE_CHECKING:
    from PIL import Image

MAX_FILE_BYTES = 200_000_000
MAX_PIXELS = 200_000_000
MEMORY_BYTES = 1024**3
FULL_SIZE_PIXELS = 50_000_000
"""Larger pictures are reduced by a whole number until they fit; no screen or network here needs more."""

SLACK_BYTES = 40_000_000
"""Tiles in work, colour tables, the decoder's own state."""

_MODE_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2, "I;16N": 2}
"""Bytes that Pillow keeps a pixel in; every other mode takes 4."""

_FORMAT_BYTES = {"WEBP": 16, "AVIF": 16, "HEIF": 16}
"""Peak bytes a pixel as measured, rounded up: WebP keeps two canvases, AVIF and HEIF planes of 16 bit."""

_PYTHON_DECODERS = frozenset({"bmp_rle", "ppm", "ppm_plain"})
_PYTHON_DECODER_PIXELS = 12_000_000
"""Pillow decodes these in Python, at about a second for each 4 megapixels."""

_SMALLER = "Save the picture smaller, or as JPEG, and try again."


def reduction(size: tuple[int, int]) -> int:
    """Find the whole number by which to shrink a picture to at most `FULL_SIZE_PIXELS`.

    Args:
        size: Width and height in pixels.

    Returns:
        1 for a picture that is small enough.
    """
    width, height = size
    factor = max(1, isqrt(width * height // FULL_SIZE_PIXELS))
    while ceil(width / factor) * ceil(height / factor) > FULL_SIZE_PIXELS:
        factor += 1
    return factor


def check_size(image: Image.Image, full_size: tuple[int, int], file_bytes: int, scans: int = 1) -> None:
    """Refuse a picture whose decoding would take too much memory or time.

    Args:
        image: A picture, opened but not loaded; a JPEG is set to its reduced scale already.
        full_size: Width and height before any reduction, in pixels.
        file_bytes: Size of its file.
        scans: Number of times that a JPEG's data goes over the picture.

    Raises:
        UnreadableImage: It has too many pixels for its format.
    """
    pixels = full_size[0] * full_size[1]
    refuse_pixels(pixels, MAX_PIXELS)
    if any(tile[0] in _PYTHON_DECODERS for tile in getattr(image, "tile", ())):
        refuse_pixels(pixels, _PYTHON_DECODER_PIXELS)
    factor = reduction(image.size)
    result = 3 * ceil(image.width / factor) * ceil(image.height / factor)
    if file_bytes + _decoder_bytes(image, pixels, scans) + result + SLACK_BYTES > MEMORY_BYTES:
        refuse_memory(pixels)


def refuse_memory(pixels: int) -> NoReturn:
    """Raise `UnreadableImage` for a picture of so many pixels that would take more than `MEMORY_BYTES`."""
    raise UnreadableImage(
        f"The picture has {pixels / 1e6:,.0f} megapixels in a form that takes more than 1 GB to open.",
        _SMALLER,
    )


def refuse_pixels(pixels: int, limit: int) -> None:
    """Raise `UnreadableImage` when there are more pixels than the limit."""
    if pixels > limit:
        raise UnreadableImage(
            f"The picture has {pixels / 1e6:,.0f} megapixels; "
            f"at most {limit // 1_000_000} can be opened in this format.",
            _SMALLER,
        )


def _decoder_bytes(image: Image.Image, pixels: int, scans: int) -> int:
    """Estimate the most memory that loading takes, the loaded picture included."""
    picture = image.width * image.height * _MODE_BYTES.get(image.mode, 4)
    if image.format in _FORMAT_BYTES:
        return pixels * _FORMAT_BYTES[image.format]
    if image.format == "TIFF":
        return picture * _tiff_copies(image) + _tiff_strip_bytes(image)
    if image.format in {"JPEG", "MPO"} and scans > 1:
        return picture + _jpeg_coefficient_bytes(image, pixels)
    return picture


def _jpeg_coefficient_bytes(image: Any, pixels: int) -> int:
    """All 16-bit coefficients at full scale: what libjpeg keeps for a JPEG of several scans."""
    layers = image.layer  # (identifier, horizontal sampling, vertical sampling, table) for each component
    most = max(layer[1] for layer in layers) * max(layer[2] for layer in layers)
    samples = sum(layer[1] * layer[2] for layer in layers) / most
    return ceil(2 * float(samples) * pixels)


def _tiff_copies(image: Any) -> int:
    """Pillow turns a TIFF by its orientation tag as soon as it is loaded, which needs a second copy."""
    orientation = 274
    return 2 if image.tag_v2.get(orientation, 1) in range(2, 9) else 1


def _tiff_strip_bytes(image: Any) -> int:
    """The largest piece that libtiff unpacks at once: a strip, a tile, or the whole picture (TIFF 6.0)."""
    tags = image.tag_v2
    bits_per_sample, samples_per_pixel, rows_per_strip, tile_width, tile_length = 258, 277, 278, 322, 323
    bits = max(tags.get(bits_per_sample, (1,))) * tags.get(samples_per_pixel, 1)
    width, height = image.width, min(image.height, tags.get(rows_per_strip, image.height))
    if tile_width in tags:
        width, height = tags[tile_width], tags[tile_length]
    return int(width) * int(height) * int(bits) // 8
