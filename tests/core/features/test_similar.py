"""Pictures by their likeness to one."""

from __future__ import annotations

import pytest

from desktop_app.core.features.extract import cache_file
from desktop_app.core.features.similar import find_similar
from desktop_app.core.foundation.errors import UnreadableImage
from tests.core.features.fake_compute import colour_of, make_compute, make_pictures


@pytest.fixture
def pictures(tmp_path):
    return make_pictures(tmp_path / "pictures")


def test_its_like_come_first_and_it_is_left_out(pictures):
    found = find_similar(pictures[4], pictures, make_compute=make_compute)
    assert [colour_of(path) for path in found.paths[:5]] == [colour_of(pictures[4])] * 5
    assert pictures[4] not in found.paths
    assert len(found.paths) == len(pictures) - 1
    assert list(found.cosines) == sorted(found.cosines, reverse=True)


def test_only_some_are_returned(pictures):
    assert len(find_similar(pictures[0], pictures, make_compute=make_compute, top=2).paths) == 2


def test_a_picture_from_elsewhere_can_be_compared(pictures, tmp_path):
    other = make_pictures(tmp_path / "other", 1)[1]
    found = find_similar(other, pictures, make_compute=make_compute)
    assert len(found.paths) == len(pictures)
    assert colour_of(found.paths[0]) == colour_of(other)


def test_unreadable_ones_are_counted(pictures):
    pictures[3].write_bytes(b"no picture")
    found = find_similar(pictures[0], pictures, make_compute=make_compute)
    assert found.unreadable == 1
    assert pictures[3] not in found.paths


def test_an_unreadable_picture_is_like_nothing(pictures):
    pictures[0].write_bytes(b"no picture")
    with pytest.raises(UnreadableImage):
        find_similar(pictures[0], pictures, make_compute=make_compute)


def test_the_second_time_nothing_is_computed(pictures):
    find_similar(pictures[0], pictures, make_compute=make_compute)
    assert cache_file().is_file()

    def make_nothing():
        pytest.fail("All features are known.")

    found = find_similar(pictures[1], pictures, make_compute=make_nothing)
    assert len(found.paths) == len(pictures) - 1
