import numpy as np
import pytest
from PIL import Image

from desktop_app.core.images.decoding import limits, pixels
from desktop_app.core.images.decoding.colour import to_srgb
from desktop_app.core.images.decoding.decode import read_image
from desktop_app.core.images.decoding.pixels import tiles, to_rgb
from tests.core.images.samples import encode, picture, scene

COLOUR_MODES = ["RGB", "RGBX", "CMYK", "YCbCr", "LAB", "HSV"]
ALPHA_MODES = ["RGBA", "RGBa", "LA", "PA"]
MODES = [*COLOUR_MODES, *ALPHA_MODES, "1", "L", "P", "I", "F", "I;16"]


def converted(image):
    return to_rgb(image, to_srgb(image))


def in_mode(mode):
    return picture("RGBA").convert(mode) if mode in {"RGBa", "PA"} else picture(mode)


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_becomes_rgb(mode):
    image = in_mode(mode)
    before = image.tobytes()

    result = converted(image)

    assert result.shape == (48, 64, 3)
    assert result.dtype == np.uint8
    assert image.tobytes() == before


@pytest.mark.parametrize("mode", COLOUR_MODES)
def test_the_colours_stay_what_they_are(mode):
    assert np.abs(converted(picture(mode)).astype(int) - scene()).mean() < 3


@pytest.mark.parametrize("mode", ALPHA_MODES)
def test_transparency_lies_over_white(mode):
    image = Image.new("RGBA", (3, 1), (0, 0, 0, 0))
    image.putpixel((1, 0), (0, 0, 0, 128))
    image.putpixel((2, 0), (0, 0, 0, 255))

    row = converted(image.convert(mode))[0].astype(int)

    assert np.abs(row - [[255] * 3, [127] * 3, [0] * 3]).max() <= 1


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_transparent_palette_entry_lies_over_white(kind):
    image = Image.new("P", (2, 1), 0)
    image.putpalette([200, 0, 0, 0, 0, 200])
    image.putpixel((1, 0), 1)

    assert read_image(encode(image, kind, transparency=0)).tolist() == [[[255] * 3, [0, 0, 200]]]


def test_a_transparent_colour_of_a_png_lies_over_white():
    image = Image.new("RGB", (2, 1), (10, 20, 30))
    image.putpixel((1, 0), (1, 2, 3))

    assert read_image(encode(image, "PNG", transparency=(1, 2, 3))).tolist() == [[[10, 20, 30], [255] * 3]]


def test_bits_are_black_and_white():
    image = Image.new("1", (2, 1), 0)
    image.putpixel((1, 0), 1)

    assert converted(image).tolist() == [[[0] * 3, [255] * 3]]


@pytest.mark.parametrize("size", [(1, 1), (7, 5), (1000, 3), (3, 1000), (64, 64)])
@pytest.mark.parametrize("multiple", [1, 2, 3])
def test_tiles_cover_a_picture_once(size, multiple, monkeypatch):
    monkeypatch.setattr(pixels, "TILE_PIXELS", 100)
    covered = np.zeros(size[::-1], int)

    for left, top, right, bottom in tiles(size, multiple):
        covered[top:bottom, left:right] += 1
        assert left % multiple == top % multiple == 0
        assert (right - left) * (bottom - top) <= 100 * multiple**2

    assert (covered == 1).all()


@pytest.mark.parametrize("mode", MODES)
def test_tiling_changes_nothing(mode, monkeypatch):
    image = in_mode(mode)
    whole = converted(image)

    monkeypatch.setattr(pixels, "TILE_PIXELS", 101)

    assert np.array_equal(converted(image), whole)


@pytest.mark.parametrize("mode", MODES)
def test_a_large_picture_is_averaged_down(mode, monkeypatch):
    image = in_mode(mode)
    full = converted(image).astype(float)
    monkeypatch.setattr(limits, "FULL_SIZE_PIXELS", 500)
    monkeypatch.setattr(pixels, "TILE_PIXELS", 200)

    small = converted(image)

    assert small.shape == (16, 22, 3)  # by 3; the last column is a rest
    blocks = full[:, :63].reshape(16, 3, 21, 3, 3).mean(axis=(1, 3))
    assert np.abs(small[:, :21] - blocks).mean() < 3
