"""What files are called that are no pictures, or pictures that are not opened here."""

from __future__ import annotations

from typing import NamedTuple


class OtherKind(NamedTuple):
    """Something that is not a picture that can be opened here: what it is, and what to do about it."""

    name: str
    advice: str
    picture: bool = False
    """Whether people call it a picture, so that "This is not a picture" would be wrong."""

    @property
    def sentence(self) -> str:
        """What a person who chose it as a picture reads."""
        if self.picture:
            return f"This is {self.name}, which Sightline cannot open."
        return f"This is not a picture but {self.name}."


_CHOOSE = "Choose a picture file, such as JPEG or PNG."
_EXPORT = "Export it as JPEG or PNG from the program that made it, then try again."
_FRAME = "Save one frame of it as a picture, then try again."
_UNPACK = "Unpack it first, then choose the pictures inside."
_TIFF = "Export its pictures as TIFF or PNG from the program that made it, then try again."
_MODELS = "Models belong in the Models pane."


def _picture(name: str, advice: str = _EXPORT) -> OtherKind:
    return OtherKind(name, advice, picture=True)


GIT_LFS = OtherKind(
    "a placeholder that Git LFS left in place of the picture",
    'Run "git lfs pull" in the folder it came from, or get the picture itself.',
)
WEB_PAGE = OtherKind("a web page", "Save the picture from the page, then try again with that file.")
TEXT = OtherKind("a text file", _CHOOSE)
UNKNOWN = OtherKind("data of a kind that Sightline does not know", _CHOOSE)
SVG = _picture("an SVG drawing, made of shapes instead of pixels")
VIDEO = OtherKind("a video", _FRAME)
SOUND = OtherKind("a sound recording", _CHOOSE)
RECORDING = OtherKind("a recording", _CHOOSE)
ZIP = OtherKind("a ZIP archive or an office document", _UNPACK)
TAR = OtherKind("a TAR archive", _UNPACK)
OFFICE = OtherKind("an office document", "Save its pictures as JPEG or PNG, then choose those.")
PROGRAM = OtherKind("a program", _CHOOSE)
ARRAYS = OtherKind(
    "an array of numbers (NumPy)", "Save each picture of it as PNG or TIFF, then choose those files."
)
MATLAB = OtherKind(
    "data of MATLAB", "Save each picture of it as PNG or TIFF (imwrite), then choose those files."
)
NIFTI_PAIR = _picture(
    "the header of a NIfTI or Analyze volume whose numbers are in another file",
    "Convert it to one NIfTI file (.nii), then try again.",
)
LEICA = _picture("a Leica microscope file (LIF)", _TIFF)
KRITA = _picture("a Krita document")
OPEN_RASTER = _picture("an OpenRaster document")
MICROSCOPE = _picture("a picture or a project of a microscope (ZVI, OIB), or an old office document", _TIFF)

