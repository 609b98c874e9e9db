import time

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.datasets.examine.duplicates import group_alike, group_exact, join
from desktop_app.core.datasets.examine.picture_facts import look_of
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.errors import Cancelled
from desktop_app.core.images.decoding.decode import read_image
from tests.core.datasets.odd_files import distinct_picture
from tests.core.images.samples import encode


def looks_of(*pictures):
    return np.stack([look_of(np.asarray(picture.convert("RGB"))).reshape(-1) for picture in pictures])


def groups_of(*pictures):
    looks = looks_of(*pictures)
    return group_alike(looks, np.arange(len(looks))).tolist()


def test_equal_files_are_grouped_by_the_first():
    assert group_exact([b"a", b"b", b"a", b"c", b"b"]).tolist() == [0, 1, 0, 3, 1]
    assert group_exact([]).tolist() == []


@pytest.mark.parametrize("number", range(5))
def test_a_picture_that_was_saved_again_looks_the_same(number):
    picture = distinct_picture(number, 240, 320)
    worse = Image.fromarray(read_image(encode(picture, "JPEG", quality=40)))
    brighter = picture.point(lambda value: int(30 + 0.8 * value))

    assert groups_of(picture, distinct_picture(99), worse, picture.resize((100, 75)), brighter) == [
        0,
        1,
        0,
        0,
        0,
    ]


def test_different_pictures_do_not():
    assert groups_of(*(distinct_picture(number) for number in range(300))) == list(range(300))


def test_nothing_is_said_about_pictures_without_contrast():
    flat = [Image.new("L", (20, 20), 100 + shade) for shade in range(5)]

    assert groups_of(*flat) == [0, 1, 2, 3, 4]


def test_a_mirrored_picture_is_another_one():
    picture = distinct_picture(1)

    assert groups_of(picture, picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)) == [0, 1]


def test_groups_of_equal_files_are_joined_as_a_whole():
    looks = looks_of(distinct_picture(2), distinct_picture(1), distinct_picture(2), distinct_picture(1))

    assert group_alike(looks, np.array([0, 1, 2, 1])).tolist() == [0, 1, 0, 1]
    assert group_alike(looks[:0], np.arange(0)).tolist() == []


def test_joining_is_transitive():
    assert join(np.arange(6), np.array([4, 1, 2]), np.array([5, 2, 4])).tolist() == [0, 1, 1, 3, 1, 1]


def test_many_pictures_that_are_all_alike_do_not_take_quadratic_time():
    looks = np.repeat(looks_of(distinct_picture(1)), 20_000, axis=0)
    started = time.process_time()

    assert not group_alike(looks, np.arange(len(looks))).any()
    assert time.process_time() - started < 10


def test_all_pairs_within_the_bits_are_found(monkeypatch):
    monkeypatch.setattr("desktop_app.core.datasets.examine.duplicates.MOST_DIFFERENCE", 10.0)
    random = np.random.default_rng(0)
    base = random.permuted(np.tile(np.arange(0, 243, 3, dtype=np.uint8), (200, 1)), axis=1)
    changed = base.copy()
    changed[:, 40], changed[:, 0] = base[:, 41], base[:, 1]  # a few bits each
    looks = np.concatenate([base, changed])

    groups = group_alike(looks, np.arange(400))

    assert (groups[200:] == np.arange(200)).all()


def test_cancel():
    source = CancelSource()
    source.cancel()

    with pytest.raises(Cancelled):
        group_alike(looks_of(distinct_picture(1), distinct_picture(2)), np.arange(2), source.token)
