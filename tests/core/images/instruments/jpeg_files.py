"""JPEG 2000 and JPEG XL files of the scene."""

from __future__ import annotations

import io

import imagecodecs
import numpy as np
import pillow_jxl  # noqa: F401 lets Pillow write JPEG XL
from PIL import Image

from tests.core.images.instruments.raw_files import linear


def deep(numbers, bits):
    """Numbers of 8 bits brought to another depth."""
    return np.rint(numbers / 255 * (2**bits - 1)).astype(np.uint8 if bits <= 8 else np.uint16)


def jpeg2000(numbers, **options):
    """A lossless JPEG 2000 file."""
    return imagecodecs.jpeg2k_encode(numbers, level=0, reversible=True, **options)


def jpegxl(numbers, **options):
    """A lossless JPEG XL file."""
    return imagecodecs.jpegxl_encode(numbers, lossless=True, **options)


def by_pillow(image, kind, **options):
    """A file that Pillow writes."""
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def with_other_exif(data, exif):
    """A JPEG XL file in boxes, with its picture data and other EXIF or none, and nothing else."""
    kept, at = b"", 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big") or len(data) - at
        if data[at + 4 : at + 8] in {b"JXL ", b"ftyp", b"jxlc", b"jxlp"}:
            kept += data[at : at + size]
        at += size
        if exif and data[at - size + 4 : at - size + 8] == b"ftyp":
            kept += (12 + len(exif)).to_bytes(4, "big") + b"Exif" + bytes(4) + exif
    return kept


def with_opaque(numbers):
    """Numbers with a last channel of full cover."""
    numbers = numbers.reshape(*numbers.shape[:2], -1)
    white = 1 if numbers.dtype.kind == "f" else np.iinfo(numbers.dtype).max
    return np.concatenate([numbers, np.full_like(numbers[..., :1], white)], axis=-1)


def jpeg2000_variants(colours, grey):
    """The scene in all forms of JPEG 2000, as bytes of files by name."""
    signed = (grey.astype(np.int32) * 257 - 32768).astype(np.int16)
    return {
        "grey": jpeg2000(grey),
        "grey of 12 bits": jpeg2000(deep(grey, 12), bitspersample=12),
        "grey of 16 bits": jpeg2000(deep(grey, 16)),
        "signed": jpeg2000(signed),
        "signed bytes": jpeg2000((grey.astype(np.int16) - 128).astype(np.int8)),
        "one bit": jpeg2000((grey > 127).astype(np.uint8), bitspersample=1),
        "grey of 7 bits": jpeg2000(deep(grey, 7), bitspersample=7),
        "colours": jpeg2000(colours),
        "colours of 12 bits": jpeg2000(deep(colours, 12), bitspersample=12),
        "colours of 7 bits": jpeg2000(deep(colours, 7), bitspersample=7),
        "colours with transparency": jpeg2000(with_opaque(colours)),
        "grey with transparency": jpeg2000(with_opaque(grey)),
        "bare": jpeg2000(colours, codecformat="j2k"),
        "by Pillow": by_pillow(Image.fromarray(colours), "JPEG2000", irreversible=False),
    }


def jpegxl_variants(colours, grey):
    """The scene in all forms of JPEG XL, as bytes of files by name."""
    animation = np.stack([colours, 255 - colours, colours[::-1]])
    # imagecodecs says of numbers of more than 8 bits that they are linear light.
    bright, light = (np.rint(linear(part) * 65535).astype(np.uint16) for part in (grey, colours))
    return {
        "grey": jpegxl(grey),
        "grey of 16 bits": jpegxl(bright),
        "grey of floats": jpegxl((bright / 65535).astype(np.float32)),
        "grey of 16 bits with transparency": jpegxl(with_opaque(bright)),
        "grey with transparency": jpegxl(with_opaque(grey)),
        "colours": jpegxl(colours),
        "colours of 16 bits": jpegxl(light),
        "colours of 10 bits": jpegxl(light // 64, bitspersample=10),
        "colours of floats": jpegxl((light / 65535).astype(np.float32)),
        "colours with transparency": jpegxl(with_opaque(colours)),
        "colours of 16 bits with transparency": jpegxl(with_opaque(light)),
        "animation": jpegxl(animation),
        "in boxes": jpegxl(colours, usecontainer=True),
        "by Pillow": by_pillow(Image.fromarray(colours), "JXL", lossless=True),
    }
