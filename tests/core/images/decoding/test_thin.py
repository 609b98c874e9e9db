"""Very long and very high pictures are seen part by part."""

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.images.decoding.decode import Layout, read_fitted, read_seen
from desktop_app.core.images.decoding.fitting import MOST_PARTS, Fitting
from desktop_app.core.images.decoding.reading import PixelReading
from desktop_app.core.images.decoding.resize import fitted
from tests.core.images.samples import encode, exif

PARTS = Fitting(32, 32, in_parts=True)


def strip(count=8, side=48):
    """A picture of squares from dark to bright, one beside the other."""
    values = np.linspace(0, 255, count).astype(np.uint8)
    return np.repeat(np.tile(np.repeat(values, side)[None, :, None], (side, 1, 1)), 3, axis=2)


@pytest.mark.parametrize(
    ("size", "parts"),
    [((300, 100), 1), ((399, 100), 1), ((400, 100), 4), ((100, 400), 4), ((1000, 100), 10), ((99, 1000), 11)],
)
def test_how_many_parts(size, parts):
    assert PARTS.parts_of(size) == parts
    assert Fitting(32, 32).parts_of(size) == 1


def test_the_shape_of_the_input_counts():
    assert Fitting(32, 128, in_parts=True).parts_of((400, 100)) == 1
    assert Fitting(32, 128, in_parts=True).parts_of((100, 100)) == 4


@pytest.mark.parametrize("upright", [False, True])
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_each_part_is_seen_in_its_proportions(form, upright):
    pixels = strip().swapaxes(0, 1) if upright else strip()

    views = read_fitted(encode(Image.fromarray(np.ascontiguousarray(pixels)), form), PARTS)

    assert views.shape == (8, 32, 32, 3)
    assert np.abs(views.mean(axis=(1, 2, 3)) - np.linspace(0, 255, 8)).max() < 8


@pytest.mark.parametrize("size", [(5000, 10), (10, 5000), (415, 100), (100, 415), (1279, 10)])
def test_the_parts_cover_the_picture(size):
    boxes = PARTS.boxes(size)

    assert len(boxes) <= MOST_PARTS
    assert boxes[0][:2] == (0, 0)
    assert boxes[-1][2:] == pytest.approx(size)
    longer = 0 if size[0] > size[1] else 1
    assert all(after[longer] <= before[longer + 2] + 1e-6 for before, after in pairwise(boxes))
    assert all(box[2] <= size[0] and box[3] <= size[1] for box in boxes)
    assert fitted(np.zeros((size[1], size[0], 3), np.uint8), PARTS).shape == (len(boxes), 32, 32, 3)


def test_all_of_a_thin_picture_is_seen():
    assert PARTS.part_seen((800, 100)) == (0, 0, 800, 100)
    assert PARTS._replace(fit="crop").part_seen((200, 100)) == (50, 0, 150, 100)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize(("orientation", "side"), [(1, "left"), (6, "top")])
def test_parts_are_counted_from_the_left_or_from_the_top(form, orientation, side):
    data = encode(Image.fromarray(strip()), form, exif=exif(orientation))

    assert read_seen(data, PARTS).layout == Layout(side=side)
    whole = PARTS._replace(in_parts=False, reading=PixelReading(thin="whole"))
    assert read_seen(data, whole).layout == Layout()


@pytest.mark.parametrize("way", ["crop", "parts"])
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_network_can_be_trained_on_the_centre_of_thin_pictures(form, way):
    fitting = Fitting(32, 32, reading=PixelReading(thin=way))
    pixels = strip(5)

    seen = read_fitted(encode(Image.fromarray(pixels), form), fitting)

    assert seen.shape == (32, 32, 3)
    assert abs(seen.mean() - pixels[0, 2 * 48 + 24].mean()) < 8
    assert fitting.part_seen((240, 48)) == (96, 0, 144, 48)
    assert fitting.part_seen((144, 48)) == (0, 0, 144, 48)
    assert fitting._replace(in_parts=True).parts_of((240, 48)) == 5


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_squashed_picture_is_known(form):
    data = encode(Image.fromarray(strip()), form)
    old = Fitting(32, 32)

    def squashed(fitting):
        return read_seen(data, fitting).layout.squashed

    assert squashed(old)
    assert squashed(old._replace(fit="both"))
    assert not squashed(old._replace(fit="crop"))
    assert not squashed(PARTS)
    assert not any(squashed(old._replace(reading=PixelReading(thin=way))) for way in ("whole", "crop"))
    usual = encode(Image.fromarray(strip(3)), form)
    assert read_seen(usual, old).layout == Layout()


@pytest.mark.parametrize(
    ("written", "read"), [(False, None), (True, "whole"), ("crop", "crop"), (None, None)]
)
def test_what_earlier_builds_wrote_of_thin_pictures_is_read(written, read):
    assert PixelReading.model_validate({"thin": written}).thin == read
