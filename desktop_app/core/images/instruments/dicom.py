"""DICOM by pydicom: radiographs, slices, ultrasound, slides (PS3.3, C.7.6.3, C.11.1, C.11.2)."""

from __future__ import annotations

import logging
import warnings
import zlib
from functools import cache
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.instruments.dicom_codecs import lacks_decoder, register
from desktop_app.core.images.instruments.dicom_values import apply_window, grey_of
from desktop_app.core.images.instruments.streams import held
from desktop_app.core.images.science.frames import Frames
from desktop_app.core.images.science.readers import how_to_install, package

if TYPE_CHECKING:
    import io
    from collections.abc import Callable

    from numpy.typing import NDArray

_PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
_GREY = frozenset({"MONOCHROME1", "MONOCHROME2"})
_COLOURS = frozenset(
    ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_422", "YBR_PARTIAL_420", "YBR_ICT", "YBR_RCT")
)
_WHITE = {np.dtype(np.uint8): 255, np.dtype(np.uint16): 65535}
_DEFLATED = b"1.2.840.10008.1.2.1.99"
_VIDEO = "1.2.840.10008.1.2.4.10"
_UNPACKED_BYTES = 200_000_000
"""As much as a file may have that is not packed."""
_EXPORT = "Export it as PNG or as an uncompressed DICOM file, then try again."


def open_frames(stream: BinaryIO) -> Frames:
    """Read the data set of a file; see `readers.MODULES`."""
    data = held(stream)
    _refuse_endless(data)
    pydicom = _prepared()
    dataset = pydicom.dcmread(data, force=True)
    _check_picture(dataset)
    photometric = str(dataset.get("PhotometricInterpretation", "MONOCHROME2")).strip()
    if photometric in _GREY:
        return _grey(dataset, inverted=photometric == "MONOCHROME1")
    if photometric == "PALETTE COLOR":
        return _palette(dataset)
    if photometric in _COLOURS:
        return _colours(dataset)
    raise UnreadableImage(
        f"The DICOM picture keeps its colours as {photometric}, which is not read.", _EXPORT
    )


@cache
def _prepared() -> Any:
    """Import pydicom and make it quiet: what it finds odd about a file is not for terminal and log."""
    pydicom = package("pydicom", "a DICOM picture")
    package("pydicom.pixels", "a DICOM picture")
    pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
    logging.getLogger("pydicom").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module=r"pydicom\.")
    register()
    return pydicom


def _refuse_endless(data: io.BytesIO) -> None:
    """Refuse a deflated data set that unpacks to more than a file may have; pydicom unpacks all at once."""
    head = data.getbuffer()[:1024].tobytes()
    if head[128:132] != b"DICM" or _DEFLATED not in head:
        return
    start = 144 + int.from_bytes(head[140:144], "little")  # behind the group length and the group
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    packed = data.getbuffer()[start:].tobytes()
    total = 0
    while packed and total <= _UNPACKED_BYTES:
        total += len(unpacker.decompress(packed, 1 << 20))
        packed = unpacker.unconsumed_tail
    if total > _UNPACKED_BYTES:
        raise UnreadableImage(
            f"The DICOM file unpacks to more than {_UNPACKED_BYTES // 1_000_000} MB.", _EXPORT
        )


def _check_picture(dataset: Any) -> None:
    """Refuse a data set that is no picture: a report, a plan, a folder's index, a document, a video."""
    syntax = str(getattr(dataset.file_meta, "TransferSyntaxUID", ""))
    if not any(name in dataset for name in _PIXELS):
        kind = _class_name(dataset)
        raise UnreadableImage(
            f"This DICOM file holds no picture{f' but: {kind}' if kind else ''}.",
            "Choose the DICOM files that hold the pictures.",
        )
    if syntax.startswith(_VIDEO) and syntax != _VIDEO:
        raise UnreadableImage(
            "This DICOM file holds a video.", "Save one frame of it as a picture, then try again."
        )
    stored = int(dataset.get("BitsStored", None) or 0)
    if stored and int(dataset.get("HighBit", None) or 0) >= stored:
        raise UnreadableImage(
            f"The DICOM picture keeps its {stored} bits in an unusual place (high bit {dataset.HighBit}).",
            _EXPORT,
        )
    across, down = dataset.get("TotalPixelMatrixColumns"), dataset.get("TotalPixelMatrixRows")
    if (across or 0) > int(dataset.Columns) or (down or 0) > int(dataset.Rows):
        raise UnreadableImage(
            f"This DICOM file holds a slide of {across} x {down} pixels in tiles.",
            "Export the part to look at, or a smaller level of the slide, as TIFF or PNG.",
        )
    if not syntax:  # a file of before the third version, or one without its head
        from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

        implicit, little = dataset.original_encoding
        explicit = ExplicitVRLittleEndian if little else ExplicitVRBigEndian
        dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian if implicit else explicit


