"""Recognises a file by its first bytes, never by its name."""

from __future__ import annotations

import zlib

from desktop_app.core.images.decoding.instrument_files import is_dicom, is_nifti, is_nifti_pair
from desktop_app.core.images.decoding.other_kinds import (
    NIFTI_PAIR,
    SVG,
    TEXT,
    UNKNOWN,
    WEB_PAGE,
    OtherKind,
    of_binary,
)
from desktop_app.core.images.decoding.raw_files import PREFIXES as RAW_PREFIXES

__all__ = (
    "HEAD_BYTES",
    "SCIENCE_FORMATS",
    "TEXT",
    "UNKNOWN",
    "WEB_PAGE",
    "OtherKind",
    "other_kind",
    "picture_format",
)

HEAD_BYTES = 1024
"""Enough to recognise every kind below, HTML behind a comment included."""

_BMP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
"""Sizes of the BMP information header; "BM" alone begins too many ordinary texts."""

_PREFIXES = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
}
"""First bytes of the formats that need no second look; ``+`` is BigTIFF."""

_PPM_MAGIC = (b"P1", b"P2", b"P3", b"P4", b"P5", b"P6", b"Pf")
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_SCIENCE_PREFIXES = {
    b"SIMPLE  =": "FITS",
    b"v/1\x01": "EXR",
    b"ZISRAWFILE": "CZI",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL \r\n\x87\n": "JPEG XL",
    b"\0\0\0\x0cjP  \r\n\x87\n": "JPEG 2000",
    b"\xff\x4f\xff\x51": "JPEG 2000",
}

SCIENCE_FORMATS = frozenset(_SCIENCE_PREFIXES.values()) | {"DICOM", "NIfTI", "RAW"}
"""Formats of instruments and cameras, which `core.images.science` reads."""


def picture_format(head: bytes) -> str | None:
    """Recognise a picture that can be opened here.

    Args:
        head: The first `HEAD_BYTES` bytes, or all of a shorter file.

    Returns:
        Pillow's name of the format (``JPEG``, ``PNG``, ``GIF``, ``WEBP``, ``BMP``, ``TIFF``, ``ICO``,
        ``PPM``, ``AVIF``, ``HEIF``), one of `SCIENCE_FORMATS`, or None. Raw files that are TIFFs to their
        first bytes are told apart by `raw_files.is_camera_raw`.
    """
    for prefix, name in _PREFIXES.items():
        if head.startswith(prefix):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return "BMP"
    if head[:4] == b"\0\0\1\0" and any(head[4:6]):
        return "ICO"
    if head[:2] in _PPM_MAGIC and head[2:3].isspace():
        return "PPM"
    return _media_container(head) if head[4:8] == b"ftyp" else _science_format(head)


def other_kind(head: bytes) -> OtherKind:
    """Say what a file is that is not a picture.

    Args:
        head: The first `HEAD_BYTES` bytes, or all of a shorter file.
    """
    if is_nifti_pair(_unpacked(head)):
        return NIFTI_PAIR
    return of_binary(head) or _text_kind(head)


def _science_format(head: bytes) -> str | None:
    """Recognise what instruments and cameras write."""
    for prefix, name in _SCIENCE_PREFIXES.items():
        if head.startswith(prefix):
            return name
    if head.startswith(RAW_PREFIXES):
        return "RAW"
    if is_dicom(head):
        return "DICOM"
    return "NIfTI" if is_nifti(_unpacked(head)) else None


def _unpacked(head: bytes) -> bytes:
    """The beginning of what is packed with gzip, as NIfTI files often are; other bytes as they are."""
    if head[:3] != b"\x1f\x8b\x08":
        return head
    try:
        return zlib.decompressobj(wbits=31).decompress(head, 1024)
    except zlib.error:
        return head


def _media_container(head: bytes) -> str | None:
    """Distinguish AVIF, HEIF and video: all are ISO base media files (ISO/IEC 14496-12, 4.3)."""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    major = head[8:12]
    brands = {head[start : start + 4] for start in range(16, length - 3, 4)} | {major}
    if major in _AVIF_BRANDS or (major in {b"mif1", b"msf1", b"miaf"} and brands & _AVIF_BRANDS):
        return "AVIF"
    if major == b"crx ":  # Canon CR3
        return "RAW"
    return "HEIF" if major in _HEIF_BRANDS else None


def _text_kind(head: bytes) -> OtherKind:
    """Distinguish a web page, a vector drawing and plain text; anything with a NUL is not text."""
    lowered = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if lowered.startswith((b"<!doctype html", b"<html")) or b"<html" in lowered or b"<head" in lowered:
        return WEB_PAGE
    if b"<svg" in lowered:
        return SVG
    printable = sum(byte >= 32 or byte in b"\t\n\r\f" for byte in head)
    if head and b"\0" not in head and printable == len(head):
        return TEXT
    return UNKNOWN
