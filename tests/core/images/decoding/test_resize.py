import numpy as np
import pytest
from PIL import Image

from desktop_app.core.images.decoding.fitting import Fitting
from desktop_app.core.images.decoding.resize import fit_inside, fitted, resize
from tests.core.images.samples import scene


def test_squash_keeps_the_whole_picture():
    image = np.zeros((40, 80, 3), np.uint8)
    image[:, :40] = 200

    result = resize(image, 20, 20, "squash")

    assert result.shape == (20, 20, 3)
    assert result[:, :8].min() > 190
    assert result[:, 12:].max() < 10


def test_squash_is_pillows_antialiased_bicubic():
    image = scene(100, 70)

    expected = np.asarray(Image.fromarray(image).resize((33, 44), Image.Resampling.BICUBIC))

    assert np.array_equal(resize(image, 44, 33, "squash"), expected)


@pytest.mark.parametrize("shape", [(60, 90), (90, 60), (60, 61), (61, 60), (30, 30)])
@pytest.mark.parametrize("size", [(30, 30), (20, 40), (40, 20), (7, 7)])
def test_crop_keeps_the_proportion_and_the_centre(shape, size):
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]].astype(float)
    image = np.stack([rows * 2, columns * 2, rows * 0], axis=-1).astype(np.uint8)
    scale = min(shape[0] / size[0], shape[1] / size[1])

    result = resize(image, *size, "crop").astype(float)

    assert result.shape == (*size, 3)
    centre = [(shape[0] - 1), (shape[1] - 1)]
    assert np.allclose(result.mean(axis=(0, 1))[:2], centre, atol=1.5)
    across = np.diff(result[size[0] // 2, 2:-2, 1])
    assert np.allclose(across.mean(), 2 * scale, atol=0.5)


def test_crop_of_a_wide_picture_leaves_out_the_sides():
    image = np.zeros((50, 150, 3), np.uint8)
    image[:, 50:100] = 255

    assert resize(image, 25, 25, "crop")[:, 1:-1].min() > 240


@pytest.mark.parametrize("fit", ["squash", "crop"])
def test_the_result_is_always_new_and_contiguous(fit):
    image = scene(20, 20)

    result = resize(image, 20, 20, fit)
    result[:] = 0

    assert result.flags.c_contiguous
    assert result.flags.writeable
    assert image.any()


@pytest.mark.parametrize("fit", ["squash", "crop"])
@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 500, 3), (500, 1, 3)])
def test_the_smallest_pictures(shape, fit):
    image = np.full(shape, 77, np.uint8)

    assert (resize(image, 224, 224, fit) == 77).all()


def test_shrinking_does_not_alias():
    stripes = np.zeros((256, 256, 3), np.uint8)
    stripes[::2] = 255

    assert np.abs(resize(stripes, 32, 32, "squash").astype(int) - 127).max() < 16


@pytest.mark.parametrize(
    ("size", "side", "expected"),
    [((100, 50), 10, (5, 10)), ((50, 100), 10, (10, 5)), ((8, 4), 10, (4, 8)), ((1000, 1), 10, (1, 10))],
)
def test_fit_inside(size, side, expected):
    assert fit_inside(size, side) == expected


@pytest.mark.parametrize("size", [(320, 256), (256, 320), (256, 256), (512, 256)])
def test_a_share_of_the_crop_is_what_pillow_scales_and_cuts_out(size):
    image = np.random.default_rng(4).integers(0, 256, (*size[::-1], 3), np.uint8)
    half = (size[0] // 2, size[1] // 2)
    left, top = ((side - 112) // 2 for side in half)

    scaled = Image.fromarray(image).resize(half, Image.Resampling.BICUBIC)
    expected = np.asarray(scaled.crop((left, top, left + 112, top + 112)))

    assert np.array_equal(resize(image, 112, 112, "crop", 0.875), expected)


@pytest.mark.parametrize("size", [(320, 240), (240, 320), (301, 299)])
def test_the_whole_crop_is_kept_by_default(size):
    image = scene(*size)

    assert np.array_equal(resize(image, 64, 48, "crop"), resize(image, 64, 48, "crop", 1.0))


def test_the_published_crop_is_about_224_of_256_pixels():
    image = scene(375, 500)
    scaled = Image.fromarray(image).resize((341, 256), Image.Resampling.BICUBIC)
    left, top = (341 - 224) / 2, (256 - 224) / 2
    published = np.asarray(scaled.crop((round(left), round(top), round(left) + 224, round(top) + 224)))

    ours = resize(image, 224, 224, "crop", 0.875)

    assert np.abs(ours.astype(int) - published).mean() < 3


def test_both_are_the_two_views_one_after_the_other():
    image = scene(90, 60)

    squashed, cropped = fitted(image, Fitting(32, 24, "both", 0.875))

    assert np.array_equal(squashed, resize(image, 32, 24, "squash"))
    assert np.array_equal(cropped, resize(image, 32, 24, "crop", 0.875))


@pytest.mark.parametrize("fit", ["squash", "crop"])
def test_one_view_has_no_dimension_of_its_own(fit):
    assert np.array_equal(
        fitted(scene(90, 60), Fitting(32, 24, fit, 0.5)), resize(scene(90, 60), 32, 24, fit, 0.5)
    )
