#!/bin/sh
# pydicom cannot apply a palette with an odd number of 8-bit entries that it has itself written and read.
#
# Guess before it was run: the byte that makes the length even, as DICOM asks for, is left out of account.
# Really, with pydicom 3.0.2, numpy 2.4.6, Python 3.11, 2026-11-28: values of DICOM have an even length, so a table of
# 101 bytes is written with a 102nd. Read again, apply_color_lut divides 102 by the 101 entries that the descriptor
# names, and raises ValueError: "The bit depth of the LUT data '8.1' is invalid". With 100 entries it works, and so it
# does before the data set is saved.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pydicom==3.0.2 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import io

import numpy as np
import pydicom
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.pixels import apply_color_lut
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid

index = np.arange(100, dtype=np.uint8).reshape(10, 10)


def outcome(entries, *, saved):
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    dataset = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    dataset.SOPClassUID, dataset.SOPInstanceUID = SecondaryCaptureImageStorage, meta.MediaStorageSOPInstanceUID
    dataset.PhotometricInterpretation, dataset.SamplesPerPixel = "PALETTE COLOR", 1
    dataset.Rows, dataset.Columns, dataset.PixelRepresentation = 10, 10, 0
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 8, 8, 7
    for name in ("Red", "Green", "Blue"):
        setattr(dataset, f"{name}PaletteColorLookupTableDescriptor", [entries, 0, 8])
        setattr(dataset, f"{name}PaletteColorLookupTableData", bytes(range(entries)))
    dataset.PixelData = index.tobytes()
    if saved:
        stream = io.BytesIO()
        dataset.save_as(stream, enforce_file_format=True)
        stream.seek(0)
        dataset = pydicom.dcmread(stream)
    try:
        return apply_color_lut(index, dataset).shape
    except ValueError as error:
        return f"ValueError: {error}"


found = {
    "100 entries, saved": outcome(100, saved=True),
    "101 entries, not saved": outcome(101, saved=False),
    "101 entries, saved": outcome(101, saved=True),
}
for name, what in found.items():
    print(f"{name}: {what}")
assert found["100 entries, saved"] == found["101 entries, not saved"] == (10, 10, 3)
assert "'8.1' is invalid" in str(found["101 entries, saved"]), "this has changed"
PYTHON
