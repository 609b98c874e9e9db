"""What lies inside a TIFF takes no more memory than the TIFF says."""

import struct
import zlib

import imagecodecs
import numpy as np
import pytest

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.decode import read_image
from desktop_app.core.images.science import tiff_guard
from desktop_app.core.images.science.tiff_guard import jpeg_xl_size
from tests.core.images.science.tiff_variants import grey, scaled, write

NUMBERS = np.zeros((300, 200), np.uint16)

ENCODED = {
    34933: imagecodecs.png_encode(NUMBERS),
    34712: imagecodecs.jpeg2k_encode(NUMBERS),
    34887: imagecodecs.lerc_encode(NUMBERS),
    34934: imagecodecs.jpegxr_encode(NUMBERS),
    50002: imagecodecs.jpegxl_encode(NUMBERS, lossless=True),
}


def page(data, compression, side=10, more=()):
    """A TIFF of 16-bit grey, ``side`` pixels high and wide, in one strip."""
    tags = [(256, 4, 1, side), (257, 4, 1, side), (258, 3, 1, 16), (259, 3, 1, compression), (262, 3, 1, 1)]
    tags += [(273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, side), (279, 4, 1, len(data)), *more]
    out = b"II*\0" + struct.pack("<I", 8 + len(data)) + data + struct.pack("<H", len(tags))
    return out + b"".join(struct.pack("<HHII", *tag) for tag in sorted(tags)) + bytes(4)


@pytest.mark.parametrize("compression", ENCODED)
def test_a_larger_picture_inside_is_refused(compression, monkeypatch):
    monkeypatch.setattr(tiff_guard, "_SPARE_PIXELS", 1000)

    with pytest.raises(UnreadableImage, match="larger pictures inside"):
        read_image(page(ENCODED[compression], compression))


@pytest.mark.parametrize("compression", ["png", "jpeg2000", "lerc", "jpegxr", "jpegxl"])
def test_a_picture_of_the_right_size_passes(compression, monkeypatch):
    monkeypatch.setattr(tiff_guard, "_SPARE_PIXELS", 0)
    options = {"lossless": True} if compression == "jpegxl" else {}
    data = write(
        scaled(grey(), "u2"), photometric="minisblack", compression=compression, compressionargs=options
    )

    assert read_image(data).shape == (48, 64, 3)


@pytest.mark.parametrize("size", [(8, 8), (256, 256), (300, 200), (70_000, 3), (64, 48), (1920, 1080)])
def test_the_size_of_jpeg_xl(size):
    width, height = size
    data = imagecodecs.jpegxl_encode(np.zeros((height, width), np.uint8), lossless=True)

    assert jpeg_xl_size(data) == size


def test_what_is_no_jpeg_xl_has_no_size():
    assert jpeg_xl_size(b"") is None
    assert jpeg_xl_size(b"\0\0\0\x0cJXL \r\n\x87\n") is None


@pytest.mark.parametrize(
    "more", [(), [(322, 4, 1, 65_536), (323, 4, 1, 65_536), (324, 4, 1, 8), (325, 4, 1, 12)]]
)
def test_claims_are_refused_before_memory_is_set_aside(more):
    side = 10 if more else 14_000
    data = page(zlib.compress(bytes(100)), 8, side, [*more, (339, 3, 1, 1)])

    with pytest.raises(UnreadableImage, match=r"takes more than 1 GB|incomplete|damaged"):
        read_image(data)


def test_a_loop_of_pages_ends():
    data = bytearray(page(NUMBERS.tobytes()[:200], 1))
    data[-4:] = data[4:8]

    assert read_image(bytes(data)).shape == (10, 10, 3)


def test_a_file_that_is_cut_anywhere_is_refused_or_whole():
    data = write(scaled(grey(), "u2"), photometric="minisblack", compression="zlib", rowsperstrip=8)

    for end in range(16, len(data), 97):
        with pytest.raises(UnreadableImage) as caught:
            read_image(data[:end])
        assert caught.value.advice
