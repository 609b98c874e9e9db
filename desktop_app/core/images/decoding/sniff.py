"""Recognises a file by its first bytes, never by its name."""

from __future__ import annotations

from typing import NamedTuple

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


class OtherKind(NamedTuple):
    """Something that is not a picture that can be opened here: what it is, and what to do about it."""

    name: str
    advice: str


_CHOOSE = "Choose a picture file, such as JPEG or PNG."
_EXPORT = "Export it as JPEG or PNG from the program that made it, then try again."
_FRAME = "Save one frame of it as a picture, then try again."
_UNPACK = "Unpack it first, then choose the pictures inside."

GIT_LFS = OtherKind(
    "a placeholder that Git LFS left in place of the picture",
    'Run "git lfs pull" in the folder it came from, or get the picture itself.',
)
WEB_PAGE = OtherKind("a web page", "Save the picture from the page, then try again with that file.")
TEXT = OtherKind("a text file", _CHOOSE)
UNKNOWN = OtherKind("data of a kind that Sightline does not know", _CHOOSE)

_OTHER_PREFIXES: dict[bytes, OtherKind] = {
    b"version https://git-lfs": GIT_LFS,
    b"%PDF": OtherKind("a PDF document", "Export the page as JPEG or PNG, then try again."),
    b"PK\x03\x04": OtherKind("a ZIP archive or an office document", _UNPACK),
    b"Rar!": OtherKind("a RAR archive", _UNPACK),
    b"7z\xbc\xaf\x27\x1c": OtherKind("a 7z archive", _UNPACK),
    b"\x1f\x8b": OtherKind("a gzip archive", _UNPACK),
    b"\x1aE\xdf\xa3": OtherKind("a video", _FRAME),
    b"\0\0\x01\xba": OtherKind("a video", _FRAME),
    b"ID3": OtherKind("a sound recording", _CHOOSE),
    b"fLaC": OtherKind("a sound recording", _CHOOSE),
    b"OggS": OtherKind("a sound or video recording", _CHOOSE),
    b"8BPS": OtherKind("a Photoshop document", _EXPORT),
    b"%!PS": OtherKind("a PostScript drawing", _EXPORT),
    b"\xff\x0a": OtherKind("a JPEG XL picture, which Sightline cannot open", _EXPORT),
    b"\0\0\0\x0cJXL ": OtherKind("a JPEG XL picture, which Sightline cannot open", _EXPORT),
    b"\0\0\0\x0cjP  ": OtherKind("a JPEG 2000 picture, which Sightline cannot open", _EXPORT),
    b"\xff\x4f\xff\x51": OtherKind("a JPEG 2000 picture, which Sightline cannot open", _EXPORT),
    b"v/1\x01": OtherKind("an OpenEXR picture, which Sightline cannot open", _EXPORT),
    b"\x89HDF": OtherKind("a file of weights or scientific data (HDF5)", "Models belong in the Models pane."),
    b"MZ": OtherKind("a program", _CHOOSE),
    b"\x7fELF": OtherKind("a program", _CHOOSE),
}


def picture_format(head: bytes) -> str | None:
    """Recognise a picture that can be opened here.

    Args:
        head: The first `HEAD_BYTES` bytes, or all of a shorter file.

    Returns:
        Pillow's name of the format (``JPEG``, ``PNG``, ``GIF``, ``WEBP``, ``BMP``, ``TIFF``, ``ICO``,
        ``PPM``, ``AVIF``, ``HEIF``), or None.
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
    return _media_container(head) if head[4:8] == b"ftyp" else None


def other_kind(head: bytes) -> OtherKind:
    """Say what a file is that is not a picture.

    Args:
        head: The first `HEAD_BYTES` bytes, or all of a shorter file.
    """
    for prefix, kind in _OTHER_PREFIXES.items():
        if head.startswith(prefix):
            return kind
    if head[4:8] == b"ftyp":
        if head[8:11] == b"crx":
            return OtherKind("a raw camera file, which Sightline cannot open", _EXPORT)
        return OtherKind("a video", _FRAME)
    if head[:4] == b"RIFF":
        return OtherKind("a video", _FRAME) if head[8:12] == b"AVI " else OtherKind("a recording", _CHOOSE)
    return _text_kind(head)


def _media_container(head: bytes) -> str | None:
    """Distinguish AVIF, HEIF and video: all are ISO base media files (ISO/IEC 14496-12, 4.3)."""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    major = head[8:12]
    brands = {head[start : start + 4] for start in range(16, length - 3, 4)} | {major}
    if major in _AVIF_BRANDS or (major in {b"mif1", b"msf1", b"miaf"} and brands & _AVIF_BRANDS):
        return "AVIF"
    return "HEIF" if major in _HEIF_BRANDS else None


def _text_kind(head: bytes) -> OtherKind:
    """Distinguish a web page, a vector drawing and plain text; anything with a NUL is not text."""
    lowered = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if lowered.startswith((b"<!doctype html", b"<html")) or b"<html" in lowered or b"<head" in lowered:
        return WEB_PAGE
    if b"<svg" in lowered:
        return OtherKind("an SVG drawing, made of shapes instead of pixels", _EXPORT)
    printable = sum(byte >= 32 or byte in b"\t\n\r\f" for byte in head)
    if head and b"\0" not in head and printable == len(head):
        return TEXT
    return UNKNOWN
