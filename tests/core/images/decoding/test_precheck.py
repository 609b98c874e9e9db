import io

import imagecodecs
import numpy as np
import pytest

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding import precheck
from desktop_app.core.images.decoding.decode import read_image
from desktop_app.core.images.decoding.precheck import check_icon, check_jpeg
from tests.core.images.samples import encode, picture, valid_files

GREY = np.tile(np.arange(64, dtype=np.uint8), (48, 1))


def icon_of(payload):
    entry = (
        bytes([16, 16, 0, 0, 1, 0, 32, 0]) + len(payload).to_bytes(4, "little") + (22).to_bytes(4, "little")
    )
    return b"\0\0\1\0\1\0" + entry + payload


@pytest.mark.parametrize(
    "payload",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR" + (200).to_bytes(4, "big") * 2 + b"\x08\x06\0\0\0",
        (40).to_bytes(4, "little") + (200).to_bytes(4, "little") * 2 + bytes(28),
        (40).to_bytes(4, "little") + (-200).to_bytes(4, "little", signed=True) * 2 + bytes(28),
    ],
    ids=["png", "bitmap", "top-down bitmap"],
)
def test_an_icon_cannot_hide_a_huge_picture(payload, monkeypatch):
    monkeypatch.setattr(precheck, "_ICON_PIXELS", 200 * 200 - 1)

    with pytest.raises(UnreadableImage, match="megapixels"):
        read_image(icon_of(payload))


@pytest.mark.parametrize("name", ["ICO", "ICO bitmap"])
def test_usual_icons_pass(name):
    check_icon(io.BytesIO(valid_files()[name]))


def test_a_cut_icon_is_left_to_the_decoder():
    check_icon(io.BytesIO(b"\0\0\1\0\5\0" + bytes(20)))


@pytest.mark.parametrize("name", ["TIFF", "TIFF float"])
def test_a_tiff_whose_strips_end_before_the_picture_does(name):
    data = bytearray(valid_files()[name])
    height = data.index(bytes([1, 1, 4, 0, 1, 0, 0, 0])) + 8  # the entry of ImageLength
    data[height : height + 4] = (4800).to_bytes(4, "little")

    with pytest.raises(UnreadableImage, match="part of the file is missing"):
        read_image(bytes(data))


def test_scans_are_counted_also_across_chunks(monkeypatch):
    data = encode(picture(), "JPEG", progressive=True)
    scans = data.count(b"\xff\xda")
    assert scans > 1

    for chunk in (1, 2, 3, 1000):
        monkeypatch.setattr("desktop_app.core.images.decoding.precheck._CHUNK", chunk)
        assert check_jpeg(io.BytesIO(data), 1) == scans


class Counting(io.BytesIO):
    """Counts the bytes that are read of it."""

    count = 0

    def read(self, size=-1):
        data = super().read(size)
        self.count += len(data)
        return data


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("more", [{}, {"comment": b"\xff\xda"}, {"exif": b"Exif\0\0\xff\xda\xff\xc2"}])
def test_a_single_scan_is_known_by_the_header(mode, more):
    stream = Counting(encode(picture(mode, 300, 400), "JPEG", quality=95, **more))

    assert check_jpeg(stream, 400 * 300) == 1
    assert stream.count < 200


def with_header(data, change):
    """Change what is before the first scan."""
    start = data.index(b"\xff\xda")
    return change(data[:start]) + data[start:]


FRAME = b"\xff\xc0\0\x11"

UNUSUAL = {
    "progressive": lambda header: header.replace(b"\xff\xc0", b"\xff\xc2"),
    "arithmetic coding": lambda header: header.replace(b"\xff\xc0", b"\xff\xc9"),
    "two frames": lambda header: header + header[header.index(FRAME) :][:19],
    "no frame": lambda header: header.replace(b"\xff\xc0", b"\xff\xfe"),
    "fill bytes": lambda header: header[:2] + b"\xff\xff" + header[2:],
    "rubbish": lambda header: header[:2] + b"\0" + header[2:],
    "an unknown segment": lambda header: header + b"\xff\xf0\0\2",
    "a segment of no length": lambda header: header + b"\xff\xfe\0\1",
    "a frame that is too short": lambda header: header + FRAME[:2] + b"\0\7" + bytes(5),
    "more components than the scan has": lambda header: header.replace(
        b"\0\x11\x08\0\x30\0\x40\3", b"\0\x11\x08\0\x30\0\x40\4"
    ),
    "many segments": lambda header: header + 200 * b"\xff\xfe\0\2",
    "a header without an end": lambda header: header + b"\xff\xfe\xff\xff",
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_an_unusual_header_is_not_believed(name):
    usual = encode(picture(), "JPEG")
    scan = usual[usual.index(b"\xff\xda") : -2]
    data = with_header(usual, UNUSUAL[name])
    assert data != usual

    assert check_jpeg(io.BytesIO(data[:-2] + scan + scan), 1) == 3


def test_the_decoder_reads_no_second_scan_where_the_header_says_so():
    data = encode(picture(), "JPEG")
    again = data[:-2] + 1000 * data[data.index(b"\xff\xda") : -2] + b"\xff\xd9"

    assert check_jpeg(io.BytesIO(again), 200_000_000) == 1
    with pytest.raises(UnreadableImage, match="damaged"):
        read_image(again)


def test_a_jpeg_of_too_many_scans(monkeypatch):
    data = encode(picture(), "JPEG", progressive=True)
    scans = data.count(b"\xff\xda")
    monkeypatch.setattr(precheck, "_SCAN_PIXELS", scans * 64 * 48)
    assert read_image(data).shape == (48, 64, 3)
    last = data[data.rindex(b"\xff\xda") : -2]

    with pytest.raises(UnreadableImage, match=f"made of {scans + 1} layers"):
        read_image(data[:-2] + last + b"\xff\xd9")


def test_the_limits_are_these():
    assert (precheck._ICON_PIXELS, precheck._SCAN_PIXELS) == (16_000_000, 5_000_000_000)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (imagecodecs.jpegls_encode(GREY), "a JPEG-LS picture"),
        (imagecodecs.ljpeg_encode(GREY.astype(np.uint16) * 257), "a lossless JPEG picture of 16 bits"),
        (imagecodecs.jpeg8_encode(GREY.astype(np.uint16), bitspersample=12), "a JPEG picture of 12 bits"),
    ],
)
def test_kinds_of_jpeg_that_are_not_opened_are_named(data, kind):
    with pytest.raises(UnreadableImage, match=f"This is {kind}, which"):
        read_image(data)


def test_a_damaged_jpeg_is_called_damaged():
    with pytest.raises(UnreadableImage, match="damaged"):
        read_image(b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(100))