BY_PREFIX: dict[bytes, OtherKind] = {
    b"version https://git-lfs": GIT_LFS,
    b"%PDF": OtherKind("a PDF document", "Export the page as JPEG or PNG, then try again."),
    b"Rar!": OtherKind("a RAR archive", _UNPACK),
    b"7z\xbc\xaf\x27\x1c": OtherKind("a 7z archive", _UNPACK),
    b"\x1f\x8b": OtherKind("a gzip archive", _UNPACK),
    b"\xfd7zXZ\0": OtherKind("an xz archive", _UNPACK),
    b"\x28\xb5\x2f\xfd": OtherKind("a Zstandard archive", _UNPACK),
    b"\x1aE\xdf\xa3": VIDEO,
    b"\0\0\x01\xba": VIDEO,
    b"\0\0\x01\xb3": VIDEO,
    b"FLV\x01": VIDEO,
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11": OtherKind("a video or sound recording of Windows Media", _FRAME),
    b"ID3": SOUND,
    b"fLaC": SOUND,
    b"OggS": OtherKind("a sound or video recording", _CHOOSE),
    b"8BPS": _picture("a Photoshop document"),
    b"gimp xcf": _picture("a GIMP document"),
    b"\x06\x06\xed\xf5\xd8\x1d\x46\xe5": OtherKind("an InDesign document", _EXPORT),
    b"%!PS": _picture("a PostScript drawing"),
    b"\xc5\xd0\xd3\xc6": _picture("a PostScript drawing (EPS)"),
    b"\xd7\xcd\xc6\x9a": _picture("a Windows drawing (WMF)"),
    b"AT&TFORM": _picture("a DjVu document"),
    b"II\xbc\x01": _picture("a JPEG XR picture"),
    b"II\xbc\0": _picture("a JPEG XR picture"),
    b"BPG\xfb": _picture("a BPG picture"),
    b"qoif": _picture("a QOI picture"),
    b"\x01\xda\0\1": _picture("a picture of Silicon Graphics (SGI)"),
    b"\x01\xda\1\1": _picture("a picture of Silicon Graphics (SGI)"),
    b"\x59\xa6\x6a\x95": _picture("a Sun raster picture"),
    b"\x0a\5\1\1": _picture("a PCX picture"),
    b"\x0a\5\1\x08": _picture("a PCX picture"),
    b"BLP1": _picture("a texture (BLP)"),
    b"BLP2": _picture("a texture (BLP)"),
    b"EHFA_HEADER_TAG": _picture("a picture of ERDAS Imagine", _TIFF),
    b"DDS ": _picture("a texture (DDS)"),
    b"\xabKTX": _picture("a texture (KTX)"),
    b"icns": _picture("an icon of macOS"),
    b"\0\0\2\0": _picture("a mouse pointer or a Targa picture"),
    b"#?RADIANCE": _picture("a Radiance picture (HDR)"),
    b"#?RGBE": _picture("a Radiance picture (HDR)"),
    b"P7\n": _picture("a PAM picture"),
    b"PF\n": _picture("a colour picture of floating-point numbers (PFM)"),
    b"/* XPM": _picture("an XPM picture"),
    b"\xda\xce\xbe\x0a": _picture("a Nikon microscope file (ND2)", _TIFF),
    b"FORM\0": OtherKind("a recording or a picture of an old kind (IFF)", _EXPORT),
    b"NRRD00": _picture("a volume of the kind NRRD", _TIFF),
    b"ObjectType": _picture("the header of a MetaImage volume (MHD, MHA)", _TIFF),
    b"\x89HDF": OtherKind("a file of weights or scientific data (HDF5)", _MODELS),
    b"CDF\x01": OtherKind("scientific data of the kind NetCDF", _TIFF),
    b"CDF\x02": OtherKind("scientific data of the kind NetCDF", _TIFF),
    b"\x0e\x03\x13\x01": OtherKind("scientific data of the kind HDF4", _TIFF),
    b"MATLAB 5.0 MAT": MATLAB,
    b"MATLAB 7.3 MAT": MATLAB,
    b"\x93NUMPY": ARRAYS,
    b"TDSm": OtherKind("measurements of LabVIEW (TDMS)", _TIFF),
    b"LabVIEW Measurement": OtherKind("measurements of LabVIEW", _TIFF),
    b"RSRC\r\n": OtherKind("a program of LabVIEW (VI)", _TIFF),
    b"# vtk": OtherKind("data of VTK", _TIFF),
    b"PAR1": OtherKind("a table (Parquet)", _CHOOSE),
    b"ARROW1": OtherKind("a table (Arrow)", _CHOOSE),
    b"SQLite format 3": OtherKind("a database (SQLite)", _CHOOSE),
    b"MZ": PROGRAM,
    b"\x7fELF": PROGRAM,
    b"\xcf\xfa\xed\xfe": PROGRAM,
    b"\xca\xfe\xba\xbe": PROGRAM,
    b"L\0\0\0\x01\x14\x02\0": OtherKind("a shortcut of Windows", "Choose the file that it leads to."),
    b"bplist00": OtherKind("a property list of macOS", _CHOOSE),
    b"\0\x05\x16\x07": OtherKind("what macOS keeps beside a file (AppleDouble)", "Choose the file itself."),
    b"OTTO\0": OtherKind("a font", _CHOOSE),
    b"wOFF": OtherKind("a font", _CHOOSE),
    b"wOF2": OtherKind("a font", _CHOOSE),
}
"""Kinds by the first bytes of their files."""

_OFFICE_PARTS = (b"[Content_Types].xml", b"_rels/", b"word/", b"xl/", b"ppt/", b"docProps/")
_BOXES = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_SOUND_BRANDS = (b"M4A ", b"M4B ")


def of_binary(head: bytes) -> OtherKind | None:
    """Recognise a kind by its first bytes.

    Args:
        head: The first `sniff.HEAD_BYTES` bytes, or all of a shorter file.
    """
    for prefix, kind in BY_PREFIX.items():
        if head.startswith(prefix):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(head)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return MICROSCOPE
    if head[4:8] == b"ftyp":
        return SOUND if head[8:12] in _SOUND_BRANDS else VIDEO
    if head[4:8] in _BOXES:
        return VIDEO
    return _by_structure(head)


def _by_structure(head: bytes) -> OtherKind | None:  # noqa: PLR0911 one answer a kind
    if head[:4] == b"RIFF":
        if head[8:11] == b"CDR":
            return _picture("a CorelDRAW drawing")
        return VIDEO if head[8:12] == b"AVI " else RECORDING
    if head[:4] == b"\x70\0\0\0" and head[8:9] == b"\x2a":
        return LEICA
    if head[:3] == b"BZh" and head[4:10] == b"1AY&SY":
        return OtherKind("a bzip2 archive", _UNPACK)
    if head[:4] == b"AC10" and head[6:7] == b"\0":
        return _picture("a CAD drawing (DWG)")
    if head[257:262] == b"ustar":
        return TAR
    if head[208:212] == b"MAP ":
        return _picture("an electron microscope's map (MRC)", _TIFF)
    if head[:3] == b"\0\0\0" and head[3:4] in (b"\3", b"\4") and b"\x14\0\0\0" in head[:32]:
        return _picture("a picture of an electron microscope (Gatan DM3, DM4)", _TIFF)
    if len(head) > 376 and head[0] == head[188] == head[376] == 0x47:
        return VIDEO
    return None


def _zip_kind(head: bytes) -> OtherKind:
    """Distinguish what is packed as ZIP by the name of its first files."""
    length = int.from_bytes(head[26:28], "little")
    name = head[30 : 30 + length]
    if name == b"mimetype":
        kinds = {b"x-krita": KRITA, b"openraster": OPEN_RASTER, b"opendocument": OFFICE, b"epub": OFFICE}
        return next((kind for mark, kind in kinds.items() if mark in head), ZIP)
    if name.startswith(_OFFICE_PARTS):
        return OFFICE
    return ARRAYS if name.endswith(b".npy") else ZIP
