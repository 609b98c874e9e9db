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
