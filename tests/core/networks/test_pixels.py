"""Pixel values by name, and any scale, offset and order of the channels."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from desktop_app.core.networks.input_spec import InputSpec
from desktop_app.core.networks.pixels import (
    PIXEL_WORDS,
    affine_of,
    canonical,
    fits_channels,
    pixel_choices,
    pixel_words,
)
from desktop_app.core.networks.preprocessing import preprocess

GREY_LEVELS = np.arange(256, dtype=np.uint8)


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("name", PIXEL_WORDS)
def test_a_name_is_the_same_as_its_scale_and_offset(name):
    pixels = np.stack([GREY_LEVELS, GREY_LEVELS[::-1], np.roll(GREY_LEVELS, 99)], axis=-1)[None, None]
    affine = affine_of(name)
    ordered = pixels[..., ::-1] if affine.reversed else pixels
    wanted = ordered * np.array(affine.scale) + np.array(affine.offset)
    assert np.asarray(preprocess(pixels, name, 3)) == pytest.approx(wanted, rel=1e-5, abs=1e-5)
    written_out = affine.text
    assert np.asarray(preprocess(pixels, written_out, 3)) == pytest.approx(wanted, rel=1e-5, abs=1e-5)
    assert canonical(written_out) == name


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("scale=1/255", "unit"),
        ("offset=-1 scale=1/127.5", "symmetric"),
        ("order=bgr", "bgr"),
        ("order=rgb", "none"),
        ("scale=2", "scale=2.0 offset=0.0"),
        ("scale=1/4,1/2,1 offset=-.5 order=bgr", "scale=0.25,0.5,1.0 offset=-0.5 order=bgr"),
        ("scale=3,3,3", "scale=3.0 offset=0.0"),
        ("offset=1e-3", "scale=1.0 offset=0.001"),
    ],
)
def test_every_way_of_writing_becomes_one(text, written):
    assert canonical(text) == canonical(written) == written
    assert InputSpec(height=1, width=1, preprocessing=text).preprocessing == written


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no pixel values"),
        ("greyscale", "no name"),
        ("scale=", "no name"),
        ("scale=1 scale=2", "no name"),
        ("scale=x", "not a number"),
        ("scale=1/0", "not a number"),
        ("scale=nan", "not a number"),
        ("scale=1e99", "not a number"),
        ("scale=1,2", "neither one number nor three"),
        ("scale=0", "all pictures the same"),
        ("order=grb", "no name"),
    ],
)
def test_what_is_none_is_refused_with_what_is_wrong(text, why):
    with pytest.raises(ValueError, match=why):
        canonical(text)
    with pytest.raises(ValidationError):
        InputSpec(height=1, width=1, preprocessing=text)


def test_grey_pictures_take_one_number_and_no_order():
    assert pixel_choices(1) == ("none", "unit", "symmetric")
    assert all(fits_channels(name, 1) for name in pixel_choices(1))
    assert fits_channels("scale=2 offset=1", 1)
    for colour in ("vgg19", "imagenet", "bgr", "scale=1,2,3"):
        assert fits_channels(colour, 3)
        assert not fits_channels(colour, 1)


def test_they_are_said_in_words():
    assert pixel_words("unit") == "0 to 1"
    assert pixel_words("scale=1/58 offset=-2") == "x * 0.01724 - 2"
    assert pixel_words("scale=1,2,3 order=bgr") == "BGR x * (1, 2, 3) + 0"
