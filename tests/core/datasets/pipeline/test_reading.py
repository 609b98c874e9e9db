"""Training reads a picture exactly as prediction does: the two paths are compared pixel by pixel."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.datasets.pipeline.picture_store import fill
from desktop_app.core.datasets.pipeline.reading import read_prepared
from desktop_app.core.images.decoding.decode import read_image
from desktop_app.core.images.decoding.fitting import Fitting
from desktop_app.core.images.decoding.resize import resize
from desktop_app.core.images.load import load_fitted
from desktop_app.core.images.sources import FileSource
from desktop_app.core.library.card import ClassLabel, ModelCard
from desktop_app.core.networks.input_spec import InputSpec
from tests.core.images.samples import encode, exif, icc_profile, reduced, valid_files
from tests.tiny_model import COLOURS

HEIGHT, WIDTH = 48, 64


@cache
def large_files():
    """Photos of many pixels, whose JPEG decoding is reduced, with what cameras and programs add."""
    random = np.random.default_rng(3)
    coarse = Image.fromarray(random.integers(0, 256, (30, 40, 3), dtype=np.uint8))
    photo = coarse.resize((1600, 1200), Image.Resampling.BICUBIC)
    return {
        "large.jpg": encode(photo, "JPEG"),
        "turned.jpg": encode(photo, "JPEG", exif=exif(6)),
        "profile.jpg": encode(photo, "JPEG", icc_profile=icc_profile(), progressive=True),
        "ink.jpg": encode(photo.convert("CMYK"), "JPEG"),
        "grey.jpg": encode(photo.convert("L"), "JPEG"),
        "flat.jpg": encode(photo.resize((1600, 300)), "JPEG"),
        "large.webp": encode(photo.resize((800, 600)), "WEBP"),
        "large.png": encode(photo.resize((800, 600)), "PNG"),
    }


def all_files():
    return large_files() | valid_files()


@pytest.mark.parametrize(("fit", "crop_share"), [("squash", 1.0), ("crop", 1.0), ("crop", 0.875)])
def test_training_and_prediction_see_the_same_pixels(tmp_path, fit, crop_share):
    card = ModelCard(
        id="colours",
        name="Colours",
        origin="trained",
        weights_sha256="0" * 64,
        classes=[ClassLabel(class_id=name, label=name) for name in COLOURS],
        input=InputSpec(height=HEIGHT, width=WIDTH, fit=fit, crop_share=crop_share),
    )
    paths = []
    for name, data in all_files().items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(data)
    bad = []
    with fill(
        paths,
        height=HEIGHT,
        width=WIDTH,
        folder=tmp_path,
        fit=fit,
        crop_share=crop_share,
        on_progress=lambda _done, _total: None,
        on_bad=lambda path, reason: bad.append((path, reason)),
    ) as store:
        assert bad == []
        assert store.good.all()
        for path, trained_on in zip(paths, store.pixels, strict=True):
            predicted_from = load_fitted(FileSource(path), card.input.fitting())
            assert np.array_equal(trained_on, predicted_from), path.name


SCALES = {"large.jpg": 4, "turned.jpg": 4, "profile.jpg": 4, "ink.jpg": 4, "grey.jpg": 4}
"""The fraction of their size at which JPEGs are decoded: at least 256 pixels remain on the shorter side."""


@pytest.mark.parametrize("name", large_files())
def test_the_pixels_are_those_of_the_whole_or_of_the_reduced_picture(tmp_path, name):
    data, scale = large_files()[name], SCALES.get(name)
    path = tmp_path / name
    path.write_bytes(data)
    seen = read_prepared(path, Fitting(HEIGHT, WIDTH))
    in_full = resize(read_image(data), HEIGHT, WIDTH, "squash")
    assert np.array_equal(seen, in_full) == (scale is None)
    if scale is not None:
        assert np.array_equal(seen, resize(read_image(reduced(data, scale)), HEIGHT, WIDTH, "squash"))
