import pytest

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.decode import read_image
from desktop_app.core.images.decoding.sniff import HEAD_BYTES, other_kind, picture_format
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
    "gzip": b"\x1f\x8b\x08\0",
    "RAR": b"Rar!\x1a\x07",
    "7z": b"7z\xbc\xaf\x27\x1c",
    "video": b"\0\0\0\x18ftypmp42\0\0\0\0isommp42",
    "raw camera": b"\0\0\0\x18ftypcrx \0\0\0\1crx isom",
    "SVG": b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>',
    "Photoshop": b"8BPS\0\1",
    "PostScript": b"%!PS-Adobe-3.0",
    "JPEG XL": b"\xff\x0a\xfa\x1f",
    "JPEG 2000": b"\0\0\0\x0cjP  \r\n\x87\n",
    "HDF5": b"\x89HDF\r\n\x1a\n",
    "sound": b"ID3\x04\0",
    "recording": b"RIFF\x24\0\0\0WAVEfmt ",
    "a program": b"\x7fELF\x02\x01",
    "does not know": b"\0\1\2\3\4\5\6\7",
}


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
