"""An unsorted folder as groups."""

from __future__ import annotations

import pytest

from desktop_app.core.features.grouping import group_pictures
from desktop_app.core.foundation.errors import Cancelled, SightlineError
from tests.core.features.fake_compute import colour_of, make_compute, make_pictures


@pytest.fixture
def pictures(tmp_path):
    return make_pictures(tmp_path / "pictures", 12)


def make_naming():
    return lambda means: [("red", "green", "blue")[int(mean[:3].argmax())] for mean in means]


def test_groups_are_of_one_kind_and_named(pictures):
    found = group_pictures(pictures, make_compute=make_compute, make_naming=make_naming)
    assert len(found.groups) >= 3
    assert all({colour_of(path) for path in group.paths} == {group.label} for group in found.groups)
    listed = [path for group in found.groups for path in group.paths] + list(found.rest)
    assert sorted(listed) == sorted(pictures)


def test_unreadable_ones_are_told_apart(pictures):
    pictures[5].write_bytes(b"no picture")
    found = group_pictures(pictures, make_compute=make_compute)
    assert found.unreadable == (pictures[5],)
    assert all(not group.label for group in found.groups)


def test_a_folder_of_unreadable_ones_is_an_error(tmp_path):
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    with pytest.raises(SightlineError, match="None of these"):
        group_pictures([bad], make_compute=make_compute)


def test_it_can_be_cancelled(pictures):
    def check():
        raise Cancelled

    with pytest.raises(Cancelled):
        group_pictures(pictures, make_compute=make_compute, check=check)
