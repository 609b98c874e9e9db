import numpy as np
import pytest
from PIL import Image

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.decode import read_image
from tests.core.images.samples import encode


def tiff(values, **options):
    return encode(Image.fromarray(np.asarray(values)), "TIFF", **options)


def greys(data):
    pixels = read_image(data)
    assert (pixels[..., 0] == pixels[..., 1]).all()
    assert (pixels[..., 1] == pixels[..., 2]).all()
    return pixels[..., 0].ravel().tolist()


def test_sixteen_bit_png_is_scaled_not_cut_off():
    ramp = np.array([[0, 128, 257, 256 * 128, 65535]], np.uint16)

    assert greys(encode(Image.fromarray(ramp), "PNG")) == [0, 0, 1, 128, 255]


def test_a_dark_sixteen_bit_png_stays_dark():
    assert greys(encode(Image.fromarray(np.array([[0, 5140]], np.uint16)), "PNG")) == [0, 20]


def test_twelve_bits_in_a_sixteen_bit_png_do_not_become_four_grey_levels():
    ramp = np.array([[0, 257, 2056, 4095]], np.uint16)

    assert greys(encode(Image.fromarray(ramp), "PNG")) == [0, 16, 128, 255]


@pytest.mark.parametrize("mode", ["I;16", "I;16B"])
def test_sixteen_bit_tiff_in_both_byte_orders(mode):
    dtype = ">u2" if mode == "I;16B" else "<u2"
    image = Image.frombytes(mode, (3, 1), np.array([0, 32896, 65535], dtype).tobytes())

    assert greys(encode(image, "TIFF")) == [0, 128, 255]


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
def test_a_cameras_depth_is_found_from_the_numbers(bits):
    white = 2**bits - 1

    assert greys(tiff(np.array([[0, white // 2, white]], np.uint16)))[::2] == [0, 255]


def test_large_and_negative_integers_use_their_own_range():
    assert greys(tiff(np.array([[-2_000_000, 0, 2_000_000]], np.int32))) == [0, 128, 255]


def test_integers_that_use_most_of_their_type_use_its_range():
    assert greys(tiff(np.array([[-2_000_000_000, 0, 2_000_000_000]], np.int32))) == [9, 128, 246]


def test_floats_between_zero_and_one():
    assert greys(tiff(np.array([[0, 0.5, 1]], np.float32))) == [0, 128, 255]


def test_floats_up_to_255():
    assert greys(tiff(np.array([[0, 100, 200]], np.float32))) == [0, 100, 200]


def test_other_floats_use_their_finite_range():
    assert greys(tiff(np.array([[-5, 0, 5, np.nan, np.inf, -np.inf]], np.float32))) == [
        0,
        128,
        255,
        0,
        255,
        0,
    ]


@pytest.mark.parametrize("value", [0, 0.25, 300, -7, 3e38])
def test_a_picture_of_one_number_is_no_problem(value):
    assert len(set(greys(tiff(np.full((2, 2), value, np.float32))))) == 1


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_picture_without_any_number_is_refused(value):
    with pytest.raises(UnreadableImage, match="all its numbers are missing"):
        read_image(tiff(np.full((2, 2), value, np.float32)))


@pytest.mark.parametrize("white", [1.0001, 1.2, 10])
def test_floats_a_little_beyond_one_are_not_black(white):
    assert greys(tiff(np.array([[0, white / 4, white]], np.float32))) == [0, 64, 255]


def test_a_negative_is_turned_over():
    data = tiff(np.array([[0, 65535]], np.uint16), tiffinfo={262: 0})

    assert greys(data) == [255, 0]


def test_sixteen_bit_ppm():
    assert greys(b"P5 2 1 1000\n" + (0).to_bytes(2, "big") + (1000).to_bytes(2, "big")) == [0, 255]
