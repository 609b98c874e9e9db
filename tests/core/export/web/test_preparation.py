"""The page's own scaling against Sightline's, in a real browser: to the last bit."""

from __future__ import annotations

import math
from typing import get_args

import numpy as np
import pytest
from PIL import Image, ImageCms

from desktop_app.core.images.decoding.decode import read_fitted
from desktop_app.core.images.decoding.fitting import MOST_PARTS, Fit, Resample
from tests.core.export.models import card
from tests.core.export.web.pages import ALL_PIXELS, answer_for, encoded, page, png

SIDES = (12, 9)
RESAMPLES = ("bicubic", "bilinear", "keras", "lanczos", "nearest")


def described(**taken):
    height, width = SIDES
    return card(height * width * 3, task="regression", **{"height": height, "width": width} | taken)


def opened(browser, folder, **taken):
    """Open a page whose answer is what its model sees, the mean over all views."""
    model = described(**taken)
    browser.open(page(folder, model, [str(number) for number in range(math.prod(SIDES) * 3)], ALL_PIXELS))

    def seen(data):
        """What the page's model sees of a picture, and what Sightline's does."""
        found = np.array(answer_for(browser, data)).reshape(*SIDES, 3)
        return found, read_fitted(data, model.input.fitting())

    return seen


def noise(height, width, channels=3, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels), np.uint8)


@pytest.mark.parametrize("resample", RESAMPLES)
@pytest.mark.parametrize(("fit", "share"), [("squash", 1.0), ("crop", 1.0), ("crop", 0.875)])
def test_every_way_of_scaling_gives_sightline_s_pixels(browser, tmp_path, resample, fit, share):
    """Larger, smaller, of the same size on one side or both, and of more rows than the page takes at once."""
    seen = opened(browser, tmp_path / "page", fit=fit, crop_share=share, resample=resample)
    sizes = [(31, 47), (5, 4), (12, 30), (40, 9), SIDES, (12, 8), (601, 353), (601, 12), (90, 45), (1, 3)]
    for number, (height, width) in enumerate(sizes):
        found, wanted = seen(png(Image.fromarray(noise(height, width, seed=number))))
        assert np.array_equal(found, wanted), (height, width, np.abs(found - wanted).max())
    assert browser.complaints == []


def test_two_views_of_a_picture_are_averaged(browser, tmp_path):
    seen = opened(browser, tmp_path / "page", fit="both", crop_share=0.8)
    found, (whole, centre) = seen(png(Image.fromarray(noise(50, 80))))
    assert not np.array_equal(whole, centre)
    assert np.array_equal(found, (whole.astype(float) + centre) / 2)


def test_the_parts_of_a_thin_picture_are_those_of_sightline(browser, tmp_path):
    seen = opened(browser, tmp_path / "page", thin="parts")
    for height, width in ((7, 60), (400, 8), (3, 9 * 40)):
        found, parts = seen(png(Image.fromarray(noise(height, width))))
        assert 4 <= len(parts) <= MOST_PARTS
        assert np.abs(found - parts.mean(axis=0)).max() < 1e-4


def test_a_thin_picture_is_cut_where_the_model_learned_so(browser, tmp_path):
    seen = opened(browser, tmp_path / "page", pixels={"thin": "crop"})
    found, wanted = seen(png(Image.fromarray(noise(7, 60))))
    assert np.array_equal(found, wanted)


def kinds():
    colours = Image.fromarray(noise(24, 18))
    yield "grey", png(colours.convert("L"))
    yield "palette", png(colours.quantize(16))
    yield "one bit", png(colours.convert("1"))
    yield "grey of 16 bits", png(Image.fromarray(noise(24, 18, 1)[..., 0].astype(np.uint16) * 257))
    yield "GIF", encoded(colours.quantize(16), "GIF")
    yield "BMP", encoded(colours, "BMP")
    yield "lossless WebP", encoded(colours, "WEBP", lossless=True)
    for orientation in range(1, 9):
        yield f"PNG turned as {orientation}", png(colours, exif=turned_as(orientation))


def turned_as(orientation):
    exif = Image.Exif()
    exif[274] = orientation
    return exif


def test_files_of_many_kinds_are_read_alike(browser, tmp_path):
    seen = opened(browser, tmp_path / "page")
    for name, data in kinds():
        found, wanted = seen(data)
        assert np.array_equal(found, wanted), (name, np.abs(found - wanted).max())


def test_a_photograph_is_turned_as_its_camera_was_held(browser, tmp_path):
    """Decoders of JPEG differ by a level or two."""
    seen = opened(browser, tmp_path / "page")
    smooth = Image.fromarray(noise(6, 4)).resize((64, 96), Image.Resampling.BICUBIC)
    for orientation in range(1, 9):
        found, wanted = seen(encoded(smooth, "JPEG", quality=95, exif=turned_as(orientation)))
        assert np.abs(found - wanted).max() <= 2, orientation


def test_transparent_parts_lie_over_white(browser, tmp_path):
    seen = opened(browser, tmp_path / "page")
    pixels = np.dstack([noise(24, 18), noise(24, 18, 1, seed=1)])
    found, wanted = seen(png(Image.fromarray(pixels)))
    assert np.abs(found - wanted).max() <= 2


def test_a_profile_is_converted_to_srgb(browser, tmp_path):
    """Red and green change places in this one, which no rounding hides."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(profile[128:132], "big")
    tags = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * count, 12)}
    red, green = (bytes(profile[tags[name] + 4 : tags[name] + 12]) for name in (b"rXYZ", b"gXYZ"))
    profile[tags[b"rXYZ"] + 4 : tags[b"rXYZ"] + 12] = green
    profile[tags[b"gXYZ"] + 4 : tags[b"gXYZ"] + 12] = red
    data = png(Image.new("RGB", (20, 20), (200, 40, 90)), icc_profile=bytes(profile))
    found, wanted = opened(browser, tmp_path / "page")(data)
    assert wanted[0, 0, 1] > 150 > wanted[0, 0, 0]
    assert np.abs(found - wanted).max() <= 3


def test_what_a_card_may_ask_for_is_compared_above():
    assert set(get_args(Resample)) == set(RESAMPLES)
    assert set(get_args(Fit)) == {"squash", "crop", "both"}
