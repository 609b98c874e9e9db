import gzip

import pytest

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.decode import read_image
from desktop_app.core.images.decoding.sniff import HEAD_BYTES, SCIENCE_FORMATS, other_kind, picture_format
from tests.core.images.samples import valid_files

LFS = (
    b"version https://git-lfs.github.com/spec/v1\n"
    b"oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
)
OTHERS = {
    "Git LFS": LFS,
    "a web page": b"\xef\xbb\xbf\n <!-- hello -->\n<HTML><body>404</body>",
    "text": b"Dear diary,\nno picture today.\n",
    "PDF": b"%PDF-1.7\n",
    "ZIP": b"PK\x03\x04\x14\0",
    "office": b"PK\x03\x04" + bytes(22) + b"\x13\0\0\0[Content_Types].xml",
    "NumPy": b"\x93NUMPY\x01\0v\0{'descr': '<f8'}",
    "MATLAB": b"MATLAB 5.0 MAT-file, Platform: GLNXA64",
    "LabVIEW": b"LabVIEW Measurement\t\nWriter_Version\t2",
    "NetCDF": b"CDF\x01\0\0\0\0",
    "gzip": b"\x1f\x8b\x08\0",
    "RAR": b"Rar!\x1a\x07",
    "7z": b"7z\xbc\xaf\x27\x1c",
    "TAR": bytes(257) + b"ustar\0",
    "a video": b"\0\0\0\x18ftypmp42\0\0\0\0isommp42",
    "video": b"\0\0\0\x14ftypqt  \0\0\0\0qt  ",
    "HDF5": b"\x89HDF\r\n\x1a\n",
    "sound": b"ID3\x04\0",
    "recording": b"RIFF\x24\0\0\0WAVEfmt ",
    "a program": b"\x7fELF\x02\x01",
    "does not know": b"\0\1\2\3\4\5\6\7",
}
PICTURES_NOT_OPENED = {
    "SVG": b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>',
    "Photoshop": b"8BPS\0\1",
    "PostScript": b"%!PS-Adobe-3.0",
    "GIMP": b"gimp xcf v011",
    "Krita": b"PK\x03\x04" + bytes(22) + b"\x08\0\0\0mimetypeapplication/x-krita",
    "ND2": b"\xda\xce\xbe\x0a\x10\0\0\0",
    "LIF": b"\x70\0\0\0\x10\0\0\0\x2a\x05",
    "ZVI": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "NRRD": b"NRRD0004\ntype: short\n",
    "MetaImage": b"ObjectType = Image\nNDims = 3\n",
    "MRC": bytes(208) + b"MAP DD\0\0",
    "NIfTI or Analyze": (348).to_bytes(4, "little") + bytes(340) + b"ni1\0",
    "Targa": b"\0\0\2\0" + bytes(14),
}
SCIENCE = {
    "DICOM": bytes(128) + b"DICM\2\0\0\0UL\4\0",
    "DICOM as before its third version": b"\x08\0\x05\0\x0a\0\0\0ISO_IR 100\x08\0\x16\0\x1a\0\0\0",
    "DICOM without preamble": b"\x02\0\0\0UL\4\0\xb0\0\0\0\2\0\1\0OB\0\0\2\0\0\0",
    "DICOM of big-endian numbers": b"\0\x08\0\x05CS\0\x0aISO_IR 100\0\x08\0\x16UI\0\x1a",
    "FITS": b"SIMPLE  =                    T",
    "NIfTI": (348).to_bytes(4, "little") + bytes(340) + b"n+1\0",
    "NIfTI big-endian": (348).to_bytes(4, "big") + bytes(340) + b"n+1\0",
    "NIfTI 2": (540).to_bytes(4, "little") + b"n+2\0\r\n\x1a\n" + bytes(528),
    "NIfTI packed": gzip.compress((348).to_bytes(4, "little") + bytes(340) + b"n+1\0" + bytes(5000)),
    "EXR": b"v/1\x01\2\0\0\0",
    "CZI": b"ZISRAWFILE\0\0\0\0\0\0",
    "JPEG XL": b"\xff\x0a\xfa\x1f",
    "JPEG XL in boxes": b"\0\0\0\x0cJXL \r\n\x87\n",
    "JPEG 2000": b"\0\0\0\x0cjP  \r\n\x87\n",
    "JPEG 2000 bare": b"\xff\x4f\xff\x51",
    "RAW of Canon": b"\0\0\0\x18ftypcrx \0\0\0\1crx isom",
    "RAW of Fujifilm": b"FUJIFILMCCD-RAW 0201FF383501",
    "RAW of Olympus": b"IIRO\x08\0\0\0",
    "RAW of Panasonic": b"IIU\0\x08\0\0\0",
}


@pytest.mark.parametrize("name", SCIENCE)
def test_what_instruments_and_cameras_write_is_recognised(name):
    found = picture_format(SCIENCE[name][:HEAD_BYTES])

    assert found in SCIENCE_FORMATS
    assert name.startswith(found)


@pytest.mark.parametrize("name", PICTURES_NOT_OPENED)
def test_a_picture_that_cannot_be_opened_is_called_a_picture(name):
    with pytest.raises(UnreadableImage, match=f"This is .*{name}.*, which Sightline cannot open") as caught:
        read_image(PICTURES_NOT_OPENED[name])

    assert "not a picture" not in str(caught.value)
    assert caught.value.advice.endswith("try again.")


@pytest.mark.parametrize("name", valid_files())
def test_every_picture_is_recognised(name):
    expected = name.split()[0].replace("MPO", "JPEG")

    assert picture_format(valid_files()[name][:HEAD_BYTES]) == expected


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_picture_is_named(name):
    with pytest.raises(UnreadableImage, match=f"This is not a picture but .*{name}.*") as caught:
        read_image(OTHERS[name])

    assert caught.value.advice.endswith((".", "itself."))


@pytest.mark.parametrize(
    "head",
    [
        b"BMW makes cars and motorcycles",
        b"P7 was a format of its own",
        b"\x08\0\x05\0 is no DICOM by itself, whatever follows",
        b"Pfui",
        b"II*",
        b"RIFF\0\0\0\0WAVE",
        b"\0\0\1\0\0\0 an icon of nothing",
        b"\0\0\0\x18ftypqt  ",
        b"",
    ],
)
def test_what_only_looks_alike_is_no_picture(head):
    assert picture_format(head) is None
    assert other_kind(head).advice


@pytest.mark.parametrize(
    ("brands", "expected"),
    [
        (b"avif\0\0\0\0mif1", "AVIF"),
        (b"mif1\0\0\0\0avifmiaf", "AVIF"),
        (b"heic\0\0\0\0mif1", "HEIF"),
        (b"mif1\0\0\0\0heic", "HEIF"),
        (b"msf1\0\0\0\0hevc", "HEIF"),
        (b"isom\0\0\0\0avc1", None),
    ],
)
def test_media_containers_are_told_apart(brands, expected):
    head = (8 + len(brands)).to_bytes(4, "big") + b"ftyp" + brands

    assert picture_format(head + b"avif") == expected
