"""What lies in a folder beside its pictures, counted by kind, so that nothing is passed over in silence."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from desktop_app.core.foundation.errors import Reason
from desktop_app.core.foundation.text import counted
from desktop_app.core.images.decoding.sniff import TEXT, UNKNOWN, other_kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class _Group(NamedTuple):
    """Kinds of file that people call by one name."""

    one: str
    many: str
    extensions: frozenset[str]


def _group(one: str, many: str, extensions: str) -> _Group:
    return _Group(one, many, frozenset(extensions.split()))


_GROUPS = {
    "video": _group(
        "video",
        "videos",
        "mp4 m4v mov qt avi divx mkv webm mpg mpeg mpe m2v mts m2ts wmv asf flv f4v 3gp 3g2 ogv vob dv mxf "
        "mjpg mjpeg insv lrv",
    ),
    "sound": _group(
        "sound recording", "sound recordings", "mp3 wav flac ogg oga opus m4a aac wma aif aiff amr"
    ),
    "text": _group("text file", "text files", "txt md rst log ini cfg conf nfo"),
    "archive": _group("archive", "archives", "zip tar tgz tbz2 txz gz bz2 xz 7z rar zst cab iso dmg"),
    "office": _group(
        "office document",
        "office documents",
        "doc docx docm dot xls xlsx xlsm ppt pptx odt ods odp rtf pages",
    ),
    "web page": _group("web page", "web pages", "html htm xhtml mht mhtml url webloc"),
    "program": _group(
        "program",
        "programs",
        "exe dll msi com bat cmd ps1 sh py pyc pyw ipynb js jar so dylib c h cpp java r m",
    ),
    "picture": _group("picture in another format", "pictures in other formats", ""),
    "other": _group("other file", "other files", ""),
}
"""Kinds with a name of their own; all others are called by their extension: "4 CR3"."""

_BY_EXTENSION = {extension: name for name, group in _GROUPS.items() for extension in group.extensions}

_OTHER_SPELLINGS = {
    "DICOM": "DCM",
    "FIT": "FITS",
    "FTS": "FITS",
    "HDF5": "H5",
    "HDF": "H5",
    "YML": "YAML",
    "JSONL": "JSON",
}

_RAW = (
    "3FR ARI ARW BAY CAP CR2 CR3 CRW DCR DCS DNG ERF FFF GPR IIQ K25 KDC MEF MOS MRW NEF NRW ORF PEF PTX PXN "
    "R3D RAF RAW RW2 RWL RWZ SR2 SRF SRW X3F"
)
_SCIENCE = (
    "CZI DCM DM3 DM4 EXR FITS HDR ICS IDS IMS J2C J2K JLS JP2 JPC JPF JPM JPX JXL LIF LSM MHA MHD MRC MRXS "
    "ND2 NDPI NII NRRD OIB OIF OIR QPTIFF SCN SVS VSI ZVI"
)
_OTHERS = (
    "AI CDR CLIP DDS DJVU EMF EPS HEJ2 ICNS KRA ORA PCT PCX PICT PSB PSD QOI SVG SVGZ TGA WMF XBM XCF XPM"
)
_MEANT_AS_PICTURES = frozenset(f"picture {_RAW} {_SCIENCE} {_OTHERS}".split())
"""Kinds that people call a picture, whether Sightline opens it or not."""

_BY_CONTENT = {
    "a PDF document": "PDF",
    "a ZIP archive or an office document": "archive",
    "a RAR archive": "archive",
    "a 7z archive": "archive",
    "a gzip archive": "archive",
    "a video": "video",
    "a sound recording": "sound",
    "a recording": "sound",
    "a sound or video recording": "sound",
    "a file of weights or scientific data (HDF5)": "H5",
    "a program": "program",
    TEXT.name: "text",
    UNKNOWN.name: "other",
}
"""Kinds by the names that `sniff` gives them."""

_PICTURE_WORDS = (" picture", "camera", "drawing", "Photoshop")
"""Words in the names that `sniff` gives to pictures of kinds that are not opened."""

_EXTENSION = re.compile(r"(?=[0-9]?[A-Za-z])[0-9A-Za-z_]{1,8}")
_MOST_KINDS = 200
"""Kinds that are counted apart: endings may be anything."""

_SHOWN = 6
_FRAMES = "Videos are not read: save frames of them as JPEG files, then classify those."
_CONVERT = "Export pictures in other formats as JPEG or PNG, then classify those."


class LeftOut:
    """Counts files that are not taken, by kind in people's words.

    Attributes:
        counts: The number of files of each kind; plain names and numbers, so that they can be stored.
    """

    def __init__(self, counts: Mapping[str, int] | None = None) -> None:
        """Begin with nothing, or where an earlier count ended.

        Args:
            counts: The `counts` of the earlier one.
        """
        self.counts: Counter[str] = Counter(counts)

    def add(self, path: Path, head: bytes | None = None) -> None:
        """Count a file.

        Args:
            path: The file; its extension comes first.
            head: The first bytes, as `sniff.other_kind` takes them, for a file whose extension says nothing.
        """
        kind = _kind(path, head)
        if kind not in self.counts and len(self.counts) >= _MOST_KINDS:
            kind = "other"
        self.counts[kind] += 1

    def update(self, other: LeftOut) -> None:
        """Add what another one has counted."""
        self.counts.update(other.counts)

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.counts)

    @property
    def total(self) -> int:
        """The number of files."""
        return self.counts.total()

    @property
    def meant_as_pictures(self) -> int:
        """The number of files that their owner would call pictures, such as CR3; not videos and notes."""
        return sum(count for kind, count in self.counts.items() if kind in _MEANT_AS_PICTURES)

    @property
    def words(self) -> str:
        """Such as "18 videos, 4 CR3, 2 PDF"; the most frequent first."""
        ranked = sorted(self.counts.items(), key=lambda entry: (entry[0] == "other", -entry[1], entry[0]))
        shown = ranked if len(ranked) <= _SHOWN else ranked[: _SHOWN - 1]
        rest = sum(count for _, count in ranked[len(shown) :])
        words = [_in_words(kind, count) for kind, count in shown]
        return ", ".join([*words, *([_in_words("other", rest)] if rest else [])])

    @property
    def sentence(self) -> str:
        """Such as "18 videos, 4 CR3, 2 PDF left out."; empty where nothing was."""
        return f"{self.words} left out." if self else ""

    @property
    def reason(self) -> Reason:
        """The sentence, and what to do about it."""
        return Reason(self.sentence, self.advice)

    @property
    def advice(self) -> str:
        """What to do about videos and pictures of other kinds, as a sentence; empty for all else."""
        found = [_FRAMES] if self.counts["video"] else []
        if self.meant_as_pictures:
            found.append(_CONVERT)
        return " ".join(found)


def _kind(path: Path, head: bytes | None) -> str:
    extension = path.suffix[1:].lower()
    if extension == "gz" and path.stem.lower().endswith(".nii"):
        return "NII"
    if extension in _BY_EXTENSION:
        return _BY_EXTENSION[extension]
    named = _OTHER_SPELLINGS.get(extension.upper(), extension.upper())
    named = named if _EXTENSION.fullmatch(extension) else "other"
    content = _by_content(head) if head and named not in _MEANT_AS_PICTURES else "other"
    return named if content in {"text", "other"} and named != "other" else content


def _by_content(head: bytes) -> str:
    name = other_kind(head).name
    if any(word in name for word in _PICTURE_WORDS):
        return "picture"
    return _BY_CONTENT.get(name, "other")


def _in_words(kind: str, count: int) -> str:
    group = _GROUPS.get(kind)
    return f"{count:,} {kind}" if group is None else counted(count, group.one, group.many)
