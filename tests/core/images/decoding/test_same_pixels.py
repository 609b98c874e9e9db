"""A network sees the pixels that the plain way gives, to the last bit: decode, convert, turn, resize."""

import itertools

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.colour import to_srgb
from desktop_app.core.images.decoding.decode import read_fitted, read_image, read_seen
from desktop_app.core.images.decoding.fitting import Fitting
from desktop_app.core.images.decoding.pixels import as_srgb, to_rgb
from desktop_app.core.images.decoding.resize import fitted
from tests.core.images.decoding.test_colour import grey_profile, red_cyan_profile, swapped_profile
from tests.core.images.samples import encode, exif, icc_profile, reduced

SQUARE, CUT, BOTH = Fitting(32, 32), Fitting(40, 24, "crop", 0.875), Fitting(24, 24, "both", 0.9)


def photo(mode="RGB", width=333, height=217):
    """Noise over a slope: every rounding shows."""
    dice = np.random.default_rng(width + height)
    slope = np.linspace(0, 200, width)[None, :, None] + np.linspace(0, 55, height)[:, None, None]
    pixels = np.clip(slope + dice.integers(-40, 41, (height, width, 3)), 0, 255).astype(np.uint8)
    return Image.fromarray(pixels).convert(mode)


def check(data, fittings=(SQUARE, CUT, BOTH)):
    whole = read_image(data)
    for fitting in fittings:
        seen = read_seen(data, fitting)
        assert np.array_equal(seen.pixels, fitted(whole, fitting))
        assert seen.pixels.flags.c_contiguous
        assert seen.pixels.flags.writeable


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
def test_kinds_of_jpeg(mode, progressive, subsampling):
    check(encode(photo(mode), "JPEG", progressive=progressive, subsampling=subsampling))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("profile", [b"", swapped_profile()], ids=["plain", "profile"])
def test_every_orientation(orientation, mode, profile):
    check(encode(photo(mode), "JPEG", exif=exif(orientation), icc_profile=profile))


PROFILES = {
    "sRGB": ("RGB", icc_profile()),
    "RGB": ("RGB", swapped_profile()),
    "grey": ("L", grey_profile(1.8)),
    "grey that gets a colour": ("L", swapped_profile()),
    "grey in another grey": ("LA", grey_profile(2.6)),
    "CMYK": ("CMYK", red_cyan_profile()),
    "RGB of a press": ("RGB", red_cyan_profile()),
    "grey of a picture in colour": ("RGB", grey_profile(1.8)),
    "damaged": ("RGB", b"nothing"),
}


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_profiles(name, kind):
    mode, profile = PROFILES[name]
    if (mode, kind) in {("LA", "JPEG"), ("CMYK", "PNG")}:
        mode = "RGB"
    check(encode(photo(mode), kind, icc_profile=profile))


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (7, 13), (8, 8), (17, 300), (255, 257), (300, 9)])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_sizes(size, mode):
    for profile, subsampling in itertools.product((b"", swapped_profile()), ("4:4:4", "4:2:0")):
        check(encode(photo(mode, *size), "JPEG", icc_profile=profile, subsampling=subsampling))


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("profile", [b"", swapped_profile()], ids=["plain", "profile"])
@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_what_is_decoded_at_half_its_size(progressive, profile, orientation, mode):
    image = photo(mode, 1101, 613)
    data = encode(image, "JPEG", progressive=progressive, icc_profile=profile, exif=exif(orientation))

    expected = fitted(read_image(reduced(data, 2)), SQUARE)

    assert np.array_equal(read_fitted(data, SQUARE), expected)


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("name", ["plain", "RGB", "grey"])
def test_the_whole_picture_without_copies(mode, name):
    image = photo(mode)
    if name != "plain":
        image.info["icc_profile"] = PROFILES[name][1]
    expected = to_rgb(image, to_srgb(image))

    assert np.array_equal(np.asarray(as_srgb(image, to_srgb(image)).convert("RGB")), expected)


@pytest.mark.parametrize("alpha", [255, 254, 0, None], ids=["opaque", "nearly", "clear", "some"])
@pytest.mark.parametrize("profile", [b"", swapped_profile()], ids=["plain", "profile"])
@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_transparency(alpha, profile, kind):
    image = photo("RGBA")
    if alpha is None:
        image.putpixel((3, 5), (200, 10, 90, 70))
    else:
        image.putalpha(alpha)

    check(encode(image, kind, icc_profile=profile, lossless=True))


def test_only_an_opaque_picture_is_taken_without_its_transparency():
    image = photo("RGBA")
    assert as_srgb(image, None).mode == "RGB"
    image.putpixel((0, 0), (0, 0, 0, 254))
    assert as_srgb(image, None) is None


@pytest.mark.parametrize("mode", ["RGBa", "LA", "P", "1", "CMYK", "I;16", "F"])
def test_pictures_that_are_converted_in_tiles(mode):
    image = Image.new(mode, (9, 5))

    assert as_srgb(image, to_srgb(image)) is None


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.97])
def test_a_picture_that_breaks_off_is_refused_as_ever(progressive, share):
    data = encode(photo(), "JPEG", progressive=progressive, icc_profile=swapped_profile())
    data = data[: int(len(data) * share)]

    with pytest.raises(UnreadableImage) as plain:
        read_image(data)
    with pytest.raises(UnreadableImage) as for_network:
        read_fitted(data, SQUARE)

    assert str(for_network.value) == str(plain.value)
