"""DICOM files of the scene, and of any numbers."""

from __future__ import annotations

import io

import imagecodecs
import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid

JPEG_EXTENDED, JPEG_LOSSLESS = "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.70"
JPEG_BASELINE, JPEG_LS = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.80"
JPEG_2000, RLE, DEFLATED = "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.1.99"
BIG_ENDIAN, IMPLICIT = "1.2.840.10008.1.2.2", "1.2.840.10008.1.2"


def dataset(numbers, *, bits=None, photometric=None, syntax=ExplicitVRLittleEndian, frames=1, **fields):
    """A data set of numbers ``(height, width)``, ``(height, width, 3)`` or with frames."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = UID(syntax)
    found = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    found.SOPClassUID, found.SOPInstanceUID = SecondaryCaptureImageStorage, meta.MediaStorageSOPInstanceUID
    one = numbers[0] if frames > 1 else numbers
    found.Rows, found.Columns = one.shape[:2]
    found.SamplesPerPixel = 3 if one.ndim == 3 else 1
    if one.ndim == 3:
        found.PlanarConfiguration = 0
    found.PhotometricInterpretation = photometric or ("RGB" if one.ndim == 3 else "MONOCHROME2")
    found.BitsAllocated = 8 * numbers.dtype.itemsize
    found.BitsStored = bits or found.BitsAllocated
    found.HighBit = found.BitsStored - 1
    found.PixelRepresentation = int(numbers.dtype.kind == "i")
    if frames > 1:
        found.NumberOfFrames = frames
    order = ">" if syntax == BIG_ENDIAN else "<"
    found.PixelData = numbers.astype(numbers.dtype.newbyteorder(order)).tobytes()
    found["PixelData"].VR = "OW" if found.BitsAllocated > 8 else "OB"
    for name, value in fields.items():
        setattr(found, name, value)
    return found


def compressed(numbers, syntax, encoded, **fields):
    """A data set whose picture is compressed already."""
    found = dataset(numbers, syntax=syntax, **fields)
    found.PixelData = encapsulate([encoded])
    found["PixelData"].is_undefined_length = True
    return found


def saved(found, *, enforce=True):
    """The bytes of a file."""
    stream = io.BytesIO()
    pydicom.dcmwrite(stream, found, enforce_file_format=enforce)
    return stream.getvalue()


def without_preamble(found):
    """The bytes of a file as they were before the third version: data elements and nothing else."""
    found.preamble = None
    del found.file_meta
    stream = io.BytesIO()
    pydicom.dcmwrite(stream, found, implicit_vr=True, little_endian=True, enforce_file_format=False)
    return stream.getvalue()


def deflated(found):
    """A file whose data set is packed, as pydicom writes it when the syntax says so."""
    found.file_meta.TransferSyntaxUID = UID(DEFLATED)
    return saved(found)


def lut(first, numbers, bits):
    """A table of a data set: how many entries there are, what the first stands for, and the entries."""
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [len(numbers), first, bits])
    item.add_new("LUTData", "US", [int(number) for number in numbers])
    return item


def palette(numbers, colours, bits):
    """A data set of indices, and the three tables of its colours ``(count, 3)``."""
    found = dataset(numbers, photometric="PALETTE COLOR")
    for name, table in zip(("Red", "Green", "Blue"), colours.T, strict=True):
        setattr(found, f"{name}PaletteColorLookupTableDescriptor", [len(table), 0, bits])
        data = table.astype("<u2" if bits == 16 else "u1").tobytes()
        setattr(found, f"{name}PaletteColorLookupTableData", data)
    return found


def luminance_and_differences(colours):
    """YCbCr of full range (PS3.3, C.7.6.3.1.2), rounded once."""
    matrix = np.array([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]])
    return np.rint(colours @ matrix.T + [0, 128, 128]).clip(0, 255).astype(np.uint8)


def variants(colours, grey):
    """The scene in all its forms, as bytes of files by name.

    Args:
        colours: uint8 (H, W, 3).
        grey: uint8 (H, W).
    """
    twelve = np.rint(grey / 255 * 4095).astype(np.uint16)
    sixteen = grey.astype(np.uint16) * 257
    units = (twelve.astype(np.int32) - 1024).astype(np.int16)
    window = {"WindowCenter": "1024", "WindowWidth": "4096", "RescaleSlope": "1", "RescaleIntercept": "-1024"}
    ybr = luminance_and_differences(colours)
    levels = np.unique(grey)
    index = np.searchsorted(levels, grey).astype(np.uint8)
    eight_bit = np.stack([levels] * 3, axis=-1)
    planes = dataset(colours, PlanarConfiguration=1)
    planes.PixelData = np.moveaxis(colours, -1, 0).tobytes()
    rle = dataset(sixteen)
    rle.compress(UID(RLE), generate_instance_uid=False)
    packed = np.packbits(grey > 127, bitorder="little").tobytes()
    one = dataset((grey > 127).astype(np.uint8), BitsAllocated=1, BitsStored=1, HighBit=0, PixelData=packed)
    voi = dataset(twelve, bits=12, VOILUTSequence=[lut(0, np.arange(4096) * 16 + 15, 16)])
    return {
        "8 bits": saved(dataset(grey)),
        "12 bits": saved(dataset(twelve, bits=12)),
        "16 bits": saved(dataset(sixteen)),
        "MONOCHROME1": saved(dataset(4095 - twelve, bits=12, photometric="MONOCHROME1")),
        "signed, rescaled and windowed": saved(
            dataset(units, WindowCenter="512", WindowWidth="2048", RescaleSlope="0.5", RescaleIntercept="0")
        ),
        "rescaled and windowed": saved(dataset(twelve, bits=12, **window)),
        "rescaled by fractions": saved(
            dataset(
                twelve,
                bits=12,
                RescaleSlope="0.5",
                RescaleIntercept="10",
                WindowCenter="1034",
                WindowWidth="2048",
            )
        ),
        "windowed exactly": saved(
            dataset(twelve, bits=12, WindowCenter="2047.5", WindowWidth="4095", VOILUTFunction="LINEAR_EXACT")
        ),
        "VOI table": saved(voi),
        "padded": saved(dataset(twelve, bits=12, PixelPaddingValue=65535)),
        "RGB": saved(dataset(colours)),
        "RGB in planes": saved(planes),
        "RGB of 16 bits": saved(dataset(colours.astype(np.uint16) * 257)),
        "YBR_FULL": saved(dataset(ybr, photometric="YBR_FULL")),
        "palette of 16 bits": saved(palette(index, eight_bit.astype(np.uint16) * 257, 16)),
        "palette of 8 bits": saved(palette(index, eight_bit, 8)),
        "big-endian": saved(dataset(sixteen, syntax=BIG_ENDIAN)),
        "implicit": saved(dataset(sixteen, syntax=IMPLICIT)),
        "without preamble": without_preamble(dataset(sixteen, syntax=IMPLICIT)),
        "deflated": deflated(dataset(sixteen)),
        "frames": saved(dataset(np.stack([grey, grey[::-1]]), frames=2)),
        "RLE": saved(rle),
        "JPEG": saved(compressed(grey, JPEG_BASELINE, imagecodecs.jpeg8_encode(grey, level=100))),
        "JPEG of 12 bits": saved(
            compressed(
                twelve, JPEG_EXTENDED, imagecodecs.jpeg8_encode(twelve, level=99, bitspersample=12), bits=12
            )
        ),
        "JPEG lossless": saved(
            compressed(sixteen, JPEG_LOSSLESS, imagecodecs.jpeg8_encode(sixteen, lossless=True, predictor=1))
        ),
        "JPEG lossless colours": saved(
            compressed(
                colours,
                JPEG_LOSSLESS,
                imagecodecs.jpeg8_encode(
                    colours, lossless=True, predictor=1, colorspace="RGB", outcolorspace="RGB"
                ),
            )
        ),
        "JPEG-LS": saved(compressed(sixteen, JPEG_LS, imagecodecs.jpegls_encode(sixteen))),
        "JPEG-LS colours": saved(compressed(colours, JPEG_LS, imagecodecs.jpegls_encode(colours))),
        "JPEG 2000": saved(
            compressed(
                twelve,
                JPEG_2000,
                imagecodecs.jpeg2k_encode(
                    twelve, level=0, codecformat="j2k", reversible=True, bitspersample=12
                ),
                bits=12,
            )
        ),
        "JPEG 2000 signed": saved(
            compressed(
                units,
                JPEG_2000,
                imagecodecs.jpeg2k_encode(units, level=0, codecformat="j2k", reversible=True),
                WindowCenter="1024",
                WindowWidth="4096",
            )
        ),
        "JPEG 2000 colours of 16 bits": saved(
            compressed(
                colours.astype(np.uint16) * 257,
                JPEG_2000,
                imagecodecs.jpeg2k_encode(
                    colours.astype(np.uint16) * 257, level=0, codecformat="j2k", reversible=True
                ),
                photometric="YBR_RCT",
            )
        ),
        "one bit": saved(one),
    }