def _class_name(dataset: Any) -> str:
    """What a file is, in DICOM's own words; empty when it does not say."""
    uid = dataset.get("SOPClassUID") or getattr(dataset.file_meta, "MediaStorageSOPClassUID", "")
    name = str(getattr(uid, "name", ""))
    return "" if name[:1].isdigit() else name


def _sizes(dataset: Any, kind: str, itemsize: int) -> dict[str, Any]:
    """The fields of `Frames` that all kinds have."""
    height, width = int(dataset.Rows), int(dataset.Columns)
    samples = int(dataset.get("SamplesPerPixel", 1))
    return {
        "kind": "DICOM",
        "height": height,
        "width": width,
        "planes": max(int(dataset.get("NumberOfFrames", None) or 1), 1),
        "plane_word": "frames",
        # What the decoder gives, its copy in our own type, and what conversions keep meanwhile.
        "needed_bytes": height * width * samples * (int(dataset.BitsAllocated) // 8 + 2 * itemsize + 8),
        "mode": f"{kind}, {int(dataset.get('BitsStored', dataset.BitsAllocated))}-bit",
    }


def _stored(dataset: Any) -> Callable[[int], NDArray[Any]]:
    """Function that reads the numbers of a frame, colours as red, green and blue."""
    from pydicom.pixels import pixel_array

    def read(plane: int) -> NDArray[Any]:
        try:
            numbers: NDArray[Any] = pixel_array(dataset, index=plane)
        except RuntimeError as error:
            syntax = dataset.file_meta.TransferSyntaxUID
            if not lacks_decoder(syntax):
                raise
            raise UnreadableImage(
                f"The DICOM picture is compressed ({syntax.name}), and what unpacks that is not installed.",
                how_to_install(),
            ) from error
        return numbers

    return read


def _grey(dataset: Any, *, inverted: bool) -> Frames:
    grey = grey_of(dataset)
    stored = _stored(dataset)

    def read(plane: int) -> NDArray[Any]:
        return apply_window(grey, stored(plane), plane)[..., np.newaxis]

    return Frames(
        **_sizes(dataset, "grey", grey.dtype.itemsize),
        bands=1,
        dtype=grey.dtype,
        read=read,
        colours="grey",
        low=grey.low,
        high=grey.high,
        white_is_low=inverted,
    )


def _palette(dataset: Any) -> Frames:
    """Colours of a table, each entry of 8 or 16 bits whatever the index has (PS3.3, C.7.6.3.1.5)."""
    from pydicom.pixels import apply_color_lut

    stored = _stored(dataset)
    entries, first, bits = (int(number) for number in dataset.RedPaletteColorLookupTableDescriptor)
    dtype = np.dtype(np.uint8 if bits == 8 else np.uint16)
    for name in ("Red", "Green", "Blue"):
        _without_padding(dataset, f"{name}PaletteColorLookupTable")
    # Some devices keep colours of 8 bits in entries of 16.
    table = apply_color_lut(np.arange(first, first + (entries or 65536)).clip(0, 65535), dataset)
    narrow = dtype == np.uint16 and int(table[..., :3].max()) <= 255

    def read(plane: int) -> NDArray[Any]:
        coloured: NDArray[Any] = apply_color_lut(stored(plane), dataset)[..., :3]
        return coloured.astype(dtype, copy=False)

    return Frames(
        **_sizes(dataset, "palette", 3 * dtype.itemsize),
        bands=3,
        dtype=dtype,
        read=read,
        colours="rgb",
        low=0,
        high=255 if narrow else _WHITE[dtype],
        profile=_profile(dataset),
    )


def _without_padding(dataset: Any, name: str) -> None:
    """Take off the byte that makes the length of a table even; pydicom counts it as one of the entries."""
    entries, _first, bits = dataset[f"{name}Descriptor"].value
    data = dataset[f"{name}Data"].value if f"{name}Data" in dataset else b""
    if bits == 8 and entries % 2 and len(data) == entries + 1:
        dataset[f"{name}Data"].value = data[:-1]


def _colours(dataset: Any) -> Frames:
    stored = _stored(dataset)
    bits = int(dataset.BitsStored)
    dtype = np.dtype(np.uint8 if int(dataset.BitsAllocated) <= 8 else np.uint16)
    return Frames(
        **_sizes(dataset, "RGB", dtype.itemsize),
        bands=3,
        dtype=dtype,
        read=lambda plane: stored(plane)[..., :3].astype(dtype, copy=False),
        colours="rgb",
        low=0,
        high=2.0**bits - 1,
        profile=_profile(dataset),
    )


def _profile(dataset: Any) -> bytes | None:
    """The ICC profile, which slides keep with their optical path."""
    path = next(iter(dataset.get("OpticalPathSequence", None) or ()), dataset)
    profile = dataset.get("ICCProfile") or path.get("ICCProfile")
    return bytes(profile) if profile else None
