import numpy as np
import pytest
from PIL import Image, ImageOps

from desktop_app.core.images.decoding import colour
from desktop_app.core.images.decoding.colour import to_srgb
from desktop_app.core.images.decoding.decode import read_fitted, read_image, read_preview
from desktop_app.core.images.decoding.fitting import Fitting
from tests.core.images.samples import encode, icc_profile, picture, scene


def swapped_profile():
    """A real profile that says that red is green and green is red."""
    data = bytearray(icc_profile())
    tags = int.from_bytes(data[128:132], "big")
    places = {bytes(data[132 + 12 * n : 136 + 12 * n]): 136 + 12 * n for n in range(tags)}
    red, green = places[b"rXYZ"], places[b"gXYZ"]
    data[red : red + 8], data[green : green + 8] = data[green : green + 8], data[red : red + 8]
    return bytes(data)


D50 = bytes.fromhex("0000f6d6000100000000d32d")


def profile(kind, space, connection, tags):
    """An ICC version 2 profile (ICC.1:2001-04) from the bytes of its tags."""
    tags = {b"wtpt": b"XYZ " + bytes(4) + D50, **tags}
    table, body = len(tags).to_bytes(4, "big"), b""
    start = 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += name + (start + len(body)).to_bytes(4, "big") + len(data).to_bytes(4, "big")
        body += data + bytes(-len(data) % 4)
    size = (start + len(body)).to_bytes(4, "big")
    head = size + b"test" + bytes.fromhex("02100000") + kind + space + connection
    head = head.ljust(36, b"\0") + b"acsp"
    return (head.ljust(68, b"\0") + D50).ljust(128, b"\0") + table + body


def grey_profile(gamma):
    """Grey with a gamma curve."""
    curve = b"curv" + bytes(4) + (1).to_bytes(4, "big") + int(gamma * 256).to_bytes(2, "big")
    return profile(b"mntr", b"GRAY", b"XYZ ", {b"kTRC": curve})


def red_cyan_profile():
    """A press whose first ink is red and whose others are black, as a table of the 16 full mixtures."""
    white, red, black = (255, 128, 128), (136, 208, 195), (0, 128, 128)  # L*a*b* in 8 bit
    mixtures = [white if n == 0 else red if n == 8 else black for n in range(16)]
    one_to_one = bytes(range(256))
    unit = b"".join((value << 16).to_bytes(4, "big") for value in (1, 0, 0, 0, 1, 0, 0, 0, 1))
    table = b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + unit
    table += one_to_one * 4 + bytes(value for mixture in mixtures for value in mixture) + one_to_one * 3
    return profile(b"prtr", b"CMYK", b"Lab ", {b"A2B0": table, b"A2B1": table})


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_a_profile_is_followed(kind):
    data = encode(
        picture(), kind, icc_profile=swapped_profile(), **({"quality": 95} if kind != "PNG" else {})
    )

    pixels = read_image(data).astype(int)

    assert np.abs(pixels - scene()[..., [1, 0, 2]]).mean() < 4
    assert np.abs(pixels - scene()).mean() > 20


def test_the_srgb_profile_changes_nothing():
    pixels = read_image(encode(picture(), "PNG", icc_profile=icc_profile()))

    assert np.abs(pixels.astype(int) - scene()).max() <= 1


def test_srgb_by_another_name_costs_no_conversion():
    image = picture()
    image.info["icc_profile"] = icc_profile().replace(b"sRGB", b"abcd")

    assert to_srgb(image) is None


def test_a_conversion_is_found_once_for_many_pictures():
    pictures = [picture(), picture(), picture("RGBA")]
    for image in pictures:
        image.info["icc_profile"] = swapped_profile()

    first, second, transparent = [to_srgb(image) for image in pictures]

    assert first is second
    assert first is not None
    assert transparent is not None


def test_a_large_profile_is_followed_but_not_kept():
    pictures = [picture(), picture()]
    for image in pictures:
        image.info["icc_profile"] = swapped_profile().ljust(200_000, b"\0")

    first, second = [to_srgb(image) for image in pictures]

    assert first is not None
    assert second is not None
    assert first is not second


