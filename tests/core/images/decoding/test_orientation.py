import numpy as np
import pytest
from PIL import Image, ImageOps

from desktop_app.core.images.decoding.decode import read_image
from desktop_app.core.images.decoding.orientation import turned, upright, upright_picture
from tests.core.images.samples import encode, exif, picture, scene

# Where EXIF says that the stored picture's top left corner belongs when it stands upright: (row, column).
CORNERS = {1: (0, 0), 2: (0, -1), 3: (-1, -1), 4: (-1, 0), 5: (0, 0), 6: (0, -1), 7: (-1, -1), 8: (-1, 0)}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_upright_agrees_with_the_standard(orientation):
    stored = np.zeros((4, 6, 3), np.uint8)
    stored[0, 0] = 255
    stored[0, 1:] = 100  # row 0 belongs to the top (1, 2), bottom (3, 4), left (5, 8) or right (6, 7)

    pixels = upright(stored, orientation)

    assert pixels.flags.c_contiguous
    assert pixels.shape == ((4, 6, 3) if orientation < 5 else (6, 4, 3))
    assert pixels[CORNERS[orientation]].tolist() == [255] * 3
    side = {1: pixels[0], 2: pixels[0], 3: pixels[-1], 4: pixels[-1], 5: pixels[:, 0], 8: pixels[:, 0]}.get(
        orientation, pixels[:, -1]
    )
    assert side.min() == 100


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_its_pixels_are(orientation):
    turned_picture = upright_picture(Image.fromarray(scene()), orientation)

    assert np.array_equal(np.asarray(turned_picture), upright(scene(), orientation))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_every_format_is_turned_once(kind, orientation):
    options = {"lossless": True} if kind == "WEBP" else {}
    data = encode(picture(), kind, exif=exif(orientation), **options)
    stored = Image.fromarray(scene())
    stored.getexif()[274] = orientation
    expected = np.asarray(ImageOps.exif_transpose(stored)).astype(int)

    pixels = read_image(data)

    assert pixels.shape == expected.shape
    assert np.abs(pixels - expected).mean() < 4


@pytest.mark.parametrize("value", [0, 9, 255])
def test_an_orientation_that_does_not_exist_counts_as_upright(value):
    assert read_image(encode(picture(), "JPEG", exif=exif(value))).shape == (48, 64, 3)


def test_damaged_exif_does_not_cost_the_picture():
    data = encode(picture(), "PNG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + bytes(30))

    assert read_image(data).shape == (48, 64, 3)


def test_turned():
    assert [turned((2, 3), orientation) for orientation in range(1, 9)] == [(2, 3)] * 4 + [(3, 2)] * 4
