"""The ways of scaling pictures are those of Pillow and of Keras."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.images.decoding.decode import read_fitted
from desktop_app.core.images.decoding.fitting import Fitting
from desktop_app.core.images.decoding.resize import fitted

random = np.random.default_rng(3)
SIZES = [(32, 32), (224, 200), (97, 131), (13, 250)]


@pytest.fixture(scope="module")
def picture():
    return random.integers(0, 256, (97, 131, 3), dtype=np.uint8)


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("resample", "options", "apart"),
    [("keras", {}, 0.51), ("nearest", {"method": "nearest"}, 0), ("bilinear", {"antialias": True}, 1.01)],
)
def test_a_way_is_that_of_tensorflow(picture, size, resample, options, apart):
    import tensorflow as tf

    wanted = tf.image.resize(picture.astype("f4"), size, **options).numpy()
    assert abs(fitted(picture, Fitting(*size, resample=resample)) - wanted).max() <= apart


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_keras_own_way_of_cropping(picture):
    import keras

    cut = keras.layers.CenterCrop(97, 97)(picture[None].astype("f4"))
    wanted = np.asarray(keras.layers.Resizing(40, 40)(cut))[0]
    found = fitted(picture, Fitting(40, 40, "crop", resample="keras"))
    assert abs(found - wanted).max() <= 0.51


@pytest.mark.parametrize("resample", ["bicubic", "bilinear", "lanczos"])
def test_a_way_is_that_of_pillow(picture, resample):
    wanted = Image.fromarray(picture).resize((50, 40), Image.Resampling[resample.upper()])
    assert (fitted(picture, Fitting(40, 50, resample=resample)) == np.asarray(wanted)).all()


@pytest.mark.parametrize(("resample", "whole"), [("keras", True), ("nearest", True), ("bilinear", False)])
def test_a_jpeg_is_decoded_whole_where_single_pixels_count(resample, whole):
    buffer = io.BytesIO()
    smooth = Image.fromarray(random.integers(0, 256, (40, 60, 3), dtype=np.uint8)).resize((2400, 1600))
    smooth.save(buffer, "JPEG", quality=95)
    fitting = Fitting(32, 32, resample=resample)
    exact = fitted(Image.open(io.BytesIO(buffer.getvalue())).convert("RGB"), fitting)
    assert (read_fitted(buffer.getvalue(), fitting) == exact).all() == whole
