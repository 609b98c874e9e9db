import numpy as np
import pytest

from desktop_app.core.images.decoding.decode import read_image
from tests.core.images.science import tiff_variants

IN_COLOUR, IN_GREY, IN_BITS = tiff_variants.in_colour(), tiff_variants.in_grey(), tiff_variants.in_bits()

MOST_APART = 2
"""Levels of 255 by which a picture may differ from the scene."""

LOSSY = {"rgb u1 jpeg", "rgb u1 jpeg by Pillow"}


@pytest.mark.parametrize("name", IN_COLOUR)
def test_the_scene_in_colour(name):
    apart = np.abs(read_image(IN_COLOUR[name]).astype(int) - tiff_variants.scene())

    assert (apart.mean() if name in LOSSY else apart.max()) <= MOST_APART


@pytest.mark.parametrize("name", IN_GREY)
def test_the_scene_in_grey(name):
    apart = np.abs(read_image(IN_GREY[name]).astype(int) - tiff_variants.grey()[..., None])

    assert apart.max() <= MOST_APART


@pytest.mark.parametrize("name", IN_BITS)
def test_the_scene_in_black_and_white(name):
    assert (read_image(IN_BITS[name]) == np.where(tiff_variants.grey() > 127, 255, 0)[..., None]).all()
