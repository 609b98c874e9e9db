"""Features of pictures: order, unreadable ones, the cache, and the network of the box."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.features.extract import extractor, features_of
from desktop_app.core.features.vectors import Features
from desktop_app.core.foundation.errors import Cancelled, ModelError
from desktop_app.core.images.decoding.reading import AS_STORED, PixelReading
from desktop_app.core.library.store import Library
from desktop_app.core.networks.efficientnet_lite import FEATURES


class Compute:
    """Stands for the network: features are the picture's first value."""

    def __init__(self):
        self.made = 0
        self.pictures = 0

    def make(self):
        self.made += 1

        def compute(pixels):
            self.pictures += len(pixels)
            return np.repeat(pixels[:, 0, 0, :1].astype(np.float32), FEATURES, axis=1)

        return compute


@pytest.fixture
def grey(tmp_path):
    """Make pictures of one grey each."""

    def make(*values):
        paths = []
        for value in values:
            path = tmp_path / f"{value}.png"
            Image.new("RGB", (40, 30), (value,) * 3).save(path)
            paths.append(path)
        return paths

    return make


def test_rows_have_the_order_of_the_paths(grey):
    paths = grey(*range(1, 80))
    found = features_of(paths, make_compute=Compute().make, make_executor=ThreadPoolExecutor)
    assert found.vectors[:, 0].tolist() == list(range(1, 80))
    assert found.good.all()
    assert found.paths == tuple(paths)


def test_an_unreadable_picture_is_named_and_the_others_are_done(grey, tmp_path):
    broken = tmp_path / "broken.jpg"
    broken.write_text("no picture")
    bad = []
    found = features_of(
        [broken, *grey(7)],
        make_compute=Compute().make,
        on_bad=lambda path, reason: bad.append((path, reason)),
    )
    assert found.good.tolist() == [False, True]
    assert not found.vectors[0].any()
    assert [path for path, _ in bad] == [broken]
    assert bad[0][1].endswith(".")


def test_another_reading_has_features_of_its_own(tmp_path):
    path, cache = tmp_path / "dim.tif", tmp_path / "f.db"
    Image.fromarray(np.full((30, 40), 1000, np.uint16)).save(path)
    dim = PixelReading(black=0, white=10_000)

    def first(reading):
        found = features_of([path], make_compute=Compute().make, cache=cache, reading=reading)
        return found.vectors[0, 0]

    assert [first(AS_STORED), first(dim), first(AS_STORED), first(dim)] == [249, 26, 249, 26]


def test_what_is_known_is_not_computed_again(grey, tmp_path):
    compute, cache = Compute(), tmp_path / "f.db"
    features_of(grey(1, 2), make_compute=compute.make, cache=cache)
    again = features_of(grey(1, 2), make_compute=compute.make, cache=cache)  # written anew: other times
    assert compute.pictures >= 2
    before = compute.made
    known = features_of(again.paths, make_compute=compute.make, cache=cache)
    assert compute.made == before
    assert np.array_equal(known.vectors, again.vectors)


def test_the_end_is_reported_and_a_cancel_keeps_what_is_done(grey, tmp_path):
    paths = grey(*range(1, 100))
    reports = []
    features_of(paths, make_compute=Compute().make, on_progress=lambda *report: reports.append(report))
    assert reports[-1] == (99, 99)

    compute, cache = Compute(), tmp_path / "f.db"

    def check():
        if compute.pictures:
            raise Cancelled

    with pytest.raises(Cancelled):
        features_of(paths, make_compute=compute.make, cache=cache, check=check)
    done = compute.pictures
    features_of(paths, make_compute=compute.make, cache=cache)
    assert compute.pictures == len(paths)
    assert 0 < done < len(paths)


def test_unit_rows_and_selections():
    vectors = np.array([[3, 4], [0, 0], [0, 2]], np.float32)
    features = Features(("a", "b", "c"), vectors, np.array([True, False, True]))
    assert np.allclose(features.unit, [[0.6, 0.8], [0, 0], [0, 1]])
    assert features.usable().paths == ("a", "c")
    assert features.of([2, 0]).vectors.tolist() == [[0, 2], [3, 4]]


def test_a_library_without_the_network_says_so(tmp_path):
    with pytest.raises(ModelError, match="imagenet-small"):
        extractor(Library(tmp_path / "a", tmp_path / "b", tmp_path / "c"))


@pytest.mark.engine
def test_the_network_of_the_box_sees_that_a_picture_and_its_crop_are_alike(tmp_path):
    from desktop_app.core.foundation import paths as places

    samples = places.resources() / "samples"
    with Image.open(samples / "cat.jpg") as cat:
        width, height = cat.size
        cat.crop((width // 10, height // 10, width, height)).save(tmp_path / "crop.png")
    pictures = [samples / "cat.jpg", tmp_path / "crop.png", samples / "rocket.jpg"]
    unit = features_of(pictures, make_compute=partial(extractor, Library.default())).unit
    assert unit[0] @ unit[1] > unit[0] @ unit[2] + 0.2
