"""Facts about one file, found by reading it once with the app's own decoder."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from desktop_app.core.foundation.errors import Reason, UnreadableImage
from desktop_app.core.images.decoding.decode import read_described
from desktop_app.core.images.decoding.number_facts import NO_FACTS, NumberFacts
from desktop_app.core.images.decoding.opening import explain, open_picture
from desktop_app.core.images.decoding.reading import AS_STORED, PixelReading
from desktop_app.core.images.folders import PICTURE_EXTENSIONS, looks_like_picture

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

LOOK_SIDE = 9
"""Height and width of `PictureFacts.look`: 8 differences along each row and each column."""

DIGEST_BYTES = 16

_DECODED_SIDE = 64
"""Largest side that is decoded for the look; enough to average the 9 x 9 points from."""

_BLANK_SPREAD = 8
"""Difference of the brightest and darkest point (0..255) up to which a picture shows nothing."""

_MOST_COLOUR = 4
"""Difference of a grey pixel's channels (0..255) that rounding explains, where a profile was followed."""


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """A picture that can be used.

    Attributes:
        digest: BLAKE2b of the file's bytes, `DIGEST_BYTES` long.
        look: The picture in 9 x 9 grey points, uint8, row by row.
        width: Width in the file, upright, in pixels.
        height: Height in the file, upright, in pixels.
        mode: Format and colour mode, such as ``JPEG CMYK``.
        grey: Whether there is no colour in it, in whatever mode its file stores it.
        blank: Whether it shows nothing: all of it has the same colour, or nearly.
        numbers: What the data set has to know of its numbers.
    """

    digest: bytes
    look: bytes
    width: int
    height: int
    mode: str
    grey: bool
    blank: bool = False
    numbers: NumberFacts = NO_FACTS


Verdict = PictureFacts | Reason | None
"""What is known of a file, or why it cannot be used; None when it is no picture, such as notes."""


def examine_file(path: Path, reading: PixelReading = AS_STORED) -> tuple[Verdict, bool]:
    """Decode a file.

    Args:
        path: Path of the file.
        reading: How its numbers become a picture.

    Returns:
        What was found; and whether that follows from the file's content alone, so that it stays true as
        long as the file is not changed. A missing permission, say, does not.
    """
    if path.suffix.lower() not in PICTURE_EXTENSIONS and not looks_like_picture(path):
        return None, True
    try:
        data, digest = _read(path)
    except UnreadableImage as error:
        return error.reason, False
    try:
        decoded = read_described(data, _DECODED_SIDE, reading, with_facts=True)
    except UnreadableImage as error:
        lasting = not isinstance(error.__cause__, MemoryError) and not getattr(error.__cause__, "errno", None)
        return error.reason, lasting and isinstance(data, bytes)
    width, height = decoded.full_size
    look = look_of(decoded.pixels).tobytes()
    mode = f"{decoded.kind} {decoded.mode}"
    # Twice, as the filter that makes the look overshoots; for most pictures this is enough.
    blank = max(look) - min(look) <= 2 * _BLANK_SPREAD and is_blank(decoded.pixels)
    return PictureFacts(
        digest, look, width, height, mode, is_grey(decoded.pixels), blank, decoded.facts
    ), True


def look_of(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Shrink a picture to its look.

    Args:
        pixels: RGB, uint8 ``(H, W, 3)``.

    Returns:
        Grey (ITU-R 601-2 luma), uint8 ``(9, 9)``, antialiased.
    """
    grey = Image.fromarray(pixels).convert("L")
    return np.array(grey.resize((LOOK_SIDE, LOOK_SIDE), Image.Resampling.LANCZOS))


def is_grey(pixels: NDArray[np.uint8]) -> bool:
    """Whether no pixel of a picture, RGB, uint8 ``(H, W, 3)``, has more colour than rounding explains."""
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]  # far quicker than over the last axis
    highest = np.maximum(np.maximum(red, green), blue)
    lowest = np.minimum(np.minimum(red, green), blue)
    return bool((highest - lowest).max() <= _MOST_COLOUR)


def is_blank(pixels: NDArray[np.uint8]) -> bool:
    """Whether a picture, RGB, uint8 ``(H, W, 3)``, has nearly the same colour everywhere."""
    flat = pixels.reshape(-1, 3)
    first = flat[0].astype(np.int16)
    if (np.abs(flat[:: max(len(flat) // 16, 1)] - first) > _BLANK_SPREAD).any():
        return False  # most pictures end here
    return bool(((flat.max(axis=0) - flat.min(axis=0)) <= _BLANK_SPREAD).all())


def _read(path: Path) -> tuple[bytes | Path, bytes]:
    """Read a file once for its digest and the decoder; a large one stays on the disk.

    Raises:
        UnreadableImage: It is missing, empty, too large, forbidden or not an ordinary file.
    """
    with open_picture(path) as stream:
        if isinstance(stream, io.BytesIO):
            data = stream.getvalue()
            return data, hashlib.blake2b(data, digest_size=DIGEST_BYTES).digest()
        digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
        try:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
        except OSError as error:
            raise explain(error) from error
    return path, digest.digest()