@pytest.mark.parametrize(
    "read",
    [
        read_image,
        lambda data: read_fitted(data, Fitting(16, 16, "squash")),
        lambda data: read_preview(data, 16),
    ],
    ids=["whole", "fitted", "preview"],
)
def test_a_profile_that_is_not_kept_is_worked_out_once_for_a_picture(read, monkeypatch):
    data = encode(picture(), "PNG", icc_profile=swapped_profile().ljust(200_000, b"\0"))
    original, found = colour._transform, []
    monkeypatch.setattr(colour, "_transform", lambda *words: found.append(words) or original(*words))

    read(data)

    assert len(found) == 1


def test_a_profile_is_followed_under_transparency():
    image = Image.new("RGBA", (2, 1), (200, 0, 0, 255))
    image.putpixel((1, 0), (200, 0, 0, 0))

    row = read_image(encode(image, "PNG", icc_profile=swapped_profile()))[0].astype(int)

    assert np.abs(row - [[0, 200, 0], [255, 255, 255]]).max() <= 2


def test_a_profile_is_followed_for_a_palette():
    image = Image.new("P", (1, 1), 0)
    image.putpalette([200, 0, 0])

    assert np.abs(read_image(encode(image, "PNG", icc_profile=swapped_profile())) - [0, 200, 0.0]).max() <= 2


@pytest.mark.parametrize("mode", ["L", "LA", "I;16"])
def test_a_grey_profile_is_followed(mode):
    image = Image.new("L", (1, 1), 128)
    image = Image.fromarray(np.array([[32896]], np.uint16)) if mode == "I;16" else image.convert(mode)

    linear = read_image(encode(image, "PNG", icc_profile=grey_profile(1.0)))

    assert np.abs(linear - 188.0).max() <= 2  # sRGB of half the light


USELESS = {
    "text": b"no profile",
    "cut": icc_profile()[:200],
    "noise": b"\xff" * 500,
    "LAB": icc_profile("LAB"),
    "grey": grey_profile(1.0),
    "large": icc_profile().ljust(9_000_000, b"\0"),
}


@pytest.mark.parametrize("name", USELESS)
def test_a_useless_profile_is_ignored(name):
    image = picture()
    image.info["icc_profile"] = USELESS[name]

    assert to_srgb(image) is None


def test_a_damaged_profile_does_not_cost_the_picture():
    pixels = read_image(encode(picture(), "PNG", icc_profile=b"no profile"))

    assert np.array_equal(pixels, scene())


def test_an_rgb_profile_does_not_apply_to_cmyk():
    data = encode(picture("CMYK"), "TIFF", icc_profile=swapped_profile())

    assert np.abs(read_image(data).astype(int) - scene()).mean() < 3


def test_adobe_cmyk_jpeg_is_not_inverted():
    pixels = read_image(encode(picture("CMYK"), "JPEG", quality=95))

    assert np.abs(pixels.astype(int) - scene()).mean() < 4


def test_adobe_ycck_jpeg():
    # Store Y, Cb and Cr of the inks as if they were inks, then say in the Adobe marker what they are.
    inks = ImageOps.invert(picture()).convert("YCbCr")
    planes = [ImageOps.invert(plane) for plane in inks.split()]  # saving inverts them again
    no_black = Image.new("L", inks.size, 0)
    data = bytearray(encode(Image.merge("CMYK", [*planes, no_black]), "JPEG", quality=95))
    marker = data.index(b"Adobe")
    assert data[marker + 11] == 0
    data[marker + 11] = 2

    pixels = read_image(bytes(data))

    assert np.abs(pixels.astype(int) - scene()).mean() < 5


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_follows_its_profile(kind):
    image = Image.new("CMYK", (16, 8), (255, 0, 0, 0))
    image.paste((0, 0, 0, 0), (8, 0, 16, 8))

    pixels = read_image(encode(image, kind, icc_profile=red_cyan_profile())).astype(int)

    assert np.abs(pixels[:, :6] - [255, 0, 0]).max() < 16
    assert np.abs(pixels[:, 10:] - 255).max() < 4


def test_lab():
    assert np.abs(read_image(encode(picture("LAB"), "TIFF")).astype(int) - scene()).mean() < 2
