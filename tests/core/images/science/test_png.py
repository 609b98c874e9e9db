"""PNG of 16 bits keeps them, whatever else its file holds."""

import io
import zlib

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.decode import read_described, read_image
from desktop_app.core.images.decoding.reading import PixelReading
from desktop_app.core.images.science import png
from tests.core.images.samples import encode
from tests.core.images.science.tiff_variants import grey, scaled, scene

COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}
PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def chunk(kind, data):
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def rows_of(numbers):
    return b"".join(b"\0" + row.astype(">u2").tobytes() for row in numbers)


def write(numbers, *, interlaced=False, more=(), packed=None):
    """Write uint16 ``(h, w, bands)`` without filters."""
    height, width, bands = numbers.shape
    parts = (
        [numbers[top::down, left::across] for left, top, across, down in PASSES] if interlaced else [numbers]
    )
    rows = b"".join(rows_of(part) for part in parts if part.size)
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    header += bytes([16, COLOUR_TYPES[bands], 0, 0, interlaced])
    data = zlib.compress(rows) if packed is None else packed(rows)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [
            chunk(b"IHDR", header),
            *more,
            chunk(b"IDAT", data[:50]),
            chunk(b"IDAT", data[50:]),
            chunk(b"IEND", b""),
        ]
    )


@pytest.mark.parametrize("interlaced", [False, True])
def test_colours_keep_their_sixteen_bits(interlaced):
    data = write(scaled(scene(), "u2"), interlaced=interlaced)

    assert np.abs(read_image(data).astype(int) - scene()).max() <= 1


def test_twelve_bits_of_colour_in_sixteen():
    counts = np.rint(scene() / 255 * 4095).astype(np.uint16)

    assert np.abs(read_image(write(counts)).astype(int) - scene()).max() <= 1


def test_dim_colours_follow_the_levels_of_the_data_set():
    counts = np.full((8, 8, 3), 600, np.uint16)

    assert read_image(write(counts), PixelReading(black=0, white=1200)).max() == 128


@pytest.mark.parametrize("bands", [2, 4])
def test_transparency_lies_over_white(bands):
    numbers = np.zeros((4, 6, bands), np.uint16)
    numbers[:, 3:, -1] = 65535

    pixels = read_image(write(numbers))

    assert pixels[:, :3].min() == 255
    assert pixels[:, 3:].max() == 0


def test_a_turned_picture_stands_upright():
    exif = Image.Exif()
    exif[274] = 6
    more = [chunk(b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0"))]

    decoded = read_described(write(scaled(scene(), "u2"), more=more), 1000)

    assert decoded.full_size == (48, 64)
    assert np.abs(decoded.pixels.astype(int) - np.rot90(scene(), -1)).max() <= 1


def test_pictures_of_eight_bits_are_left_to_pillow():
    assert png.open_frames(io.BytesIO(encode(Image.fromarray(scene()), "PNG"))) is None
    assert png.open_frames(io.BytesIO(b"\x89PNG\r\n\x1a\n")) is None


@pytest.mark.parametrize(
    "packed",
    [
        lambda rows: zlib.compress(rows[:-40]),
        lambda rows: zlib.compress(rows)[:-40],
        lambda rows: zlib.compress(rows)[:-4] + b"xxxx",
        lambda rows: b"no zlib stream" * 9,
    ],
)
def test_damaged_data_is_refused_and_nothing_is_printed(packed, capfd):
    data = write(scaled(grey()[..., None], "u2"), packed=packed)

    with pytest.raises(UnreadableImage, match=r"incomplete|damaged"):
        read_image(data)

    assert capfd.readouterr() == ("", "")


def test_more_data_than_rows_does_no_harm():
    data = write(scaled(grey()[..., None], "u2"), packed=lambda rows: zlib.compress(rows + bytes(50_000_000)))

    assert np.abs(read_image(data)[..., 0].astype(int) - grey()).max() <= 1


def test_a_colour_that_stands_for_none_is_white():
    numbers = scaled(grey()[..., None], "u2")
    clear = int(numbers[20, 30, 0])
    shown = read_image(write(numbers, more=[chunk(b"tRNS", clear.to_bytes(2, "big"))]))

    expected = np.where(grey() == grey()[20, 30], 255, grey())
    assert np.abs(shown[..., 0].astype(int) - expected).max() <= 1
    colours = scaled(scene(), "u2")
    data = write(colours, more=[chunk(b"tRNS", colours[20, 30].astype(">u2").tobytes())])
    assert read_image(data)[20, 30].tolist() == [255, 255, 255]
